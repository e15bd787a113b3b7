/** Keys that change the value of a closed select. */
const changing = ['ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']

/**
 * For a select that acts on every change: keys open its list instead of choosing the next option, so that no option is
 * executed on the way to the wanted one.
 */
export function openSelectByKey(event: KeyboardEvent): void {
  const isLetter = event.key.length === 1 && event.key !== ' '
  if (event.ctrlKey || event.metaKey || event.altKey || !(isLetter || changing.includes(event.key))) return
  event.preventDefault()
  const select = event.currentTarget as HTMLSelectElement
  select.showPicker()
}
