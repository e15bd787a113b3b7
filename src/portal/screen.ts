import type { Availability, AwaitingItem, RequestView, VisitorView } from '../core'
import type { ListPatch, PatchMessage } from './message'

/** What the server says is on somebody's screen, at one version. What rings is what awaits because it rings. */
export interface Screen {
  readonly version: number
  readonly at: number
  readonly availability: Availability
  readonly awaiting: readonly AwaitingItem[]
  readonly chats: readonly RequestView[]
  readonly visitors: readonly VisitorView[]
}

/** The screen after a patch that applies to it. */
export function patched(screen: Screen, patch: PatchMessage): Screen {
  return {
    version: patch.version,
    at: patch.at,
    availability: patch.availability ?? screen.availability,
    awaiting: patchedList(screen.awaiting, requestIdOf, patch.awaiting),
    chats: patchedList(screen.chats, requestIdOf, patch.chats),
    visitors: patchedList(screen.visitors, ({ visitorId }) => visitorId, patch.visitors),
  }
}

function patchedList<Item>(
  list: readonly Item[],
  idOf: (item: Item) => string,
  patch: ListPatch<Item> | undefined,
): readonly Item[] {
  if (patch === undefined) return list
  const out = new Set(patch.out)
  const next = list.filter((item) => !out.has(idOf(item)))
  for (const [index, item] of patch.put) next.splice(index, 0, item)
  return next
}

const requestIdOf = ({ requestId }: { readonly requestId: string }) => requestId
