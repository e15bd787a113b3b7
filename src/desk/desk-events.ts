import type {
  DeskError,
  DomainEvent,
  EventOf,
  EventType,
  QueueMove,
  RequestId,
  RequestView,
  StaffId,
  StopReason,
  VisitorId,
  VisitorView,
} from '../core'
import type { RoutingDegraded } from '../routing'
import type { CommandNotice } from './command-notice'

/** What a desk tells its listeners, by type: the three edges, every domain event, and what happened around them. */
export type DeskEvents = DomainEvents & {
  ring: RingNotice
  stop: StopNotice
  visitor: VisitorNotice
  /** Every domain event, in order. */
  event: DomainEvent
  /** A listener, a fact or the log failed. Never swallowed: without a listener it goes to `console.error`. */
  error: DeskError
  'routing.degraded': RoutingDegraded
  /** This node cannot know any more what has happened: its views are old, and it refuses commands. */
  'desk.stale': StaleNotice
  /** It knows again. */
  'desk.current': CurrentNotice
  /**
   * The state was rebuilt from the log, because the log has let go of what this node had not seen, or holds another
   * history. Rings and stops have been told as the difference; whatever else was gathered has to be read anew.
   */
  'desk.reset': CurrentNotice
  /** The log has lost, for good, that this person has this chat. Told before the `desk.reset` that shows it gone. */
  'desk.revoked': RevokedNotice
  'position.changed': PositionChanged
  /** A command was answered: what became of it and how long it took. Costs nothing while nobody listens. */
  command: CommandNotice
}

type DomainEvents = { [Type in EventType]: EventOf<Type> }

export type DeskEventType = keyof DeskEvents

/** These people are rung for this request from now on. One notice names them all, so that a host sends one message. */
export interface RingNotice extends Noticed {
  readonly requestId: RequestId
  readonly staffIds: readonly StaffId[]
  readonly request: RequestView
  /** Name of the sound that the route's step asks for; `null` for the usual one. */
  readonly tone: string | null
  readonly step: number
}

/** These people are no longer rung for it. */
export interface StopNotice extends Noticed {
  readonly requestId: RequestId
  readonly staffIds: readonly StaffId[]
  readonly reason: StopReason
  /** Who took it or gave it away; `null` otherwise. */
  readonly by: string | null
}

/** Somebody opened a page. Told once per visitor and `visitorAlertTtlMs`; never waited for. */
export interface VisitorNotice extends Noticed {
  readonly visitorId: VisitorId
  readonly staffIds: readonly StaffId[]
  readonly visitor: VisitorView
}

/** Where requests stand in the queue now: only those that moved, all of one change at once. */
export interface PositionChanged extends Noticed {
  readonly changes: readonly QueueMove[]
}

export interface CurrentNotice {
  readonly version: number
  readonly at: number
}

export interface StaleNotice extends CurrentNotice {
  /** What is wrong; the same that commands are refused with. */
  readonly error: DeskError
}

export interface RevokedNotice extends CurrentNotice {
  readonly requestId: RequestId
  readonly staffId: StaffId
}

interface Noticed {
  /** The desk's version after the change; the same for all notices of one change. */
  readonly version: number
  /** Instant of the change, in milliseconds since the epoch. */
  readonly at: number
}
