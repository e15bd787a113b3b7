import { isEqualJson, type PortalSnapshot } from '../core'
import type { ListPatch, PatchMessage, SnapshotMessage } from '../portal'

/** Returns the shorter of a patch from `before` to `next` and a new snapshot; `undefined` if nothing has changed. */
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

export function toSnapshotMessage(snapshot: PortalSnapshot): SnapshotMessage {
  return { type: 'snapshot', ...snapshot }
}

/** A patch of at most this many items is always sent as a patch. */
const shortPatchItemsMax = 64

function isLongerThanSnapshot({ awaiting, chats, visitors }: PortalSnapshot, patches: readonly AnyPatch[]): boolean {
  const patchedItems = patches.reduce(
    (sum, patch) => sum + (patch?.removed.length ?? 0) + (patch?.inserted.length ?? 0),
    0,
  )
  return patchedItems > Math.max(shortPatchItemsMax, awaiting.length + chats.length + visitors.length)
}

type AnyPatch = ListPatch<unknown> | undefined

const requestIdOf = ({ requestId }: { readonly requestId: string }) => requestId

/**
 * Returns the patch from `before` to `next`; `undefined` if they are equal. Unchanged items that keep their order are
 * not part of it.
 */
export function diffList<Item>(
  before: readonly Item[],
  next: readonly Item[],
  idOf: (item: Item) => string,
): ListPatch<Item> | undefined {
  const head = commonPrefixLength(before, next)
  const tail = commonSuffixLength(before, next, head)
  const [oldItems, newItems] = [before.slice(head, before.length - tail), next.slice(head, next.length - tail)]
  if (oldItems.length + newItems.length === 0) return undefined
  const oldIndexes = new Map(oldItems.map((item, index) => [idOf(item), index]))
  const keptIds = new Set<string>()
  const inserted: [number, Item][] = []
  let lastKeptIndex = -1
  for (const [index, item] of newItems.entries()) {
    const oldIndex = oldIndexes.get(idOf(item)) ?? -1
    if (oldIndex > lastKeptIndex && isEqualJson(oldItems[oldIndex], item)) {
      keptIds.add(idOf(item))
      lastKeptIndex = oldIndex
    } else inserted.push([head + index, item])
  }
  return { removed: [...oldIndexes.keys()].filter((id) => !keptIds.has(id)), inserted }
}

function commonPrefixLength(a: readonly unknown[], b: readonly unknown[]): number {
  const most = Math.min(a.length, b.length)
  let count = 0
  while (count < most && isEqualJson(a[count], b[count])) count += 1
  return count
}

function commonSuffixLength(a: readonly unknown[], b: readonly unknown[], head: number): number {
  const most = Math.min(a.length, b.length) - head
  let count = 0
  while (count < most && isEqualJson(a[a.length - 1 - count], b[b.length - 1 - count])) count += 1
  return count
}
