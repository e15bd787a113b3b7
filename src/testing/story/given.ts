import {
  type Command,
  type Decision,
  type DeskState,
  type DomainEvent,
  decide,
  type Edge,
  type EventType,
  emptyState,
  evolve,
  type RefusalCode,
} from '../../core'
import { tell } from './tell'

/** Thrown by a story that ends otherwise than it says; the text holds what was expected and what came. */
export class StoryError extends Error {
  override readonly name = 'StoryError'
}

/** An event of which only the named fields are compared. */
export type ExpectedEvent = { readonly type: EventType } & Readonly<Record<string, unknown>>

export interface Given {
  /** Asks, one after another, each of the state that the one before left. Nothing is ticked that is not asked for. */
  when(...commands: readonly Command[]): Then
}

/** The end of a story. Each sentence throws a {@link StoryError} unless it is so, and can be followed by another. */
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
      return ending(commands.map((command) => happen(state, command)))
    },
  }
}

interface Told {
  readonly command: Command
  readonly outcome: Decision['outcome']
  readonly steps: readonly { readonly event: DomainEvent; readonly edges: readonly Edge[] }[]
}

function happen(state: DeskState, command: Command): Told {
  const { outcome, events } = decide(state, command)
  return { command, outcome, steps: events.map((event) => ({ event, edges: evolve(state, event) })) }
}

function ending(told: readonly Told[]): Then {
  const steps = told.flatMap((each) => each.steps)
  const outcome = told.at(-1)?.outcome
  const claim = (isSo: boolean, expected: unknown) => {
    if (isSo) return then
    throw new StoryError(`expected ${JSON.stringify(expected)}\nbut this happened:\n${tell(told)}`)
  }
  const then: Then = {
    thenEvents: (...events) =>
      claim(
        steps.length === events.length && events.every((event, index) => holds(steps[index]?.event, event)),
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
      claim(outcome?.ok === false && steps.length === 0 && holds(outcome, { code, ...details }), { code, ...details }),
    thenNothing: () => claim(outcome?.ok === true && steps.length === 0, 'nothing'),
  }
  return then
}

function sameEdges(heard: readonly Edge[], expected: readonly Edge[]): boolean {
  const [one, other] = [heard, expected].map((edges) => edges.map(inOrder).sort())
  return JSON.stringify(one) === JSON.stringify(other)
}

function inOrder(edge: Edge): string {
  const { type, staffIds } = edge
  const subject = edge.type === 'visitor' ? edge.visitorId : edge.requestId
  const why = edge.type === 'stop' ? [edge.reason, edge.by] : []
  return JSON.stringify([type, subject, [...staffIds].sort(), ...why])
}

/** Whether everything expected is there and equal; what is not expected is left alone. */
function holds(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected)
  if (typeof actual !== 'object' || actual === null) return false
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) return false
  const found = actual as Readonly<Record<string, unknown>>
  return Object.entries(expected).every(([key, value]) => Object.hasOwn(found, key) && holds(found[key], value))
}
