import type {
  DeskError,
  EventOf,
  EventType,
  QueuePositionChange,
  RequestId,
  RequestView,
  StaffId,
  StopReason,
  VisitorId,
  VisitorView,
} from '../../core'
import { describeValue, type InputIssue, InvalidInputError } from '../../core'
import type { RoutingDegraded } from '../../routing'
import type { StorePayload } from '../../store'
import type { CommandReport } from '../api/command-report'

/** What a desk emits, by type: the three edges, every domain event, and events of the desk itself. */
export type DeskEvents = DomainEventNotifications & {
  ring: RingNotification
  stop: StopNotification
  visitor: VisitorNotification
  /** Every domain event, in order. */
  event: DomainEventNotification
  /** A listener, a fact or the store failed. Never swallowed: without a listener it is printed by `console.error`. */
  error: DeskError
  /** Workflows could not be evaluated, and did not match: a fact of theirs failed or was late. */
  'routing.degraded': RoutingDegraded
  /** This node may lack newer entries: its views may be outdated, and its commands are refused. */
  'node.stale': StaleNotification
  /** The node's views are up to date again. */
  'node.recovered': RecoveredNotification
  /**
   * The state was rebuilt from the store, which has dropped entries that this node had not read, or holds another
   * history. Rings and stops were emitted as the difference; a listener has to read all other views again.
   */
  'state.rebuilt': RecoveredNotification
  /** The store has lost this assignment for good. Emitted before the `state.rebuilt` of the state without it. */
  'assignment.revoked': RevokedNotification
  /** Positions in the queues have changed; emitted once for each entry of the store. */
  'position.changed': PositionChanged
  /** A command has its outcome or error. Costs nothing without a listener. */
  command: CommandReport
}

type DomainEventNotifications = { [Type in EventType]: DomainEventNotification<Type> }

/** A domain event as a desk emits it: with its origin and, where it is about a request, with the visitor. */
export type DomainEventNotification<Type extends EventType = EventType> = Type extends EventType
  ? EventOf<Type> & NotificationOrigin & VisitorOf<EventOf<Type>>
  : never

type VisitorOf<Event> = Event extends { readonly requestId: RequestId } ? RequestVisitor : unknown

/** The type of a notification, for `desk.on`. */
export type DeskEventType = keyof DeskEvents

/** A request begins to ring for these staff members: all of them in one notification. */
export interface RingNotification extends NotificationHeader, RequestVisitor {
  readonly requestId: RequestId
  readonly staffIds: readonly StaffId[]
  readonly request: RequestView
  /** Name of the sound of the route's step; `null` for the default one. */
  readonly tone: string | null
  readonly step: number
}

/** A request no longer rings for these staff members. */
export interface StopNotification extends NotificationHeader, RequestVisitor {
  readonly requestId: RequestId
  readonly staffIds: readonly StaffId[]
  readonly reason: StopReason
  /** The staff member or supervisor who accepted or transferred it; `null` otherwise. */
  readonly by: string | null
}

/** A visitor opened a page. Emitted at most once per visitor in `visitorAlertTtlMs`. */
export interface VisitorNotification extends NotificationHeader {
  readonly visitorId: VisitorId
  readonly staffIds: readonly StaffId[]
  readonly visitor: VisitorView
}

/** The requests whose place in the queue has changed, all of one change at once. */
export interface PositionChanged extends NotificationHeader {
  readonly changes: readonly QueuePositionChange[]
}

/** The node's views are those of this version, at this instant in milliseconds since the epoch. */
export interface RecoveredNotification {
  readonly version: number
  readonly at: number
}

/** The node's views may be outdated. */
export interface StaleNotification extends RecoveredNotification {
  /** The cause; commands are refused as `unavailable` with its code as the reason. */
  readonly error: DeskError
}

/** A staff member no longer has this request, since the store has lost the assignment. */
export interface RevokedNotification extends RecoveredNotification, RequestVisitor {
  readonly requestId: RequestId
  readonly staffId: StaffId
}

interface RequestVisitor {
  /** The visitor whose request it is. */
  readonly visitorId: VisitorId
}

interface NotificationOrigin {
  /**
   * Whether this desk wrote the entry of the store: true at one node at most, so that a mail is sent once. False for
   * rings and stops that a rebuilt state makes.
   */
  readonly isOrigin: boolean
}

interface NotificationHeader extends NotificationOrigin {
  /** The desk's version after the change; the same for all notifications of one change. */
  readonly version: number
  /** Instant of the change, in milliseconds since the epoch. */
  readonly at: number
}

/** What is emitted in addition to the domain events. */
const nonDomainEventTypes: Readonly<Record<Exclude<DeskEventType, EventType>, true>> = {
  ring: true,
  stop: true,
  visitor: true,
  event: true,
  error: true,
  command: true,
  'routing.degraded': true,
  'position.changed': true,
  'node.stale': true,
  'node.recovered': true,
  'state.rebuilt': true,
  'assignment.revoked': true,
}

/**
 * Checks the parameters of `on`: a listener of a misspelt type would never be called.
 * @throws InvalidInputError for a type that is never emitted, and for a listener that is no function.
 */
export function checkSubscription(type: unknown, listener: unknown): void {
  const issues: InputIssue[] = []
  if (typeof type !== 'string' || !(Object.hasOwn(nonDomainEventTypes, type) || isDomainEventType(type))) {
    const expected = `one of ${Object.keys(nonDomainEventTypes).join(', ')}, or the type of a domain event`
    issues.push({ path: ['type'], expected, got: describeValue(type) })
  }
  if (typeof listener !== 'function') {
    issues.push({ path: ['listener'], expected: 'a function', got: describeValue(listener) })
  }
  if (issues.length > 0) throw new InvalidInputError(issues)
}

const domainEventTypes: Readonly<Record<EventType, true>> = {
  'desk.resumed': true,
  'policy.set': true,
  'workflows.set': true,
  'workflow.set': true,
  'workflow.removed': true,
  'staff.set': true,
  'staff.removed': true,
  'session.started': true,
  'session.renewed': true,
  'session.ended': true,
  'presence.ended': true,
  'availability.changed': true,
  'staff.notResponding': true,
  'shifts.set': true,
  'shift.started': true,
  'shift.ended': true,
  'visitor.arrived': true,
  'visitor.left': true,
  'visitorSession.started': true,
  'visitorSession.renewed': true,
  'visitorSession.ended': true,
  'visitor.forgotten': true,
  'request.opened': true,
  'request.muted': true,
  'request.unmuted': true,
  'snooze.ended': true,
  'request.declined': true,
  'request.accepted': true,
  'visitor.wrote': true,
  'request.replied': true,
  'request.released': true,
  'request.transferred': true,
  'transfer.returned': true,
  'request.rerouted': true,
  'step.started': true,
  'request.factsUpdated': true,
  'request.reminded': true,
  'offer.made': true,
  'offer.expired': true,
  'offerRound.ended': true,
  'offerRound.started': true,
  'request.unattended': true,
  'request.closed': true,
  'wrapUp.ended': true,
}

/** Returns whether this release knows a type of event. */
export function isDomainEventType(type: string): type is EventType {
  return Object.hasOwn(domainEventTypes, type)
}

/** Returns the first type of event in a batch that this release does not know, and must not skip. */
export function findUnknownEventType({ events }: StorePayload): string | undefined {
  return events.find(({ type }) => !isDomainEventType(type))?.type
}
