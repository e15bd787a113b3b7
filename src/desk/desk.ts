import type {
  AwaitingItem,
  Facts,
  Metrics,
  MetricsView,
  PortalSnapshot,
  QueuePosition,
  QueuePositions,
  RequestId,
  RequestView,
  StaffId,
  StaffView,
} from '../core'
import {
  awaitingListOf,
  DeskError,
  explainStaff,
  InvalidInputError,
  portalSnapshotOf,
  requestView,
  ringingRequestIds,
  staffView,
  supervisorAwaitingList,
} from '../core'
import type { Trace } from '../routing'
import { type EventStore, isSynchronous } from '../store'
import { DeskCommands } from './api/desk-commands'
import type { CommandNotification, Outcome, OutcomeOf } from './api/outcome'
import { measureCommand } from './api/outcome'
import type { DeskEventType } from './events/desk-events'
import { checkSubscription } from './events/desk-events'
import type { DeskListener, EventBus } from './events/event-bus'
import type { CommandInput } from './parse/command-input'
import { parseCommand } from './parse/parse-command'
import { parseFacts } from './parse/parse-facts'
import type { CommandHandler } from './runtime/command-handler'
import type { DeskAggregate } from './runtime/desk-aggregate'
import type { DeskRuntime } from './runtime/desk-runtime'
import { type DeskSnapshot, toDeskSnapshot } from './runtime/desk-snapshot'
import { devFreeze } from './runtime/dev-freeze'
import type { Explanation, RequestRouter, RoutePreview } from './runtime/request-router'

/** What `openDesk` has put together. */
export interface DeskDependencies {
  readonly aggregate: DeskAggregate
  readonly commandHandler: CommandHandler
  readonly runtime: DeskRuntime
  readonly eventBus: EventBus
  readonly requestRouter: RequestRouter
  readonly metrics: Metrics
  readonly queuePositions: QueuePositions
  readonly store: EventStore
  /** Leaves the log's bell. */
  readonly unsubscribe: () => void
}

/**
 * One tenant's desk, opened by `openDesk`. Commands are done strictly one after another, in the order in which they are
 * given; what a listener asks for is done after what it was told of. Views are plain JSON copies.
 */
export class Desk extends DeskCommands {
  readonly #parts: DeskDependencies

  /** @internal */
  constructor(parts: DeskDependencies) {
    super((own, given) => {
      const command = given === undefined ? own : withOwnFields(given, own)
      return this.#do(command) as Promise<never>
    })
    this.#parts = parts
  }

  execute<Input extends CommandInput>(command: Input): Promise<OutcomeOf<Input['type']>> {
    return this.#do(command) as Promise<OutcomeOf<Input['type']>>
  }

  #do(command: object): Promise<Outcome> {
    const { eventBus, aggregate } = this.#parts
    if (!eventBus.hasCommandListeners) return this.#parsed(command)
    return measureCommand(
      command,
      () => this.#parsed(command),
      (notice) => eventBus.emit('command', devFreeze({ ...notice, version: aggregate.version, at: aggregate.now() })),
    )
  }

  #parsed(command: object): Promise<Outcome> {
    const { commandHandler, requestRouter } = this.#parts
    try {
      return commandHandler.handle(parseCommand(command, requestRouter))
    } catch (error) {
      return Promise.reject(toInputError(error))
    }
  }

  /**
   * Hears the edges `ring`, `stop` and `visitor`, every domain event under its type and all of them under `event`, and
   * `error`. Returns the way out. What one listener throws goes to `error` and stops no other.
   * @throws InvalidInputError for a type that is never told, and for a listener that is no function.
   */
  on<Type extends DeskEventType>(type: Type, listener: DeskListener<Type>): () => void {
    checkSubscription(type, listener)
    return this.#parts.eventBus.on(type, listener)
  }

  /** The open requests that somebody may start, as they are served; without an id the supervisor's list of them all. */
  awaiting(staffId?: StaffId): readonly AwaitingItem[] {
    const { state } = this.#parts.aggregate
    return devFreeze(staffId === undefined ? supervisorAwaitingList(state) : awaitingListOf(state, staffId))
  }

  /** What rings for somebody now. */
  ringing(staffId: StaffId): readonly RequestId[] {
    return devFreeze(ringingRequestIds(this.#parts.aggregate.state, staffId))
  }

  /** All that one staff member's screen shows; `undefined` for unknown staff. */
  portal(staffId: StaffId): PortalSnapshot | undefined {
    const { state, version } = this.#parts.aggregate
    return devFreeze(portalSnapshotOf(state, staffId, version))
  }

  /** A request that is open or assigned. */
  request(requestId: RequestId): RequestView | undefined {
    return devFreeze(requestView(this.#parts.aggregate.state, requestId))
  }

  staff(staffId: StaffId): StaffView | undefined {
    return devFreeze(staffView(this.#parts.aggregate.state, staffId))
  }

  /** Why a request rings for whom it rings; `undefined` for one that is closed or unknown. */
  explain(requestId: RequestId): Explanation | undefined {
    const { aggregate, requestRouter } = this.#parts
    const request = aggregate.state.requests.get(requestId)
    if (request === undefined) return undefined
    const { routingResult, step } = request
    const staff = explainStaff(aggregate.state, requestId)
    return devFreeze({
      requestId,
      workflow: routingResult.workflow,
      step,
      trace: toPlainTrace(requestRouter.traceOf(routingResult)),
      staff,
    })
  }

  /** Where a request with these facts would go. Changes nothing. */
  async previewRoute(facts: Facts): Promise<RoutePreview> {
    const asked = { requestId: '', visitorId: '', facts: parseFacts(facts), weight: null }
    const { routingResult, trace } = await this.#parts.requestRouter.route(asked)
    return devFreeze({ ...routingResult, trace: toPlainTrace(trace) })
  }

  /** Where an open request stands among those for the same people, and how long it may still wait. */
  position(requestId: RequestId): QueuePosition | undefined {
    const { aggregate, queuePositions } = this.#parts
    return devFreeze(queuePositions.position(aggregate.state, requestId))
  }

  /** The desk's figures in the trade's own terms, over the sliding window that ends now. */
  metrics(): MetricsView {
    const { aggregate, metrics } = this.#parts
    return devFreeze(metrics.view(aggregate.state, aggregate.now()))
  }

  /** Counts the entries of the log: the same number is the same state. */
  get version(): number {
    return this.#parts.aggregate.version
  }

  /** Whether other nodes may write to its log. */
  get isShared(): boolean {
    return !isSynchronous(this.#parts.store)
  }

  /** Nobody is connected, and no request is open or assigned. */
  get isEmpty(): boolean {
    const { requests, staff } = this.#parts.aggregate.state
    return requests.size === 0 && [...staff.values()].every(({ sessions }) => sessions.size === 0)
  }

  /** The whole desk as plain JSON, for `openDesk({snapshot})`. */
  snapshot(): DeskSnapshot {
    const { aggregate, store } = this.#parts
    const hash = isSynchronous(store) ? store.hashOf(aggregate.version) : aggregate.hash
    return devFreeze(toDeskSnapshot(aggregate, { v: aggregate.version, h: hash ?? aggregate.hash }))
  }

  /**
   * Resolves when this node has taken everything that was in the log when it was asked: what is looked at then is at
   * least as new as what anybody has seen anywhere before.
   */
  sync(): Promise<void> {
    return this.#parts.runtime.sync()
  }

  /** Resolves when every command so far has been answered and nothing is due. */
  idle(): Promise<void> {
    return this.#parts.runtime.idle()
  }

  /** Answers what was asked before, then wakes for nothing any more. Later commands reject with a `DeskError`. */
  async close(): Promise<void> {
    if (this.#parts.runtime.isClosed) return
    this.#parts.unsubscribe()
    await this.#parts.runtime.close()
    await this.#parts.store.close()
  }
}

/** A method's own words hold, whatever it was given. One stands first because what begins as a copy is slow to grow. */
function withOwnFields(given: object, own: object): object {
  return { type: '', ...given, ...own }
}

/** Traces are written out when somebody reads them. */
function toPlainTrace(trace: Trace | null): Trace | null {
  return trace === null ? null : { ...trace }
}

/** Values with getters or traps that throw are malformed like any other; what they threw is the cause. */
function toInputError(error: unknown): unknown {
  if (error instanceof InvalidInputError || error instanceof DeskError) return error
  const issue = { path: [], expected: 'values that can be read', got: 'one that throws when it is read' }
  return new InvalidInputError([issue], { cause: error })
}

export interface RecentCommands {
  /** The last commands, oldest first. */
  list(): readonly CommandNotification[]
  close(): void
}

/** Keeps what became of the last commands of a desk, for a page or a console that looks for trouble. */
export function recentCommands(desk: Pick<Desk, 'on'>, commandsMax = 100): RecentCommands {
  const kept: CommandNotification[] = []
  const close = desk.on('command', (notice) => {
    kept.push(notice)
    if (kept.length > commandsMax) kept.shift()
  })
  return { list: () => [...kept], close }
}
