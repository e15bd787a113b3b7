import type { ListPatch } from '../portal'

/** Items of a list as they were sent: id to text. The order of the map is the order of the list. */
export type SentList = ReadonlyMap<string, string>

export function sentList<Item>(list: readonly Item[], idOf: (item: Item) => string): SentList {
  return new Map(list.map((item) => [idOf(item), JSON.stringify(item)]))
}

/**
 * What makes `next` of what was sent before; `undefined` when nothing has to be done. Items that stay as they are, in
 * the same order among themselves, are not named.
 */
export function listPatch<Item>(
  before: SentList,
  next: readonly Item[],
  idOf: (item: Item) => string,
): { readonly patch: ListPatch<Item> | undefined; readonly sent: SentList } {
  const sent = sentList(next, idOf)
  const placeBefore = new Map([...before.keys()].map((id, place) => [id, place]))
  const kept = new Set<string>()
  const put: [number, Item][] = []
  let reached = -1
  for (const [index, item] of next.entries()) {
    const id = idOf(item)
    const place = placeBefore.get(id) ?? -1
    if (place > reached && before.get(id) === sent.get(id)) {
      kept.add(id)
      reached = place
    } else put.push([index, item])
  }
  const out = [...before.keys()].filter((id) => !kept.has(id))
  return { patch: out.length + put.length === 0 ? undefined : { out, put }, sent }
}
