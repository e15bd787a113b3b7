import type { AwaitingItem, RequestView } from 'frontbell'
import type { Filter, PortalSession } from './portal-session'

/** What the right panel is about: something to start, a chat, or nothing. */
export type Shown =
  | { readonly kind: 'awaiting'; readonly item: AwaitingItem; readonly request: RequestView }
  | { readonly kind: 'chat'; readonly request: RequestView }
  | null

/** The picked request while it is on this screen; otherwise the first of the list that is looked at. */
export function shownIn(session: PortalSession): Shown {
  const { awaiting, chats } = session.portal.getSnapshot()
  const { selectedId, filter } = session
  const chat = chats.find(({ requestId }) => requestId === selectedId)
  if (chat !== undefined) return { kind: 'chat', request: chat }
  const item = awaiting.find(({ requestId }) => requestId === selectedId) ?? listed(awaiting, filter)[0]
  if (item !== undefined && filter !== 'chats') return { kind: 'awaiting', item, request: item.request }
  const [first] = filter === 'chats' ? chats : []
  return first === undefined ? null : { kind: 'chat', request: first }
}

/** What rings stands under Ringing, what else may be started under Awaiting. */
export function listed(awaiting: readonly AwaitingItem[], filter: Filter): readonly AwaitingItem[] {
  if (filter === 'ringing') return awaiting.filter(({ why }) => why === 'ringing')
  return filter === 'awaiting' ? awaiting.filter(({ why }) => why !== 'ringing') : []
}
