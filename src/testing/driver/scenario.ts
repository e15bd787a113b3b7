import type { Command, Decision, DomainEvent, Edge, Policy } from '../../core'

/** A desk's whole story before it is told: its policy, what is set up at the first instant, and the moves. */
export interface Scenario {
  readonly startAt: number
  readonly policy: Policy
  readonly setup: readonly CommandTemplate[]
  readonly moves: readonly Action[]
}

/**
 * One move of a scenario: how long nothing happens, and then what is asked. It is data and not yet a command, since its
 * instant and the requests it names depend on what came before.
 */
export interface Action {
  readonly wait: Delay
  readonly deed: CommandTemplate
}

/**
 * `ms`: that long. `to`: to the desk's next deadline, or one millisecond off it. `at`: to that instant. `asleep`: the desk's process was down,
 * so that all deadlines of the time between come at its end; otherwise each comes at its own instant.
 */
export type Delay =
  | { readonly ms: number; readonly asleep: boolean }
  | { readonly to: 'before' | 'deadline' | 'after' }
  | { readonly at: number }

/**
 * A command without its instant. In `requestId`, `#0` is the request opened last, `#1` the one before it, and so on;
 * `#new` is an id never used. Any other text stands for itself. A tick's or shift change's `times` are filled in.
 */
export type CommandTemplate = WithoutAt<Command>

type WithoutAt<Any> = Any extends Command ? Omit<Any, 'at'> : never

/** One command, its answer, and each event it caused with the edges that event made. */
export interface Step {
  readonly command: Command
  readonly outcome: Decision['outcome']
  readonly steps: readonly AppliedEvent[]
}

export interface AppliedEvent {
  readonly event: DomainEvent
  readonly edges: readonly Edge[]
}

/** A few turns as lines a person can read: what was asked, what was answered, what happened, who heard it. */
export function formatSteps(turns: readonly Step[]): string {
  return turns.map(formatStep).join('\n')
}

function formatStep({ command, outcome, steps }: Step): string {
  const answer = outcome.ok ? '' : ` -> refused: ${outcome.code}`
  const events = steps.map(({ event, edges }) =>
    [`    ${event.type} ${formatFields(event)}`, ...edges.map(formatEdge)].join('\n'),
  )
  return [`${command.at} ${command.type} ${formatFields(command)}${answer}`, ...events].join('\n')
}

function formatFields(what: Command | Step['steps'][number]['event']): string {
  const { type: _, at: __, ...rest } = what
  const text = JSON.stringify(rest)
  return text === '{}' ? '' : text.slice(1, -1)
}

function formatEdge(edge: Edge): string {
  if (edge.type === 'visitor') return `        visitor ${edge.visitorId} shown to ${edge.staffIds.join(', ')}`
  const reason = edge.type === 'stop' ? ` (${edge.reason}${edge.by === null ? '' : ` by ${edge.by}`})` : ''
  return `        ${edge.type} ${edge.requestId} ${edge.staffIds.join(', ')}${reason}`
}
