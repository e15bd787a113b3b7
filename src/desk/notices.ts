import type { DeskState, DomainEvent, Edge, RingEdge, VisitorEdge } from '../core'
import { requestView } from '../core'
import type { Announcer } from './announcer'
import type { DeskEvents } from './desk-events'
import { frozen } from './frozen'

/**
 * What one batch changed, gathered while it is folded and told afterwards; at once, where one event is all of it. What
 * nobody listens to is never made.
 */
export class Notices {
  readonly #announcer: Announcer
  readonly #version: number
  readonly #held: Held[] | null

  constructor(announcer: Announcer, version: number, isHeld: boolean) {
    this.#announcer = announcer
    this.#version = version
    this.#held = isHeld ? [] : null
  }

  /** Right after `event` was folded into `state`, so that a ring shows its request as it was then. */
  add(state: DeskState, event: DomainEvent, edges: readonly Edge[]): void {
    if (this.#announcer.hearsDomainEvents) this.#addDomainEvent(event)
    for (const edge of edges) if (this.#announcer.hears(edge.type)) this.#addEdge(state, edge, event.at)
  }

  /** Only those who stand elsewhere in the queue than before, all of one change at once. */
  addMoves(changes: DeskEvents['position.changed']['changes'], at: number): void {
    if (changes.length > 0) this.#hold('position.changed', { changes, version: this.#version, at })
  }

  tell(): void {
    if (this.#held === null) return
    for (const { type, notice } of this.#held) this.#announcer.tell(type, notice as never)
  }

  #addDomainEvent(event: DomainEvent): void {
    if (this.#announcer.hears(event.type)) this.#hold(event.type, event as never)
    if (this.#announcer.hears('event')) this.#hold('event', event)
  }

  #addEdge(state: DeskState, edge: Edge, at: number): void {
    const version = this.#version
    switch (edge.type) {
      case 'ring':
        return this.#addRing(state, edge, at)
      case 'stop': {
        const { requestId, staffIds, reason, by } = edge
        return this.#hold('stop', { requestId, staffIds, reason, by, version, at })
      }
      case 'visitor':
        return this.#addVisitor(state, edge, at)
      default:
        return edge satisfies never
    }
  }

  #addRing(state: DeskState, { requestId, staffIds }: RingEdge, at: number): void {
    const request = requestView(state, requestId)
    if (request === undefined) return
    const { step, tone } = request
    this.#hold('ring', { requestId, staffIds, request, tone, step, version: this.#version, at })
  }

  #addVisitor(state: DeskState, { visitorId, staffIds }: VisitorEdge, at: number): void {
    const known = state.visitors.get(visitorId)
    const visitor = { visitorId, facts: known?.facts ?? {}, arrivedAt: known?.arrivedAt ?? at }
    this.#hold('visitor', { visitorId, staffIds, visitor, version: this.#version, at })
  }

  #hold<Type extends keyof DeskEvents>(type: Type, notice: DeskEvents[Type]): void {
    if (this.#held === null) this.#announcer.tell(type, frozen(notice) as never)
    else this.#held.push({ type, notice: frozen(notice) })
  }
}

interface Held {
  readonly type: keyof DeskEvents
  readonly notice: DeskEvents[keyof DeskEvents]
}
