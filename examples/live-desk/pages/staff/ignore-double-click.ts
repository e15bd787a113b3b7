/**
 * For the place where buttons stand: the second click of a double click does nothing. It is meant for what the first
 * one hit, and something else may stand there by now.
 */
export const ignoreDoubleClick = {
  capture: true,
  handleEvent(event: MouseEvent): void {
    if (event.detail > 1) event.stopPropagation()
  },
}
