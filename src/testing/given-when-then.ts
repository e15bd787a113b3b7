import {
  type Command,
  completeRoute,
  type Decision,
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
import { formatSteps } from './driver/scenario'

/** Thrown by a story that ends otherwise than it says; the text holds what was expected and what came. */
export class GivenWhenThenError extends Error {
  override readonly name = 'StoryError'
}

/** An event of which only the named fields are compared. */
export type ExpectedEvent = { readonly type: EventType } & Readonly<Record<string, unknown>>

export interface Given {
  /** Asks, one after another, each of the state that the one before left. Nothing is ticked that is not asked for. */
  when(...commands: readonly Command[]): Then
}

/** The end of a story. Each sentence throws a {@link GivenWhenThenError} unless it is so, and can be followed by another. */
export interface Then {
  /** The events of all commands, in order; fields left out are not compared. */
  thenEvents(...events: readonly ExpectedEvent[]): Then
  /** What changed for people's ears, over all events; the order of edges and of people within one is left open. */
  thenEdges(...edges: readonly Edge[]): Then
  /** The last command was turned down for this reason and, as every refusal, left no trace. */
  thenRefused(code: RefusalCode, details?: Readonly<Record<string, unknown>>): Then
  /** All was as asked already: an answer of yes, no event, no edge. */
  thenNothing(): Then
}

/**
 * A story told to the pure core: `given(present('ana'), opened('r1')).when(mute).thenEdges(stop('r1', ['ana'],
 * 'muted'))`. The past is made of events, since a desk is the fold of them.
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

interface ExecutedCommand {
  readonly command: Command
  readonly outcome: Decision['outcome']
  readonly steps: readonly { readonly event: DomainEvent; readonly edges: readonly Edge[] }[]
}

function executeCommand(state: DeskState, command: Command): ExecutedCommand {
  const { outcome, events } = decide(state, command)
  return { command, outcome, steps: events.map((event) => ({ event, edges: evolve(state, event) })) }
}

function createThen(told: readonly ExecutedCommand[]): Then {
  const steps = told.flatMap((each) => each.steps)
  const outcome = told.at(-1)?.outcome
  const claim = (isSo: boolean, expected: unknown) => {
    if (isSo) return then
    throw new GivenWhenThenError(`expected ${JSON.stringify(expected)}\nbut this happened:\n${formatSteps(told)}`)
  }
  const then: Then = {
    thenEvents: (...events) =>
      claim(
        steps.length === events.length && events.every((event, index) => matchesPartially(steps[index]?.event, event)),
        events,
      ),
    thenEdges: (...edges) =>
      claim(
        sameEdges(
          steps.flatMap((step) => step.edges),
          edges,
        ),
        edges,
      ),
    thenRefused: (code, details = {}) =>
      claim(outcome?.ok === false && steps.length === 0 && matchesPartially(outcome, { code, ...details }), {
        code,
        ...details,
      }),
    thenNothing: () => claim(outcome?.ok === true && steps.length === 0, 'nothing'),
  }
  return then
}

function sameEdges(heard: readonly Edge[], expected: readonly Edge[]): boolean {
  const [one, other] = [heard, expected].map((edges) => edges.map(canonicalEdge).sort())
  return JSON.stringify(one) === JSON.stringify(other)
}

function canonicalEdge(edge: Edge): string {
  const { type, staffIds } = edge
  const subject = edge.type === 'visitor' ? edge.visitorId : edge.requestId
  const reason = edge.type === 'stop' ? [edge.reason, edge.by] : []
  return JSON.stringify([type, subject, [...staffIds].sort(), ...reason])
}

/** Whether everything expected is there and equal; what is not expected is left alone. */
function matchesPartially(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected)
  if (typeof actual !== 'object' || actual === null) return false
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) return false
  const found = actual as Readonly<Record<string, unknown>>
  return Object.entries(expected).every(
    ([key, value]) => Object.hasOwn(found, key) && matchesPartially(found[key], value),
  )
}

/** The past of a story, in the desk's own words. Everything happens at instant 0 unless `at` says otherwise. */

/** The desk's policy from now on; what is left out has its default. */
export function policy(changes: Partial<Policy>, at = 0): DomainEvent {
  return { type: 'policy.set', policy: { ...defaultPolicy, ...changes }, at }
}

/** Somebody of the roster who is not there. */
export function absent(staff: Staff | StaffId, at = 0): DomainEvent {
  return { type: 'staff.set', staff: asStaff(staff), at }
}

/** Somebody of the roster who is there, with one session that does not end by itself. */
export function present(staff: Staff | StaffId, at = 0): readonly DomainEvent[] {
  const staffId = asStaff(staff).id
  return [absent(staff, at), { type: 'session.started', staffId, sessionId: 'tab', leaseUntilAt: null, at }]
}

/** What a story may say of a request; the rest has its default. */
export interface OpenedOptions {
  /** Where it goes. Default: everyone. */
  readonly route?: RouteInput
  readonly visitorId?: VisitorId
  readonly weight?: number
  readonly priority?: number
  /** The step it starts with. Default 0. */
  readonly step?: number
  readonly at?: number
}

/** A request, ringing from its first step on. */
export function opened(requestId: RequestId, opening: OpenedOptions = {}): DomainEvent {
  const { route = { to: 'everyone' }, visitorId = `visitor of ${requestId}`, weight = 1, priority = 0 } = opening
  const routingResult = { workflow: null, route: completeRoute(route), priority, tags: [] }
  const { step = 0, at = 0 } = opening
  return { type: 'request.opened', requestId, visitorId, facts: {}, weight, routingResult, step, at }
}

/** A mute, or a snooze when `untilAt` says when it ends. */
export function muted(requestId: RequestId, staffId: StaffId, untilAt: number | null = null): DomainEvent {
  return { type: 'request.muted', requestId, staffId, untilAt, at: 0 }
}

/** A chat in hand. */
export function accepted(requestId: RequestId, staffId: StaffId, at = 0): DomainEvent {
  const assignmentId = `${requestId}/1`
  return { type: 'request.accepted', requestId, staffId, assignmentId, by: null, replyDueAt: null, at }
}

/** An edge that starts. */
export function ring(requestId: RequestId, staffIds: readonly StaffId[]): RingEdge {
  return { type: 'ring', requestId, staffIds }
}

/** An edge that ends, why, and through whom. */
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
