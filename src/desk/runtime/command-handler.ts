import type { DeskState, Route, RouteInput, Shift, WorkflowRecord } from '../../core'
import { DeskError } from '../../core'
import { type InputPath, idSchema, parseOrThrow, parseWithSchema } from '../../input'
import { findUnknownTargets, shiftTimeAt, type TargetRoster, type Workflow } from '../../routing'
import type { Outcome, Warning } from '../api/outcome'
import type { ParsedCommand, ParsedCommandOf } from '../parse/parse-command'
import type { DeskAggregate } from './desk-aggregate'
import type { DeskRuntime, QueuedCommand } from './desk-runtime'
import type { RequestRouter, RoutedRequest, RoutingQuery } from './request-router'

export interface CommandHandlerOptions {
  readonly aggregate: DeskAggregate
  readonly runtime: DeskRuntime
  readonly requestRouter: RequestRouter
  readonly newId: () => string
  /** An id for a command that brings none, by which its outcome is found when an answer was lost; or `null`. */
  readonly newCommandId: () => string | null
}

/** Takes parsed commands in: asks the rules where they are needed, and hands a task to the mailbox. */
export class CommandHandler {
  readonly #parts: CommandHandlerOptions

  constructor(parts: CommandHandlerOptions) {
    this.#parts = parts
  }

  /** @throws InvalidInputError for a target, route, workflow or shift that cannot be read. */
  handle(input: ParsedCommand): Promise<Outcome> {
    const { runtime } = this.#parts
    if (runtime.isClosed) throw new DeskError('closed', 'expected an open desk, got one that was closed')
    switch (input.type) {
      case 'requestChat':
        return this.#requestChat(input)
      case 'reroute':
        return this.#reroute(input)
      case 'transfer':
        return this.#transfer(input)
      case 'setWorkflows':
        return this.#setWorkflows(input)
      case 'setWorkflow':
        return this.#setWorkflow(input)
      case 'removeWorkflow':
        return this.#setRules(input, (at) => ({ type: 'removeWorkflow', name: input.name, at }), withoutWarnings)
      case 'setShifts':
        return this.#setShifts(input)
      case 'setPolicy': {
        const complete: QueuedCommand['toCommand'] = (at, { policy }) => {
          return { type: 'setPolicy', policy: { ...policy, ...input.policy }, at }
        }
        return this.#do(input, complete)
      }
      default:
        return this.#do(input, (at) => ({ ...input, at }))
    }
  }

  #do(
    input: ParsedCommand,
    complete: QueuedCommand['toCommand'],
    details: QueuedCommand['detailsOf'] = null,
  ): Promise<Outcome> {
    return this.#parts.runtime.execute({ commandId: this.#idOf(input), toCommand: complete, detailsOf: details })
  }

  #idOf({ commandId }: ParsedCommand): string | null {
    return commandId ?? this.#parts.newCommandId()
  }

  #requestChat(input: ParsedCommandOf<'requestChat'>): Promise<Outcome> {
    const { requestRouter, newId } = this.#parts
    const { requestId = parseGeneratedId(newId()), visitorId, facts, weight } = input
    return this.#routed({ requestId, visitorId, facts, weight }, (routed) => {
      const complete: QueuedCommand['toCommand'] = (at) => {
        requestRouter.rememberTrace(routed)
        return { type: 'requestChat', requestId, visitorId, facts, weight, routingResult: routed.routingResult, at }
      }
      return this.#do(input, complete)
    })
  }

  #reroute(input: ParsedCommandOf<'reroute'>): Promise<Outcome> {
    const { requestRouter, aggregate } = this.#parts
    const { requestId } = input
    const request = aggregate.state.requests.get(requestId)
    const { visitorId = '', facts = {}, weight = null } = request ?? {}
    return this.#routed({ requestId, visitorId, facts, weight }, (routed) => {
      const complete: QueuedCommand['toCommand'] = (at) => {
        requestRouter.rememberTrace(routed)
        return { type: 'reroute', requestId, routingResult: routed.routingResult, at }
      }
      return this.#do(input, complete)
    })
  }

  /** The rules are asked before the mailbox is entered, and at once where they need no promise. */
  #routed(asked: RoutingQuery, then: (routed: RoutedRequest) => Promise<Outcome>): Promise<Outcome> {
    const { requestRouter, runtime } = this.#parts
    const routed = requestRouter.route(asked)
    return routed instanceof Promise ? runtime.track(routed.then(then)) : then(routed)
  }

  #transfer(input: ParsedCommandOf<'transfer'>): Promise<Outcome> {
    const { commandId: _, to: route, ...rest } = input
    return this.#do(
      input,
      (at) => ({ ...rest, route, at }),
      (state) => withWarnings(findUnknownTargetsInRoute(route, state, ['to'])),
    )
  }

  #setWorkflows(input: ParsedCommandOf<'setWorkflows'>): Promise<Outcome> {
    const { workflows } = input
    return this.#setRules(
      input,
      (at) => ({ type: 'setWorkflows', workflows, at }),
      (state) => withWarnings(findUnknownTargetsInWorkflows(workflows, state)),
    )
  }

  #setWorkflow(input: ParsedCommandOf<'setWorkflow'>): Promise<Outcome> {
    const { workflow } = input
    return this.#setRules(
      input,
      (at) => ({ type: 'setWorkflow', workflow, at }),
      (state) => withWarnings(unknownTargetsOf(workflow, knownTargetsOf(state), ['workflow'])),
    )
  }

  #setShifts(input: ParsedCommandOf<'setShifts'>): Promise<Outcome> {
    const { shifts } = input
    return this.#setRules(
      input,
      (at) => ({ type: 'setShifts', shifts, times: shifts.map((shift) => shiftTimeAt(shift, at)), at }),
      (state) => withWarnings(findUnknownTargetsInWorkflows([...state.workflows.values()], state, shifts)),
    )
  }

  /** A repeated command is answered and reroutes nothing. */
  async #setRules(
    input: ParsedCommandOf<'setWorkflows' | 'setWorkflow' | 'removeWorkflow' | 'setShifts'>,
    complete: QueuedCommand['toCommand'],
    details: NonNullable<QueuedCommand['detailsOf']>,
  ): Promise<Outcome> {
    let isNew = false
    const outcome = await this.#do(input, complete, (state) => {
      isNew = true
      return details(state)
    })
    return isNew && input.reroute ? this.#rerouteOpen(outcome) : outcome
  }

  async #rerouteOpen(outcome: Outcome): Promise<Outcome> {
    if (!outcome.ok) return outcome
    const open = [...this.#parts.aggregate.state.requests.values()].filter(({ assignment }) => assignment === null)
    const outcomes = await Promise.all(open.map(({ id }) => this.#reroute({ type: 'reroute', requestId: id })))
    return Object.assign({ rerouted: outcomes.filter(({ ok }) => ok).length }, outcome)
  }
}

function withWarnings(warnings: readonly Warning[]): { readonly warnings?: readonly Warning[] } {
  return warnings.length === 0 ? {} : { warnings }
}

const withoutWarnings = () => withWarnings([])

/** What a host makes up is parsed like what it passes on: nobody could name a request without a name. */
function parseGeneratedId(made: unknown): string {
  return parseOrThrow((issues) => parseWithSchema(idSchema, made, { path: ['newId'], issues }))
}

/** Targets of workflows that nobody of today's roster and shifts satisfies. */
export function findUnknownTargetsInWorkflows(
  workflows: readonly WorkflowRecord[],
  state: DeskState,
  shifts = shiftsOf(state),
): Warning[] {
  const known = { ...knownTargetsOf(state), shifts }
  return workflows.flatMap((workflow, index) => unknownTargetsOf(workflow, known, ['workflows', index]))
}

function unknownTargetsOf(workflow: WorkflowRecord, known: TargetRoster, path: InputPath): Warning[] {
  const { event } = workflow as unknown as Workflow
  return event.type === 'route' ? warningsAt(event.params, known, [...path, 'event', 'params']) : []
}

/** The same for one route. */
export function findUnknownTargetsInRoute(route: RouteInput | Route, state: DeskState, path: InputPath): Warning[] {
  return warningsAt(route, knownTargetsOf(state), path)
}

function warningsAt(route: RouteInput | Route, known: TargetRoster, path: InputPath): Warning[] {
  return findUnknownTargets(route, known).map((warning) => ({ ...warning, path: [...path, ...warning.path] }))
}

function knownTargetsOf(state: DeskState): TargetRoster {
  return { staff: [...state.staff.values()].map(({ record }) => record), shifts: shiftsOf(state) }
}

function shiftsOf({ shifts }: DeskState): readonly Shift[] {
  return [...shifts.values()].map(({ shift }) => shift)
}
