import {
  type Command,
  type DeskState,
  everyoneRoute,
  type Facts,
  isEqualJson,
  type RequestId,
  type RoutingResult,
  type VisitorId,
} from '../../core'
import { idSchema, parseOrThrow, parseWithSchema } from '../../input'
import type { Outcome } from '../api/outcome'
import type { ParsedCommand, ParsedCommandOf } from '../parse/command-input'
import type { DeskAggregate } from './desk-aggregate'
import { type DeskRuntime, undecidedOutcome } from './desk-runtime'
import type { RequestRouter, RoutedRequest, RoutingQuery } from './request-router'

export interface RoutedCommandsOptions {
  readonly aggregate: DeskAggregate
  readonly runtime: DeskRuntime
  readonly requestRouter: RequestRouter
  readonly newId: () => string
  readonly newCommandId: (() => string) | null
}

/** A command that needs a routing result, except where `queryOf` says that it needs none. */
interface RoutedCommand {
  readonly commandId: string | null
  /** Returns the request that the workflows are evaluated for, as it is in a state; `null`: none has to be routed. */
  queryOf(state: DeskState): RoutingQuery | null
  toCommand(at: number, routingResult: RoutingResult | null): Command
}

/** Workflows that are changed again and again hold a request up for no more evaluations than this. */
const evaluationsMax = 8
/** The result of a request that does not exist: the command is refused. */
const unrouted: RoutingResult = { workflow: null, route: everyoneRoute, priority: 0, tags: [] }

/**
 * Evaluates the workflows for the commands that need a route, without a promise where no workflow needs one, and queues
 * them. A result that is out of date at the command's turn is replaced by a new one.
 */
export class RoutedCommands {
  readonly visitorOrder: VisitorOrder
  readonly #parts: RoutedCommandsOptions
  #isEvaluating = false

  constructor(parts: RoutedCommandsOptions) {
    this.#parts = parts
    this.visitorOrder = new VisitorOrder(parts)
  }

  /**
   * Executes a command when the earlier commands of its visitor have their outcomes; one of no visitor at once. While a
   * long list of workflows is read, all commands wait for it.
   */
  executeInOrder(input: ParsedCommand, execute: () => Promise<Outcome>): Promise<Outcome> {
    const { reading } = this.visitorOrder
    if (reading !== null) return this.#parts.runtime.track(reading.then(() => this.executeInOrder(input, execute)))
    const visitorId = this.visitorOrder.visitorOf(input)
    if (visitorId === null) return execute()
    return this.visitorOrder.run(visitorId, input, () => {
      this.#isEvaluating = false
      const outcome = execute()
      const isEvaluating = this.#isEvaluating
      return { outcome, isEvaluating, isDecided: !isEvaluating && !this.#parts.runtime.isBusy }
    })
  }

  requestChat(input: ParsedCommandOf<'requestChat'>): Promise<Outcome> {
    const { requestId = parseGeneratedId(this.#parts.newId()), visitorId, facts, weight } = input
    const query = { requestId, visitorId, facts, weight }
    return this.#evaluate({
      commandId: this.#commandIdOf(input),
      queryOf: () => query,
      toCommand: (at, routingResult) => {
        return { type: 'requestChat', ...query, routingResult: routingResult ?? unrouted, at }
      },
    })
  }

  reroute(input: ParsedCommandOf<'reroute'>): Promise<Outcome> {
    const { requestId } = input
    return this.#evaluate({
      commandId: this.#commandIdOf(input),
      queryOf: ({ requests }) => queryOf(requests.get(requestId), {}),
      toCommand: (at, routingResult) => ({ type: 'reroute', requestId, routingResult: routingResult ?? unrouted, at }),
    })
  }

  updateFacts(input: ParsedCommandOf<'updateFacts'>): Promise<Outcome> {
    const { requestId, facts } = input
    return this.#evaluate({
      commandId: this.#commandIdOf(input),
      queryOf: ({ requests }) => (input.reroute ? queryOf(requests.get(requestId), facts) : null),
      toCommand: (at, routingResult) => ({ type: 'updateFacts', requestId, facts, routingResult, at }),
    })
  }

  #commandIdOf({ commandId }: ParsedCommand): string | null {
    return commandId ?? this.#parts.newCommandId?.() ?? null
  }

  #evaluate(command: RoutedCommand, evaluation = 1): Promise<Outcome> {
    const { requestRouter, runtime, aggregate } = this.#parts
    const query = command.queryOf(aggregate.state)
    const { revision } = requestRouter
    const routed = query === null ? null : requestRouter.route(query)
    const enqueue = (result: RoutedRequest | null) => this.#enqueue(command, { query, revision, result, evaluation })
    if (!(routed instanceof Promise)) return enqueue(routed)
    this.#isEvaluating = true
    return runtime.track(routed.then(enqueue))
  }

  #enqueue(command: RoutedCommand, evaluated: Evaluated): Promise<Outcome> {
    const { requestRouter, runtime } = this.#parts
    const { result, evaluation } = evaluated
    let isInsideCall = true
    let isDecided = false
    const outcome = runtime.execute({
      commandId: command.commandId,
      toCommand: (at, state) => {
        if (!isDecided && !this.#isUpToDate(command, evaluated, state)) return null
        isDecided = isInsideCall
        if (result !== null) requestRouter.rememberTrace(result)
        return command.toCommand(at, result?.routingResult ?? null)
      },
      traceOf: result === null ? undefined : () => requestRouter.storedTraceOf(result),
      detailsOf: null,
    })
    isInsideCall = false
    if (isDecided) return outcome
    const evaluateAgain = (each: Outcome) =>
      each === undecidedOutcome ? this.#evaluate(command, evaluation + 1) : each
    return runtime.track(outcome.then(evaluateAgain))
  }

  /** Returns whether the same workflows would be evaluated for the same request now. */
  #isUpToDate({ queryOf }: RoutedCommand, { query, revision, evaluation }: Evaluated, state: DeskState): boolean {
    const now = queryOf(state)
    if (query === null || now === null) return query === now
    if (evaluation === evaluationsMax) return true
    return revision === this.#parts.requestRouter.revision && isEqualJson(query.facts, now.facts)
  }
}

/** What the workflows said, and of what. */
interface Evaluated {
  readonly query: RoutingQuery | null
  /** The revision of the workflows. */
  readonly revision: number
  readonly result: RoutedRequest | null
  readonly evaluation: number
}

/** Commands that name a request and are its visitor's, or the host's for the visitor. */
const commandsForVisitors: ReadonlySet<string> = new Set(['cancel', 'reroute', 'updateFacts', 'visitorWrote'])

/** Commands that wait for the earlier ones of their visitor. All others wait only for a request to be routed. */
export const visitorCommands: ReadonlySet<string> = new Set([
  ...['requestChat', 'visitorArrived', 'visitorLeft', 'visitorHeartbeat'],
  ...commandsForVisitors,
])

/** Executes the commands of one visitor one after another, also while workflows are evaluated for one of them. */
class VisitorOrder {
  /** The visitors of the requests that were asked for and are not queued yet: workflows are being evaluated. */
  readonly opening = new Map<RequestId, VisitorId>()
  /** Resolves when a long list of workflows has been read and its command is queued; only while one is read. */
  reading: Promise<void> | null = null
  /** The visitors of all requests that were asked for and have no outcome yet. */
  readonly #asked = new Map<RequestId, VisitorId>()
  readonly #parts: RoutedCommandsOptions
  /** Resolves when the newest command of the visitor has its outcome; only while it has none. */
  readonly #newest = new Map<VisitorId, Promise<unknown>>()

  constructor(parts: RoutedCommandsOptions) {
    this.#parts = parts
  }

  /** Lets all commands wait until a command is queued whose list of workflows is being read. */
  hold(queued: Promise<unknown>): void {
    const release = () => {
      this.reading = null
    }
    this.reading = queued.then(release, release)
  }

  /** Returns the visitor whose earlier commands this one waits for; `null`: it waits for none. */
  visitorOf(input: ParsedCommand): VisitorId | null {
    if ('visitorId' in input) return input.visitorId
    if (!('requestId' in input) || input.requestId === undefined) return null
    const visitorId = this.opening.get(input.requestId)
    if (visitorId !== undefined || !commandsForVisitors.has(input.type)) return visitorId ?? null
    const { requests } = this.#parts.aggregate.state
    return this.#asked.get(input.requestId) ?? requests.get(input.requestId)?.visitorId ?? null
  }

  run(visitorId: VisitorId, input: ParsedCommand, execute: () => Executing): Promise<Outcome> {
    const earlier = this.#newest.get(visitorId)
    if (earlier === undefined) {
      const { outcome, isDecided, isEvaluating } = execute()
      if (!isDecided) this.#keep(visitorId, input, outcome)
      if (isEvaluating) keepUntil(outcome, this.opening, input)
      return outcome
    }
    const outcome = this.#parts.runtime.track(earlier.then(() => execute().outcome))
    this.#keep(visitorId, input, outcome)
    keepUntil(outcome, this.opening, input)
    return outcome
  }

  /** Lets later commands of the visitor wait for this outcome. */
  #keep(visitorId: VisitorId, input: ParsedCommand, outcome: Promise<Outcome>): void {
    const requestId = input.type === 'requestChat' ? input.requestId : undefined
    if (requestId !== undefined) this.#asked.set(requestId, visitorId)
    const forget = () => {
      if (requestId !== undefined) this.#asked.delete(requestId)
      if (this.#newest.get(visitorId) === newest) this.#newest.delete(visitorId)
    }
    // An outcome that waited for an earlier one settles after it.
    const newest: Promise<void> = outcome.then(forget, forget)
    this.#newest.set(visitorId, newest)
  }
}

/** Keeps the visitor of a request that is asked for under its id until the outcome. */
function keepUntil(outcome: Promise<Outcome>, visitors: Map<RequestId, VisitorId>, input: ParsedCommand): void {
  if (input.type !== 'requestChat' || input.requestId === undefined) return
  const { requestId, visitorId } = input
  visitors.set(requestId, visitorId)
  const forget = () => visitors.delete(requestId)
  outcome.then(forget, forget)
}

/** A command whose execution has begun. */
interface Executing {
  readonly outcome: Promise<Outcome>
  /** Workflows are being evaluated for it. */
  readonly isEvaluating: boolean
  /** The command has taken effect. */
  readonly isDecided: boolean
}

/** Returns what the workflows are asked about a request with these facts added; `null` for one that is not live. */
function queryOf(request: RequestState | undefined, facts: Facts): RoutingQuery | null {
  if (request === undefined) return null
  const { id: requestId, visitorId, weight, openedAt } = request
  return { requestId, visitorId, facts: { ...request.facts, ...facts }, weight, openedAt }
}

type RequestState = DeskState['requests'] extends ReadonlyMap<RequestId, infer Request> ? Request : never

/** Returns an id of the host's `newId`. @throws InvalidInputError for a malformed one. */
function parseGeneratedId(generated: unknown): string {
  return parseOrThrow((issues) => parseWithSchema(idSchema, generated, { path: ['newId'], issues }))
}
