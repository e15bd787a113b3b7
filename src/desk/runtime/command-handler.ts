import type { DeskState, Route, RouteInput, Shift, Staff, WorkflowRecord } from '../../core'
import { couldBeTaken, InvalidInputError } from '../../core'
import type { InputPath } from '../../input'
import { findUnknownTargets, shiftTimeAt, type TargetRoster, type Workflow } from '../../routing'
import { measureCommand } from '../api/command-report'
import { type Outcome, toUnavailable, type Warning } from '../api/outcome'
import type { EventBus } from '../events/event-bus'
import type { ParsedCommand, ParsedCommandOf, UnreadCommand } from '../parse/command-input'
import { parseCommand, unreadCommandOf } from '../parse/parse-command'
import { parsePlainCommand } from '../parse/plain-command'
import type { DeskAggregate } from './desk-aggregate'
import { closedError, type DeskRuntime, type QueuedCommand } from './desk-runtime'
import { devFreeze } from './dev-freeze'
import { nextTurn, type RequestRouter } from './request-router'
import { RoutedCommands, visitorCommands } from './routed-commands'

export interface CommandHandlerOptions {
  readonly aggregate: DeskAggregate
  readonly runtime: DeskRuntime
  readonly requestRouter: RequestRouter
  readonly eventBus: EventBus
  readonly newId: () => string
  /**
   * Returns an id for a command that has none, by which its outcome is found when the store's answer is lost; `null`
   * for a store in this process, whose answers are never lost.
   */
  readonly newCommandId: (() => string) | null
}

/** Open requests are routed anew in pieces. */
const reroutedAtOnceMax = 250

type RulesCommandType = 'setWorkflows' | 'setWorkflow' | 'removeWorkflow' | 'setShifts'

/** Parses commands, evaluates the workflows for those that need a route, and queues them in the runtime. */
export class CommandHandler {
  readonly #parts: CommandHandlerOptions
  readonly #routedCommands: RoutedCommands

  constructor(parts: CommandHandlerOptions) {
    this.#parts = parts
    this.#routedCommands = new RoutedCommands(parts)
  }

  /** Resolves with the outcome. Rejects only with an InvalidInputError, for malformed input. */
  handle(command: unknown): Promise<Outcome> {
    if (this.#parts.eventBus.hasListeners('command')) return this.#handleAndReport(command)
    try {
      const input = this.#parse(command)
      const { visitorOrder } = this.#routedCommands
      if (this.#parts.runtime.isClosed) return Promise.resolve(toUnavailable(closedError()))
      const mayWait = visitorCommands.has(input.type) || visitorOrder.opening.size > 0 || visitorOrder.reading !== null
      return mayWait ? this.#executeInOrder(input) : this.execute(input)
    } catch (error) {
      return Promise.reject(toInputError(error))
    }
  }

  #handleAndReport(command: unknown): Promise<Outcome> {
    const { eventBus, aggregate } = this.#parts
    const execute = async () => {
      try {
        const input = this.#parse(command)
        if (this.#parts.runtime.isClosed) return toUnavailable(closedError())
        return await this.#executeInOrder(input)
      } catch (error) {
        throw toInputError(error)
      }
    }
    return measureCommand(command, execute, {
      visitorOf: (requestId) => aggregate.state.requests.get(requestId)?.visitorId,
      onReport: (report) =>
        eventBus.emit('command', devFreeze({ ...report, version: aggregate.version, at: aggregate.now() })),
    })
  }

  #executeInOrder(input: ParsedCommand): Promise<Outcome> {
    return this.#routedCommands.executeInOrder(input, () => this.execute(input))
  }

  /** @throws InvalidInputError for malformed input; what a getter or trap of the input throws passes through. */
  #parse(command: unknown): ParsedCommand {
    return parsePlainCommand(command) ?? unreadCommandOf(command) ?? parseCommand(command, this.#parts.requestRouter)
  }

  /** Reads a long list of workflows in pieces, then executes its command. The commands given meanwhile wait for it. */
  #readInPieces(command: UnreadCommand): Promise<Outcome> {
    const { runtime, requestRouter } = this.#parts
    const { visitorOrder } = this.#routedCommands
    const queued = requestRouter.readInPieces(command.workflows).then((parser) => ({
      outcome: runtime.isClosed ? toUnavailable(closedError()) : this.execute(parseCommand(command, parser)),
    }))
    visitorOrder.hold(queued)
    return runtime.track(queued.then((each) => each.outcome).catch((error) => Promise.reject(toInputError(error))))
  }

  /** Executes a parsed command. @throws InvalidInputError for a malformed id of the host's `newId`. */
  execute(input: ParsedCommand): Promise<Outcome> {
    const { runtime, newCommandId } = this.#parts
    switch (input.type) {
      case 'requestChat':
        return this.#routedCommands.requestChat(input)
      case 'reroute':
        return this.#routedCommands.reroute(input)
      case 'updateFacts':
        return this.#routedCommands.updateFacts(input)
      case 'transfer':
        return this.#transfer(input)
      case 'setStaff':
      case 'setRoster':
        return this.#setStaff(input)
      case 'setWorkflows':
        return this.#setWorkflows(input)
      case 'setWorkflow':
        return this.#setWorkflow(input)
      case 'removeWorkflow':
        return this.#setRules(input, toRulesCommand(input))
      case 'setShifts':
        return this.#setShifts(input)
      case 'setPolicy':
        return this.#setPolicy(input)
      default:
        return runtime.execute({
          commandId: input.commandId ?? newCommandId?.() ?? null,
          // The parsed command is the desk's own object: a copy of it would cost more than deciding it.
          toCommand: (at) => Object.assign(input, { at }),
          detailsOf: null,
        })
    }
  }

  #transfer(input: ParsedCommandOf<'transfer'>): Promise<Outcome> {
    const { commandId: _, to: route, ...rest } = input
    return this.#enqueue(
      input,
      (at) => ({ ...rest, route, at }),
      (state) => withWarnings(findTransferWarnings(input.requestId, route, state)),
    )
  }

  #setStaff(input: ParsedCommandOf<'setStaff' | 'setRoster'>): Promise<Outcome> {
    return this.#enqueue(
      input,
      (at) => Object.assign(input, { at }),
      (state) => withWarnings(findUnknownShifts(input, state)),
    )
  }

  #setPolicy(input: ParsedCommandOf<'setPolicy'>): Promise<Outcome> {
    return this.#enqueue(input, (at, { policy }) => {
      return { type: 'setPolicy', policy: { ...policy, ...input.policy }, at }
    })
  }

  #setWorkflows(input: ParsedCommandOf<'setWorkflows'>): Promise<Outcome> {
    const { workflows, unread } = input
    if (unread !== undefined) return this.#readInPieces(unread)
    return this.#setRules(input, toRulesCommand(input), (state) =>
      withWarnings(findUnknownTargetsInWorkflows(workflows, state)),
    )
  }

  #setWorkflow(input: ParsedCommandOf<'setWorkflow'>): Promise<Outcome> {
    const { workflow } = input
    return this.#setRules(input, toRulesCommand(input), (state) =>
      withWarnings(unknownTargetsOf(workflow, knownTargetsOf(state), ['workflow'])),
    )
  }

  #setShifts(input: ParsedCommandOf<'setShifts'>): Promise<Outcome> {
    const { shifts } = input
    return this.#setRules(
      input,
      (at) => ({ ...toRulesCommand(input)(at), times: shifts.map((shift) => shiftTimeAt(shift, at)) }),
      (state) => withWarnings(findUnknownTargetsInWorkflows([...state.workflows.values()], state, shifts)),
    )
  }

  /** A repeated command id gets the first outcome and reroutes no request. */
  async #setRules(
    input: ParsedCommandOf<RulesCommandType>,
    toCommand: QueuedCommand['toCommand'],
    detailsOf: NonNullable<QueuedCommand['detailsOf']> = () => ({}),
  ): Promise<Outcome> {
    let isNew = false
    const outcome = await this.#enqueue(input, toCommand, (state) => {
      isNew = true
      return detailsOf(state)
    })
    return isNew && input.reroute ? this.#parts.runtime.track(this.#rerouteOpen(outcome)) : outcome
  }

  async #rerouteOpen(outcome: Outcome): Promise<Outcome> {
    if (!outcome.ok) return outcome
    const open = [...this.#parts.aggregate.state.requests.values()].filter(({ assignment }) => assignment === null)
    const reroute = ({ id: requestId }: { readonly id: string }) => this.#executeInOrder({ type: 'reroute', requestId })
    let rerouted = 0
    for (let from = 0; from < open.length; from += reroutedAtOnceMax) {
      if (from > 0) await nextTurn()
      const outcomes = await Promise.all(open.slice(from, from + reroutedAtOnceMax).map(reroute))
      rerouted += outcomes.filter(({ ok }) => ok).length
    }
    return Object.assign({ rerouted }, outcome)
  }

  #enqueue(
    { commandId }: ParsedCommand,
    toCommand: QueuedCommand['toCommand'],
    detailsOf: QueuedCommand['detailsOf'] = null,
  ): Promise<Outcome> {
    const { runtime, newCommandId } = this.#parts
    return runtime.execute({ commandId: commandId ?? newCommandId?.() ?? null, toCommand, detailsOf })
  }
}

/** Turns what a getter or trap of the input threw into an InvalidInputError, with that as its cause. */
function toInputError(error: unknown): unknown {
  if (error instanceof InvalidInputError) return error
  const issue = { path: [], expected: 'values that can be read', got: 'one that throws when it is read' }
  return new InvalidInputError([issue], { cause: error })
}

function withWarnings(warnings: readonly Warning[]): { readonly warnings?: readonly Warning[] } {
  return warnings.length === 0 ? {} : { warnings }
}

/** Returns a function that completes a change of the rules: without what is the shell's, and with the instant. */
function toRulesCommand<Input extends ParsedCommandOf<RulesCommandType>>(input: Input) {
  const { commandId: _, reroute: __, ...change } = input
  return (at: number) => ({ ...change, at })
}

/**
 * Returns a warning for each unknown target; else one when no staff of the route could be rung for the request now. The
 * only step of a route may have been given as a target: its path is the whole destination.
 */
function findTransferWarnings(requestId: string, route: Route, state: DeskState): readonly Warning[] {
  const found = warningsAt(route, knownTargetsOf(state), ['to'])
  const unknown = route.steps.length > 1 ? found : found.map(({ message }) => ({ path: ['to'], message }))
  if (unknown.length > 0 || couldBeTaken(state, requestId, route)) return unknown
  return [{ path: ['to'], message: 'nobody of this target could take it now: all are absent, away, off shift or full' }]
}

/** Returns a warning for each shift of the staff that is not defined today. */
function findUnknownShifts(command: ParsedCommandOf<'setStaff' | 'setRoster'>, { shifts }: DeskState): Warning[] {
  const unknownOf = (staff: Staff, path: InputPath): Warning[] =>
    (staff.shifts ?? []).flatMap((shift, index) => {
      const message = `no shift "${shift}" is defined: a target that names it does not reach "${staff.id}"`
      return shifts.has(shift) ? [] : [{ path: [...path, 'shifts', index], message }]
    })
  if (command.type === 'setStaff') return unknownOf(command.staff, ['staff'])
  return command.staff.flatMap((staff, index) => unknownOf(staff, ['staff', index]))
}

const warningsMax = 1_000
/** Targets of a list times staff, at most: many targets for a large roster are not all looked at. */
const comparisonsMax = 100_000

/** Returns a warning for each target of the workflows that no staff member of today's roster and shifts satisfies. */
function findUnknownTargetsInWorkflows(
  workflows: readonly WorkflowRecord[],
  state: DeskState,
  shifts?: readonly Shift[],
): Warning[] {
  const known = knownTargetsOf(state, shifts)
  const warningsByEvent = new Map<string, readonly Warning[]>()
  const warnings: Warning[] = []
  for (const [index, workflow] of workflows.entries()) {
    if (warnings.length >= warningsMax || warningsByEvent.size * known.staff.length > comparisonsMax) break
    const event = JSON.stringify(workflow.event)
    const found = warningsByEvent.get(event) ?? unknownTargetsOf(workflow, known, [])
    warningsByEvent.set(event, found)
    for (const { path, message } of found) warnings.push({ path: ['workflows', index, ...path], message })
  }
  return warnings
}

function unknownTargetsOf(workflow: WorkflowRecord, known: TargetRoster, path: InputPath): Warning[] {
  const { event } = workflow as unknown as Workflow
  return event.type === 'route' ? warningsAt(event.params, known, [...path, 'event', 'params']) : []
}

/** Returns a warning for each target of one route that no staff member of a roster and shifts satisfies. */
function warningsAt(route: RouteInput | Route, known: TargetRoster, path: InputPath): Warning[] {
  return findUnknownTargets(route, known).map((warning) => ({ ...warning, path: [...path, ...warning.path] }))
}

function knownTargetsOf(state: DeskState, shifts = shiftsOf(state)): TargetRoster {
  return { staff: [...state.staff.values()].map(({ record }) => record), shifts }
}

function shiftsOf({ shifts }: DeskState): readonly Shift[] {
  return [...shifts.values()].map(({ shift }) => shift)
}
