import type { AwaitingItem, PortalSnapshot, RequestView } from 'frontbell'

export type Filter = 'ringing' | 'awaiting' | 'chats' | 'visitors'

/** What the right panel shows: a request to accept, a chat, one that has just been closed, or nothing. */
export type SelectedItem =
  | { readonly kind: 'awaiting'; readonly item: AwaitingItem; readonly request: RequestView }
  | { readonly kind: 'chat'; readonly request: RequestView }
  | { readonly kind: 'request-closed'; readonly request: RequestView; readonly wasChat: boolean }
  | null

type Screen = Pick<PortalSnapshot, 'awaiting' | 'chats'>

/**
 * The selected request. If another staff member or the visitor removes it, the panel says so before it shows the next
 * one: a click meant for one request must not hit the next.
 */
export class Selection {
  filter: Filter = 'ringing'
  selected: SelectedItem = null
  #pickedId: string | null = null
  /** The request that a command of this staff member is about to remove. */
  #removingId: string | null = null

  pick(requestId: string | null, filter = this.filter): void {
    this.filter = filter
    this.#pickedId = requestId
    this.selected = null
  }

  /** Marks the request that a command of this staff member removes; `null`: none. */
  expectRemoval(requestId: string | null): void {
    this.#removingId = requestId
  }

  /** Applies the current state of the screen. Returns whether the selected request has just been closed. */
  update(screen: Screen): boolean {
    const { selected } = this
    if (selected?.kind === 'request-closed') return false
    const requestId = selected?.request.requestId
    const isClosed = selected !== null && requestId !== this.#removingId && !contains(screen, requestId)
    this.selected = isClosed
      ? { kind: 'request-closed', request: selected.request, wasChat: selected.kind === 'chat' }
      : this.#findSelected(screen)
    return isClosed
  }

  /** Returns the picked request if the screen has it, otherwise the first of the current list. */
  #findSelected({ awaiting, chats }: Screen): SelectedItem {
    const isPicked = ({ requestId }: { readonly requestId: string }) => requestId === this.#pickedId
    const chat = chats.find(isPicked)
    if (chat !== undefined) return { kind: 'chat', request: chat }
    if (this.filter === 'chats') {
      const [first] = chats
      return first === undefined ? null : { kind: 'chat', request: first }
    }
    const item = awaiting.find(isPicked) ?? filterAwaiting(awaiting, this.filter)[0]
    return item === undefined ? null : { kind: 'awaiting', item, request: item.request }
  }
}

function contains({ awaiting, chats }: Screen, id: string | undefined): boolean {
  return [...awaiting, ...chats].some(({ requestId }) => requestId === id)
}

/** Returns the ringing requests under `ringing`, and the others under `awaiting`. */
export function filterAwaiting(awaiting: readonly AwaitingItem[], filter: Filter): readonly AwaitingItem[] {
  if (filter === 'ringing') return awaiting.filter(({ reason }) => reason === 'ringing')
  return filter === 'awaiting' ? awaiting.filter(({ reason }) => reason !== 'ringing') : []
}
