import type { AwaitingItem, PortalSnapshot, RequestView } from 'frontbell'

export type Filter = 'ringing' | 'awaiting' | 'chats' | 'visitors'

/** What the right panel is about: something to start, a chat, what was there a moment ago, or nothing. */
export type SelectedItem =
  | { readonly kind: 'awaiting'; readonly item: AwaitingItem; readonly request: RequestView }
  | { readonly kind: 'chat'; readonly request: RequestView }
  | { readonly kind: 'request-closed'; readonly request: RequestView; readonly wasChat: boolean }
  | null

type Screen = Pick<PortalSnapshot, 'awaiting' | 'chats'>

/**
 * What is looked at. What goes away by somebody else's doing is said to be gone before anything takes its place: the
 * hand that was on its way to one request must not meet the next.
 */
export class Selection {
  filter: Filter = 'ringing'
  selected: SelectedItem = null
  #pickedId: string | null = null
  /** The request that this person is about to give away, end or pass on. */
  #leavingId: string | null = null

  pick(requestId: string | null, filter = this.filter): void {
    this.filter = filter
    this.#pickedId = requestId
    this.selected = null
  }

  /** From now on it goes away by this person's own doing, until `null` is told. */
  leave(requestId: string | null): void {
    this.#leavingId = requestId
  }

  /** Looks at the screen as it is now. Returns whether what was shown has just gone. */
  follow(screen: Screen): boolean {
    const { selected } = this
    if (selected?.kind === 'request-closed') return false
    const requestId = selected?.request.requestId
    const isGone = selected !== null && requestId !== this.#leavingId && !isOn(screen, requestId)
    this.selected = isGone
      ? { kind: 'request-closed', request: selected.request, wasChat: selected.kind === 'chat' }
      : this.#found(screen)
    return isGone
  }

  /** The picked request while it is on this screen; otherwise the first of the list that is looked at. */
  #found({ awaiting, chats }: Screen): SelectedItem {
    const isPicked = ({ requestId }: { readonly requestId: string }) => requestId === this.#pickedId
    const chat = chats.find(isPicked)
    if (chat !== undefined) return { kind: 'chat', request: chat }
    if (this.filter === 'chats') {
      const [first] = chats
      return first === undefined ? null : { kind: 'chat', request: first }
    }
    const item = awaiting.find(isPicked) ?? listed(awaiting, this.filter)[0]
    return item === undefined ? null : { kind: 'awaiting', item, request: item.request }
  }
}

function isOn({ awaiting, chats }: Screen, id: string | undefined): boolean {
  return [...awaiting, ...chats].some(({ requestId }) => requestId === id)
}

/** What rings stands under Ringing, what else may be started under Awaiting. */
export function listed(awaiting: readonly AwaitingItem[], filter: Filter): readonly AwaitingItem[] {
  if (filter === 'ringing') return awaiting.filter(({ reason }) => reason === 'ringing')
  return filter === 'awaiting' ? awaiting.filter(({ reason }) => reason !== 'ringing') : []
}
