import type { DeskState, DomainEvent, Edge } from '../../core'
import { requestView } from '../../core'
import { devFreeze } from '../runtime/dev-freeze'
import type { DeskEvents, DeskEventType } from './desk-events'
import type { NotificationSink } from './event-bus'

/** An event that was just folded into `state`, so that a ring shows its request as it was then. */
export interface FoldedEvent {
  readonly event: DomainEvent
  readonly edges: readonly Edge[]
  readonly state: DeskState
  readonly version: number
}

/** Emits an event and its edges. A notification that has no listener is never made. */
export function emitEvent(sink: NotificationSink, { event, edges, state, version }: FoldedEvent): void {
  if (sink.hasListeners(event.type)) sink.emit(event.type, devFreeze(event) as never)
  if (sink.hasListeners('event')) sink.emit('event', devFreeze(event))
  for (const edge of edges) {
    if (!sink.hasListeners(edge.type)) continue
    const notification = toNotification(edge, state, { version, at: event.at })
    if (notification !== undefined) sink.emit(edge.type, devFreeze(notification) as never)
  }
}

type EdgeNotification = DeskEvents[Edge['type']]

function toNotification(
  edge: Edge,
  state: DeskState,
  header: { readonly version: number; readonly at: number },
): EdgeNotification | undefined {
  const { staffIds } = edge
  switch (edge.type) {
    case 'ring': {
      const { requestId } = edge
      const request = requestView(state, requestId)
      if (request === undefined) return undefined
      return { requestId, staffIds, request, tone: request.tone, step: request.step, ...header }
    }
    case 'stop': {
      const { requestId, reason, by } = edge
      return { requestId, staffIds, reason, by, ...header }
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
