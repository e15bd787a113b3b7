import type { ListPatch } from '../portal'

/**
 * What makes `next` of the list that was sent before; `undefined` when nothing has to be done. Items that stay as they
 * are, in the same order among themselves, are not named.
 */
export function listPatch<Item>(
  before: readonly Item[],
  next: readonly Item[],
  idOf: (item: Item) => string,
): ListPatch<Item> | undefined {
  const head = sameAtBegin(before, next)
  const tail = sameAtEnd(before, next, head)
  const [old, fresh] = [before.slice(head, before.length - tail), next.slice(head, next.length - tail)]
  if (old.length + fresh.length === 0) return undefined
  const places = new Map(old.map((item, place) => [idOf(item), place]))
  const kept = new Set<string>()
  const put: [number, Item][] = []
  let reached = -1
  for (const [index, item] of fresh.entries()) {
    const place = places.get(idOf(item)) ?? -1
    if (place > reached && isSame(old[place], item)) {
      kept.add(idOf(item))
      reached = place
    } else put.push([head + index, item])
  }
  return { out: [...places.keys()].filter((id) => !kept.has(id)), put }
}

function sameAtBegin(a: readonly unknown[], b: readonly unknown[]): number {
  const most = Math.min(a.length, b.length)
  let count = 0
  while (count < most && isSame(a[count], b[count])) count += 1
  return count
}

function sameAtEnd(a: readonly unknown[], b: readonly unknown[], head: number): number {
  const most = Math.min(a.length, b.length) - head
  let count = 0
  while (count < most && isSame(a[a.length - 1 - count], b[b.length - 1 - count])) count += 1
  return count
}

/** Of plain JSON. What the desk has not changed, such as facts, it shows as the same object each time. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  let more = 0
  for (const key in a) {
    if (!isSame(a[key as never], b[key as never])) return false
    more += 1
  }
  for (const _ in b) more -= 1
  return more === 0
}
