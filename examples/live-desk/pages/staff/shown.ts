import type { AwaitingItem, PortalSnapshot, RequestView } from 'frontbell'

export type Filter = 'ringing' | 'awaiting' | 'chats' | 'visitors'

/** What the right panel is about: something to start, a chat, what was there a moment ago, or nothing. */
export type Shown =
  | { readonly kind: 'awaiting'; readonly item: AwaitingItem; readonly request: RequestView }
  | { readonly kind: 'chat'; readonly request: RequestView }
  | { readonly kind: 'gone'; readonly request: RequestView; readonly wasChat: boolean }
  | null

type Screen = Pick<PortalSnapshot, 'awaiting' | 'chats'>

/**
 * What is looked at. What goes away by somebody else's doing is said to be gone before anything takes its place: the
 * hand that was on its way to one request must not meet the next.
 */
export class Looking {
  filter: Filter = 'ringing'
  shown: Shown = null
  #pickedId: string | null = null
  /** The request that this person is about to give away, end or pass on. */
  #leavingId: string | null = null

  pick(requestId: string | null, filter = this.filter): void {
    this.filter = filter
    this.#pickedId = requestId
    this.shown = null
  }

  /** From now on it goes away by this person's own doing, until `null` is told. */
  leave(requestId: string | null): void {
    this.#leavingId = requestId
  }

  /** Looks at the screen as it is now. Returns whether what was shown has just gone. */
  follow(screen: Screen): boolean {
    const { shown } = this
    if (shown?.kind === 'gone') return false
    const requestId = shown?.request.requestId
    const isGone = shown !== null && requestId !== this.#leavingId && !isOn(screen, requestId)
    this.shown = isGone ? { kind: 'gone', request: shown.request, wasChat: shown.kind === 'chat' } : this.#found(screen)
    return isGone
  }

  /** The picked request while it is on this screen; otherwise the first of the list that is looked at. */
  #found({ awaiting, chats }: Screen): Shown {
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
  if (filter === 'ringing') return awaiting.filter(({ why }) => why === 'ringing')
  return filter === 'awaiting' ? awaiting.filter(({ why }) => why !== 'ringing') : []
}
