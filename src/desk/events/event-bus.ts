import { EventEmitter } from 'eventemitter3'
import type { DeskState, DomainEvent, Edge, RingEdge, VisitorEdge } from '../../core'
import { DeskError, requestView } from '../../core'
import { devFreeze } from '../runtime/dev-freeze'
import type { DeskEvents, DeskEventType } from './desk-events'
import { isDomainEventType } from './desk-events'

export type DeskListener<Type extends DeskEventType> = (notice: DeskEvents[Type]) => unknown

/**
 * Tells listeners, each of them guarded: what one throws, or rejects with, goes to `error` and stops no other. The
 * emitter is owned and never handed out, so that nobody else can forge a `ring`.
 */
export class EventBus {
  readonly #emitter = new EventEmitter<string>()
  #heard: ReadonlySet<string> = new Set()
  /** Asked at every command, and so kept. */
  #hearsDomainEvents = false
  #hearsCommands = false
  #hearsMoves = false

  on<Type extends DeskEventType>(type: Type, listener: DeskListener<Type>): () => void {
    let hasLeft = false
    const guarded = (notice: DeskEvents[Type]) => {
      if (hasLeft) return // another listener of the same notice has sent it away
      try {
        const pending = listener(notice)
        if (isThenable(pending)) pending.then(undefined, (cause: unknown) => this.#failed(type, cause))
      } catch (cause) {
        this.#failed(type, cause)
      }
    }
    this.#emitter.on(type, guarded)
    this.#listen()
    return () => {
      hasLeft = true
      this.#emitter.off(type, guarded)
      this.#listen()
    }
  }

  /** Whether telling would be heard; spares making what nobody listens to. */
  hasListeners(type: DeskEventType): boolean {
    return this.#heard.has(type)
  }

  /** Whether any domain event would be heard, under its own type or under all of them. */
  get hasDomainEventListeners(): boolean {
    return this.#hearsDomainEvents
  }

  get hasCommandListeners(): boolean {
    return this.#hearsCommands
  }

  get hasPositionListeners(): boolean {
    return this.#hearsMoves
  }

  emit<Type extends DeskEventType>(type: Type, notice: DeskEvents[Type]): void {
    const isHeard = this.#emitter.emit(type, notice)
    if (type === 'error' && !isHeard) console.error(notice)
  }

  removeAllListeners(): void {
    this.#emitter.removeAllListeners()
    this.#listen()
  }

  #listen(): void {
    this.#heard = new Set(this.#emitter.eventNames() as string[])
    this.#hearsDomainEvents = [...this.#heard].some((type) => type === 'event' || isDomainEventType(type))
    this.#hearsCommands = this.hasListeners('command')
    this.#hearsMoves = this.hasListeners('position.changed')
  }

  /** A listener of `error` that fails has nobody left to tell but the console. */
  #failed(type: DeskEventType, cause: unknown): void {
    const error = new DeskError('listener-failed', `a listener of '${type}' failed: ${errorMessageOf(cause)}`, cause)
    if (type === 'error') console.error(error)
    else this.emit('error', error)
  }
}

function errorMessageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function'
}

/**
 * What one batch changed, gathered while it is folded and told afterwards; at once, where one event is all of it. What
 * nobody listens to is never made.
 */
export class NotificationBatch {
  readonly #announcer: EventBus
  readonly #version: number
  readonly #held: PendingNotification[] | null

  constructor(announcer: EventBus, version: number, isHeld: boolean) {
    this.#announcer = announcer
    this.#version = version
    this.#held = isHeld ? [] : null
  }

  /** Right after `event` was folded into `state`, so that a ring shows its request as it was then. */
  addEvent(state: DeskState, event: DomainEvent, edges: readonly Edge[]): void {
    if (this.#announcer.hasDomainEventListeners) this.#addDomainEvent(event)
    for (const edge of edges) if (this.#announcer.hasListeners(edge.type)) this.#addEdge(state, edge, event.at)
  }

  /** Only those who stand elsewhere in the queue than before, all of one change at once. */
  addPositionChanges(changes: DeskEvents['position.changed']['changes'], at: number): void {
    if (changes.length > 0) this.#hold('position.changed', { changes, version: this.#version, at })
  }

  flush(): void {
    if (this.#held === null) return
    for (const { type, notification } of this.#held) this.#announcer.emit(type, notification as never)
  }

  #addDomainEvent(event: DomainEvent): void {
    if (this.#announcer.hasListeners(event.type)) this.#hold(event.type, event as never)
    if (this.#announcer.hasListeners('event')) this.#hold('event', event)
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
    if (this.#held === null) this.#announcer.emit(type, devFreeze(notice) as never)
    else this.#held.push({ type, notification: devFreeze(notice) })
  }
}

interface PendingNotification {
  readonly type: keyof DeskEvents
  readonly notification: DeskEvents[keyof DeskEvents]
}
