/** Keys that change a closed select at once. */
const changing = ['ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']

/**
 * For a select that acts as soon as something is chosen: keys open its list instead of choosing the next in it, so that
 * nothing is done on the way to what was meant.
 */
export function openSelectByKey(event: KeyboardEvent): void {
  const isLetter = event.key.length === 1 && event.key !== ' '
  if (event.ctrlKey || event.metaKey || event.altKey || !(isLetter || changing.includes(event.key))) return
  event.preventDefault()
  const select = event.currentTarget as HTMLSelectElement
  select.showPicker()
}
