/** How far a list is scrolled, and the height of its visible part. */
export interface ScrollPosition {
  readonly scrollTop: number
  readonly viewHeight: number
}

export interface ListWindow<Item> {
  readonly items: readonly Item[]
  /** Height of the rows left out above and below, in pixels. */
  readonly beforePx: number
  readonly afterPx: number
}

const overscanRows = 6

/** Returns the visible rows and a few more: a list of a thousand rows costs no more than one of twenty. */
export function listWindow<Item>(list: readonly Item[], rowPx: number, scroll: ScrollPosition): ListWindow<Item> {
  const visibleRows = Math.ceil(scroll.viewHeight / rowPx)
  const lastFirst = Math.max(0, list.length - visibleRows)
  const first = Math.max(0, Math.min(Math.floor(scroll.scrollTop / rowPx), lastFirst) - overscanRows)
  const items = list.slice(first, first + visibleRows + 2 * overscanRows)
  return { items, beforePx: first * rowPx, afterPx: (list.length - first - items.length) * rowPx }
}

/** Returns the scroll position at which a row is completely visible. */
export function scrolledTo(index: number, rowPx: number, { scrollTop, viewHeight }: ScrollPosition): number {
  const top = index * rowPx
  if (top < scrollTop) return top
  return Math.max(scrollTop, top + rowPx - viewHeight)
}
