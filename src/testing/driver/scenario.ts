import type { Command, Decision, DomainEvent, Edge, Policy } from '../../core'

/** A desk's history as data, before it is run: the policy, the commands at the first instant, and the actions. */
export interface Scenario {
  readonly startAt: number
  readonly policy: Policy
  readonly setup: readonly CommandTemplate[]
  readonly actions: readonly Action[]
}

/** One action of a scenario: a delay, and then a command. The command has no instant until the delay has passed. */
export interface Action {
  readonly delay: Delay
  readonly command: CommandTemplate
}

/**
 * `ms`: that long. `to`: to the desk's next deadline, or one millisecond off it. `at`: to that instant. `asleep`: the
 * desk's process is down, so that all deadlines of the delay come at its end; otherwise each comes at its own instant.
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

/** One command, its outcome, and the events that it caused. */
export interface Step {
  readonly command: Command
  readonly outcome: Decision['outcome']
  readonly applied: readonly AppliedEvent[]
}

/** One event and the edges that it made. */
export interface AppliedEvent {
  readonly event: DomainEvent
  readonly edges: readonly Edge[]
}

/** Formats steps as text: each command with its refusal, each event, each edge, one a line. */
export function formatSteps(steps: readonly Step[]): string {
  return steps.map(formatStep).join('\n')
}

function formatStep({ command, outcome, applied }: Step): string {
  const refusal = outcome.ok ? '' : ` -> refused: ${outcome.code}`
  const events = applied.map(({ event, edges }) =>
    [`    ${event.type} ${formatFields(event)}`, ...edges.map(formatEdge)].join('\n'),
  )
  return [`${command.at} ${command.type} ${formatFields(command)}${refusal}`, ...events].join('\n')
}

function formatFields(message: Command | DomainEvent): string {
  const { type: _, at: __, ...rest } = message
  const text = JSON.stringify(rest)
  return text === '{}' ? '' : text.slice(1, -1)
}

function formatEdge(edge: Edge): string {
  if (edge.type === 'visitor') return `        visitor ${edge.visitorId} shown to ${edge.staffIds.join(', ')}`
  const reason = edge.type === 'stop' ? ` (${edge.reason}${edge.by === null ? '' : ` by ${edge.by}`})` : ''
  return `        ${edge.type} ${edge.requestId} ${edge.staffIds.join(', ')}${reason}`
}
