import {
  type Command,
  completeRoute,
  type DeskState,
  type DomainEvent,
  decide,
  defaultPolicy,
  type Edge,
  type EventType,
  emptyState,
  evolve,
  type Policy,
  type RefusalCode,
  type RequestId,
  type RingEdge,
  type RouteInput,
  type Staff,
  type StaffId,
  type StopEdge,
  type StopReason,
  type VisitorId,
} from '../core'
import { formatSteps, type Step } from './driver/scenario'

/** Thrown by an expectation that does not hold. The message has the expected value and what happened. */
export class GivenWhenThenError extends Error {
  override readonly name = 'GivenWhenThenError'
}

/** An event of which only the named fields are compared. */
export type ExpectedEvent = { readonly type: EventType } & Readonly<Record<string, unknown>>

export interface Given {
  /** Executes the commands in order. Deadlines run only with a `tick` among them. */
  when(...commands: readonly Command[]): Then
}

/** The expectations. Each throws a {@link GivenWhenThenError} unless it holds, and returns this object otherwise. */
export interface Then {
  /** The events of all commands, in order; fields left out are not compared. */
  thenEvents(...events: readonly ExpectedEvent[]): Then
  /** The edges of all events. The order of edges, and of staff ids within one, is not compared. */
  thenEdges(...edges: readonly Edge[]): Then
  /** The last command was refused with this code, and no command made an event. */
  thenRefused(code: RefusalCode, details?: Readonly<Record<string, unknown>>): Then
  /** The last command succeeded, and no command made an event. */
  thenNothing(): Then
}

/**
 * Starts a test of the pure core: `given(present('ana'), opened('r1')).when(mute).thenEdges(stop('r1', ['ana'],
 * 'muted'))`. The state is the fold of the events given.
 */
export function given(...past: readonly (DomainEvent | readonly DomainEvent[])[]): Given {
  return {
    when: (...commands) => {
      const state = emptyState()
      for (const event of past.flat()) evolve(state, event)
      return createThen(commands.map((command) => executeCommand(state, command)))
    },
  }
}

function executeCommand(state: DeskState, command: Command): Step {
  const { outcome, events } = decide(state, command)
  return { command, outcome, applied: events.map((event) => ({ event, edges: evolve(state, event) })) }
}

function createThen(steps: readonly Step[]): Then {
  const applied = steps.flatMap((step) => step.applied)
  const outcome = steps.at(-1)?.outcome
  const expectThat = (holds: boolean, expected: unknown) => {
    if (holds) return then
    throw new GivenWhenThenError(`expected ${JSON.stringify(expected)}\nbut this happened:\n${formatSteps(steps)}`)
  }
  const then: Then = {
    thenEvents: (...events) =>
      expectThat(
        applied.length === events.length &&
          events.every((event, index) => matchesPartially(applied[index]?.event, event)),
        events,
      ),
    thenEdges: (...edges) =>
      expectThat(
        sameEdges(
          applied.flatMap(({ edges: made }) => made),
          edges,
        ),
        edges,
      ),
    thenRefused: (code, details = {}) =>
      expectThat(outcome?.ok === false && applied.length === 0 && matchesPartially(outcome, { code, ...details }), {
        code,
        ...details,
      }),
    thenNothing: () => expectThat(outcome?.ok === true && applied.length === 0, 'nothing'),
  }
  return then
}

function sameEdges(actual: readonly Edge[], expected: readonly Edge[]): boolean {
  const [one, other] = [actual, expected].map((edges) => edges.map(canonicalEdge).sort())
  return JSON.stringify(one) === JSON.stringify(other)
}

function canonicalEdge(edge: Edge): string {
  const { type, staffIds } = edge
  const subject = edge.type === 'visitor' ? edge.visitorId : edge.requestId
  const reason = edge.type === 'stop' ? [edge.reason, edge.by] : []
  return JSON.stringify([type, subject, [...staffIds].sort(), ...reason])
}

/** Whether every expected field is there and equal. */
function matchesPartially(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected)
  if (typeof actual !== 'object' || actual === null) return false
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) return false
  const found = actual as Readonly<Record<string, unknown>>
  return Object.entries(expected).every(
    ([key, value]) => Object.hasOwn(found, key) && matchesPartially(found[key], value),
  )
}

// Events to give. Each happens at instant 0 unless `at` says otherwise.

/** Sets the policy: the defaults with these changes. */
export function policy(changes: Partial<Policy>, at = 0): DomainEvent {
  return { type: 'policy.set', policy: { ...defaultPolicy, ...changes }, at }
}

/** Adds a staff member who is absent. */
export function absent(staff: Staff | StaffId, at = 0): DomainEvent {
  return { type: 'staff.set', staff: asStaff(staff), at }
}

/** Adds a staff member who is present, with one session without a lease. */
export function present(staff: Staff | StaffId, at = 0): readonly DomainEvent[] {
  const staffId = asStaff(staff).id
  return [absent(staff, at), { type: 'session.started', staffId, sessionId: 'tab', leaseUntilAt: null, at }]
}

/** The fields of a request to give; each has a default. */
export interface OpenedOptions {
  /** Default: everyone. */
  readonly route?: RouteInput
  readonly visitorId?: VisitorId
  readonly weight?: number
  readonly priority?: number
  /** Index of its first step. Default 0. */
  readonly step?: number
  readonly at?: number
}

/** Opens a request. */
export function opened(requestId: RequestId, opening: OpenedOptions = {}): DomainEvent {
  const { route = { to: 'everyone' }, visitorId = `visitor of ${requestId}`, weight = 1, priority = 0 } = opening
  const routingResult = { workflow: null, route: completeRoute(route), priority, tags: [] }
  const { step = 0, at = 0 } = opening
  return { type: 'request.opened', requestId, visitorId, facts: {}, weight, routingResult, step, at }
}

/** Mutes a request, or snoozes it until `untilAt`. */
export function muted(requestId: RequestId, staffId: StaffId, untilAt: number | null = null): DomainEvent {
  return { type: 'request.muted', requestId, staffId, untilAt, at: 0 }
}

/** Accepts a request. */
export function accepted(requestId: RequestId, staffId: StaffId, at = 0): DomainEvent {
  const assignmentId = `${requestId}/1`
  return { type: 'request.accepted', requestId, staffId, assignmentId, by: null, at }
}

/** Returns a `ring` edge. */
export function ring(requestId: RequestId, staffIds: readonly StaffId[]): RingEdge {
  return { type: 'ring', requestId, staffIds }
}

/** Returns a `stop` edge. */
export function stop(
  requestId: RequestId,
  staffIds: readonly StaffId[],
  reason: StopReason,
  by: string | null = null,
): StopEdge {
  return { type: 'stop', requestId, staffIds, reason, by }
}

function asStaff(staff: Staff | StaffId): Staff {
  return typeof staff === 'string' ? { id: staff } : staff
}
