/**
 * For an area with buttons: the second click of a double click does nothing. The button that the first one hit may have
 * been replaced by then.
 */
export const ignoreDoubleClick = {
  capture: true,
  handleEvent(event: MouseEvent): void {
    if (event.detail > 1) event.stopPropagation()
  },
}
