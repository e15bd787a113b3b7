/** How far a list is scrolled, and how tall the part of it is that one sees. */
export interface ListPlace {
  readonly scrollTop: number
  readonly viewHeight: number
}

export interface ListWindow<Item> {
  readonly items: readonly Item[]
  /** Empty room above and below, in pixels. */
  readonly beforePx: number
  readonly afterPx: number
}

const spare = 6

/** The rows that are seen, and some more: a list of a thousand rows costs no more than one of twenty. */
export function listWindow<Item>(list: readonly Item[], rowPx: number, place: ListPlace): ListWindow<Item> {
  const rowsSeen = Math.ceil(place.viewHeight / rowPx)
  const lastFirst = Math.max(0, list.length - rowsSeen)
  const first = Math.max(0, Math.min(Math.floor(place.scrollTop / rowPx), lastFirst) - spare)
  const items = list.slice(first, first + rowsSeen + 2 * spare)
  return { items, beforePx: first * rowPx, afterPx: (list.length - first - items.length) * rowPx }
}

/** Where to scroll so that a row is seen whole. */
export function scrolledTo(index: number, rowPx: number, { scrollTop, viewHeight }: ListPlace): number {
  const top = index * rowPx
  if (top < scrollTop) return top
  return Math.max(scrollTop, top + rowPx - viewHeight)
}
