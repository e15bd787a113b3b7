import { DeskError, type InputIssue, InvalidInputError } from '../core'
import { parseShifts, shiftTimeAt } from '../routing'
import type { CommandInput, CommandInputOf } from './command-input'
import { completePolicy } from './complete-command'
import type { Outcome } from './desk-outcome'
import type { Dispatching } from './dispatching'
import { id } from './guard'
import type { Kernel } from './kernel'
import { parseDestination } from './parse-destination'
import { PlainTask } from './plain-task'
import type { Asked, Routed, RoutingDoor } from './routing-door'
import type { Warning } from './warning'
import { warningsOf, warningsOfRoute } from './warnings-of'
import type { Task } from './work'

export interface IntakeParts {
  readonly kernel: Kernel
  readonly dispatch: Dispatching
  readonly routing: RoutingDoor
  readonly newId: () => string
  /** An id for a command that brings none, by which its outcome is found when an answer was lost; or `null`. */
  readonly ownId: () => string | null
}

/** Takes parsed commands in: asks the rules where they are needed, and hands a task to the mailbox. */
export class Intake {
  readonly #parts: IntakeParts

  constructor(parts: IntakeParts) {
    this.#parts = parts
  }

  /** @throws InvalidInputError for a target, route, workflow or shift that cannot be read. */
  ask(input: CommandInput): Promise<Outcome> {
    const { dispatch } = this.#parts
    if (dispatch.isClosed) throw new DeskError('closed', 'expected an open desk, got one that was closed')
    switch (input.type) {
      case 'requestChat':
        return this.#requestChat(input)
      case 'reroute':
        return this.#reroute(input)
      case 'transfer':
        return this.#transfer(input)
      case 'setWorkflows':
        return this.#setWorkflows(input)
      case 'setShifts':
        return this.#setShifts(input)
      case 'setPolicy': {
        const complete: Task['complete'] = (at, { policy }) => {
          return { type: 'setPolicy', policy: completePolicy(policy, input.policy), at }
        }
        return this.#do(input, complete)
      }
      default:
        return this.#parts.dispatch.do(new PlainTask(input, this.#idOf(input)))
    }
  }

  #do(input: CommandInput, complete: Task['complete'], details: Task['details'] = null): Promise<Outcome> {
    return this.#parts.dispatch.do({ commandId: this.#idOf(input), complete, details })
  }

  #idOf({ commandId }: CommandInput): string | null {
    return commandId ?? this.#parts.ownId()
  }

  #requestChat(input: CommandInputOf<'requestChat'>): Promise<Outcome> {
    const { routing, newId } = this.#parts
    const { requestId = parsedId(newId()), visitorId, facts = {}, weight = null } = input
    return this.#routed({ requestId, visitorId, facts, weight }, (routed) => {
      const complete: Task['complete'] = (at) => {
        routing.remember(routed)
        return { type: 'requestChat', requestId, visitorId, facts, weight, verdict: routed.verdict, at }
      }
      return this.#do(input, complete)
    })
  }

  #reroute(input: CommandInputOf<'reroute'>): Promise<Outcome> {
    const { routing, kernel } = this.#parts
    const { requestId } = input
    const request = kernel.state.requests.get(requestId)
    const { visitorId = '', facts = {}, weight = null } = request ?? {}
    return this.#routed({ requestId, visitorId, facts, weight }, (routed) => {
      const complete: Task['complete'] = (at) => {
        routing.remember(routed)
        return { type: 'reroute', requestId, verdict: routed.verdict, at }
      }
      return this.#do(input, complete)
    })
  }

  /** The rules are asked before the mailbox is entered, and at once where they need no promise. */
  #routed(asked: Asked, then: (routed: Routed) => Promise<Outcome>): Promise<Outcome> {
    const { routing, dispatch } = this.#parts
    const routed = routing.route(asked)
    return routed instanceof Promise ? dispatch.awaits(routed.then(then)) : then(routed)
  }

  #transfer(input: CommandInputOf<'transfer'>): Promise<Outcome> {
    const { commandId: _, to, ...rest } = input
    const route = parseDestination(to, ['to'])
    return this.#do(
      input,
      (at) => ({ ...rest, route, at }),
      (state) => warned(warningsOfRoute(route, state, ['to'])),
    )
  }

  #setWorkflows(input: CommandInputOf<'setWorkflows'>): Promise<Outcome> {
    const workflows = this.#parts.routing.parseWorkflows(input.workflows)
    return this.#setRules(
      input,
      (at) => ({ type: 'setWorkflows', workflows, at }),
      (state) => warned(warningsOf(workflows, state)),
    )
  }

  #setShifts(input: CommandInputOf<'setShifts'>): Promise<Outcome> {
    const shifts = parseShifts(input.shifts)
    return this.#setRules(
      input,
      (at) => ({ type: 'setShifts', shifts, times: shifts.map((shift) => shiftTimeAt(shift, at)), at }),
      (state) => warned(warningsOf(state.workflows, state, shifts)),
    )
  }

  /** A repeated command is answered and reroutes nothing. */
  async #setRules(
    input: CommandInputOf<'setWorkflows' | 'setShifts'>,
    complete: Task['complete'],
    details: NonNullable<Task['details']>,
  ): Promise<Outcome> {
    let isNew = false
    const outcome = await this.#do(input, complete, (state) => {
      isNew = true
      return details(state)
    })
    return isNew && input.reroute === true ? this.#rerouteOpen(outcome) : outcome
  }

  async #rerouteOpen(outcome: Outcome): Promise<Outcome> {
    if (!outcome.ok) return outcome
    const open = [...this.#parts.kernel.state.requests.values()].filter(({ assignment }) => assignment === null)
    const outcomes = await Promise.all(open.map(({ id }) => this.#reroute({ type: 'reroute', requestId: id })))
    return Object.assign({ rerouted: outcomes.filter(({ ok }) => ok).length }, outcome)
  }
}

function warned(warnings: readonly Warning[]): { readonly warnings?: readonly Warning[] } {
  return warnings.length === 0 ? {} : { warnings }
}

/** What a host makes up is parsed like what it passes on: nobody could name a request without a name. */
function parsedId(made: unknown): string {
  const issues: InputIssue[] = []
  const parsed = id(made, ['newId'], issues)
  if (parsed === undefined) throw new InvalidInputError(issues)
  return parsed
}
