import type { PortalSnapshot } from '../core'
import type { ListPatch, PatchMessage, SnapshotMessage } from '../portal'

/** The next screen as what has changed since the one before, or anew where that is shorter; `undefined`: no change. */
export function diffSnapshot(before: PortalSnapshot, next: PortalSnapshot): PatchMessage | SnapshotMessage | undefined {
  const { version, at, availability } = next
  const awaiting = diffList(before.awaiting, next.awaiting, requestIdOf)
  const chats = diffList(before.chats, next.chats, requestIdOf)
  const visitors = diffList(before.visitors, next.visitors, ({ visitorId }) => visitorId)
  const changes = {
    ...(availability === before.availability ? {} : { availability }),
    ...(awaiting === undefined ? {} : { awaiting }),
    ...(chats === undefined ? {} : { chats }),
    ...(visitors === undefined ? {} : { visitors }),
  }
  if (Object.keys(changes).length === 0) return undefined
  if (isLongerThanSnapshot(next, [awaiting, chats, visitors])) return toSnapshotMessage(next)
  return { type: 'patch', since: before.version, version, at, ...changes }
}

export function toSnapshotMessage(screen: PortalSnapshot): SnapshotMessage {
  return { type: 'snapshot', ...screen }
}

/** Short patches are sent in any case. */
const shortPatchItemsMax = 64

function isLongerThanSnapshot({ awaiting, chats, visitors }: PortalSnapshot, patches: readonly AnyPatch[]): boolean {
  const named = patches.reduce((sum, patch) => sum + (patch?.removed.length ?? 0) + (patch?.inserted.length ?? 0), 0)
  return named > Math.max(shortPatchItemsMax, awaiting.length + chats.length + visitors.length)
}

type AnyPatch = ListPatch<unknown> | undefined

const requestIdOf = ({ requestId }: { readonly requestId: string }) => requestId

/**
 * What makes `next` of the list that was sent before; `undefined` when nothing has to be done. Items that stay as they
 * are, in the same order among themselves, are not named.
 */
export function diffList<Item>(
  before: readonly Item[],
  next: readonly Item[],
  idOf: (item: Item) => string,
): ListPatch<Item> | undefined {
  const head = commonPrefixLength(before, next)
  const tail = commonSuffixLength(before, next, head)
  const [old, fresh] = [before.slice(head, before.length - tail), next.slice(head, next.length - tail)]
  if (old.length + fresh.length === 0) return undefined
  const places = new Map(old.map((item, place) => [idOf(item), place]))
  const kept = new Set<string>()
  const put: [number, Item][] = []
  let reached = -1
  for (const [index, item] of fresh.entries()) {
    const place = places.get(idOf(item)) ?? -1
    if (place > reached && isDeepEqual(old[place], item)) {
      kept.add(idOf(item))
      reached = place
    } else put.push([head + index, item])
  }
  return { removed: [...places.keys()].filter((id) => !kept.has(id)), inserted: put }
}

function commonPrefixLength(a: readonly unknown[], b: readonly unknown[]): number {
  const most = Math.min(a.length, b.length)
  let count = 0
  while (count < most && isDeepEqual(a[count], b[count])) count += 1
  return count
}

function commonSuffixLength(a: readonly unknown[], b: readonly unknown[], head: number): number {
  const most = Math.min(a.length, b.length) - head
  let count = 0
  while (count < most && isDeepEqual(a[a.length - 1 - count], b[b.length - 1 - count])) count += 1
  return count
}

/** Of plain JSON. What the desk has not changed, such as facts, it shows as the same object each time. */
function isDeepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  let more = 0
  for (const key in a) {
    if (!isDeepEqual(a[key as never], b[key as never])) return false
    more += 1
  }
  for (const _ in b) more -= 1
  return more === 0
}
