import type { ListPatch } from '../portal'

/** Items of a list as they were sent, by their ids. The order of the map is the order of the list. */
export type SentList<Item> = ReadonlyMap<string, Item>

export function sentList<Item>(list: readonly Item[], idOf: (item: Item) => string): SentList<Item> {
  return new Map(list.map((item) => [idOf(item), item]))
}

/**
 * What makes `next` of what was sent before; `undefined` when nothing has to be done. Items that stay as they are, in
 * the same order among themselves, are not named.
 */
export function listPatch<Item>(
  before: SentList<Item>,
  next: readonly Item[],
  idOf: (item: Item) => string,
): { readonly patch: ListPatch<Item> | undefined; readonly sent: SentList<Item> } {
  const placeBefore = new Map([...before.keys()].map((id, place) => [id, place]))
  const kept = new Set<string>()
  const put: [number, Item][] = []
  let reached = -1
  for (const [index, item] of next.entries()) {
    const id = idOf(item)
    const place = placeBefore.get(id) ?? -1
    if (place > reached && isSame(before.get(id), item)) {
      kept.add(id)
      reached = place
    } else put.push([index, item])
  }
  const out = [...before.keys()].filter((id) => !kept.has(id))
  return { patch: out.length + put.length === 0 ? undefined : { out, put }, sent: sentList(next, idOf) }
}

/** Of plain JSON. What the desk has not changed, such as facts, it shows as the same object each time. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => isSame(a[key as never], b[key as never]))
}
