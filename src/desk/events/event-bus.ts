import { EventEmitter } from 'eventemitter3'
import {
  DeskError,
  type DeskState,
  type DomainEvent,
  type Edge,
  errorMessageOf,
  type RequestId,
  requestView,
  type VisitorId,
} from '../../core'
import { devFreeze } from '../runtime/dev-freeze'
import type { DeskEvents, DeskEventType, DomainEventNotification } from './desk-events'

/** A function that is called with each notification of a type; it may return a promise. */
export type DeskListener<Type extends DeskEventType> = (notification: DeskEvents[Type]) => unknown

/** Where notifications are emitted: to the listeners, or into a batch. */
export interface NotificationSink {
  /** Whether a notification of this type would reach a listener: otherwise it need not be created. */
  hasListeners(type: DeskEventType): boolean
  emit<Type extends DeskEventType>(type: Type, notification: DeskEvents[Type]): void
}

/**
 * Calls listeners, each of them guarded: what one throws, or rejects with, is emitted as `error` and stops no
 * other listener.
 * The emitter is private, so that no other code can forge a `ring`.
 */
export class EventBus implements NotificationSink {
  readonly #emitter = new EventEmitter<string>()
  /** A cache, since it is read for every command. */
  #listenedTypes: ReadonlySet<string> = new Set()

  /** Returns an unsubscribe function. */
  on<Type extends DeskEventType>(type: Type, listener: DeskListener<Type>): () => void {
    let isActive = true
    const guarded = (notification: DeskEvents[Type]) => {
      if (!isActive) return // another listener of the same notification has unsubscribed it
      try {
        const pending = listener(notification) as PromiseLike<unknown> | null | undefined
        if (typeof pending?.then === 'function') pending.then(undefined, (cause) => this.#emitFailure(type, cause))
      } catch (cause) {
        this.#emitFailure(type, cause)
      }
    }
    this.#emitter.on(type, guarded)
    this.#updateListenedTypes()
    return () => {
      isActive = false
      this.#emitter.off(type, guarded)
      this.#updateListenedTypes()
    }
  }

  hasListeners(type: DeskEventType): boolean {
    return this.#listenedTypes.has(type)
  }

  /** An `error` without a listener is printed to the console. */
  emit<Type extends DeskEventType>(type: Type, notification: DeskEvents[Type]): void {
    const wasReceived = this.#emitter.emit(type, notification)
    if (type === 'error' && !wasReceived) console.error(notification)
  }

  #updateListenedTypes(): void {
    this.#listenedTypes = new Set(this.#emitter.eventNames() as string[])
  }

  /** A listener of `error` that fails is printed to the console, as no other listener is left. */
  #emitFailure(type: DeskEventType, cause: unknown): void {
    const error = new DeskError('listener-failed', `a listener of '${type}' failed: ${errorMessageOf(cause)}`, cause)
    if (type === 'error') console.error(error)
    else this.emit('error', error)
  }
}

/** An event that was just folded into `state`, so that a ring shows its request as it was then. */
export interface FoldedEvent {
  readonly event: DomainEvent
  readonly edges: readonly Edge[]
  readonly state: DeskState
  readonly version: number
  /** Whether this desk wrote the event. */
  readonly isOrigin: boolean
}

/** Emits an event and its edges. A notification without a listener is never created. */
export function emitEvent(sink: NotificationSink, folded: FoldedEvent): void {
  const { event, edges } = folded
  const isOfOwnType = sink.hasListeners(event.type)
  const isOfAny = sink.hasListeners('event')
  if (isOfOwnType || isOfAny) {
    const notification = devFreeze(toEventNotification(folded))
    if (isOfOwnType) sink.emit(event.type, notification as never)
    if (isOfAny) sink.emit('event', notification)
  }
  for (const edge of edges) {
    if (!sink.hasListeners(edge.type)) continue
    const notification = toNotification(edge, folded)
    if (notification !== undefined) sink.emit(edge.type, devFreeze(notification) as never)
  }
}

function toEventNotification(folded: FoldedEvent): DomainEventNotification {
  const { event, isOrigin } = folded
  const visitor = 'requestId' in event ? { visitorId: visitorIdOf(event.requestId, folded) } : null
  return { ...event, ...visitor, isOrigin } as DomainEventNotification
}

/** Returns the visitor of a request that the event is about or affects; an event that closes a request names them. */
function visitorIdOf(requestId: RequestId, { event, state }: FoldedEvent): VisitorId {
  if ('visitorId' in event && 'requestId' in event && event.requestId === requestId) return event.visitorId
  return state.requests.get(requestId)?.visitorId ?? ''
}

type EdgeNotification = DeskEvents[Edge['type']]

function toNotification(edge: Edge, folded: FoldedEvent): EdgeNotification | undefined {
  const { staffIds } = edge
  const { state, version, event, isOrigin } = folded
  const header = { version, at: event.at, isOrigin }
  switch (edge.type) {
    case 'ring': {
      const { requestId } = edge
      const request = requestView(state, requestId)
      if (request === undefined) return undefined
      const { visitorId, tone, step } = request
      return { requestId, visitorId, staffIds, request, tone, step, ...header }
    }
    case 'stop': {
      const { requestId, reason, by } = edge
      return { requestId, visitorId: visitorIdOf(requestId, folded), staffIds, reason, by, ...header }
    }
    case 'visitor': {
      const { visitorId } = edge
      const { facts = {}, arrivedAt = header.at } = state.visitors.get(visitorId) ?? {}
      return { visitorId, staffIds, visitor: { visitorId, facts, arrivedAt }, ...header }
    }
    default:
      return edge satisfies never
  }
}

/** The notifications of an entry of several events: they are emitted when all of its events are folded. */
export class NotificationBatch implements NotificationSink {
  readonly #sink: NotificationSink
  readonly #notifications: { readonly type: DeskEventType; readonly notification: DeskEvents[DeskEventType] }[] = []

  constructor(sink: NotificationSink) {
    this.#sink = sink
  }

  hasListeners(type: DeskEventType): boolean {
    return this.#sink.hasListeners(type)
  }

  emit<Type extends DeskEventType>(type: Type, notification: DeskEvents[Type]): void {
    this.#notifications.push({ type, notification })
  }

  flush(): void {
    for (const { type, notification } of this.#notifications) this.#sink.emit(type, notification as never)
  }
}
