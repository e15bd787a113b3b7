import type {
  AwaitingItem,
  Facts,
  Metrics,
  MetricsView,
  PortalSnapshot,
  Queue,
  QueuePosition,
  RequestId,
  RequestView,
  StaffId,
  StaffView,
} from '../core'
import {
  awaitingOf,
  awaitingOfAll,
  DeskError,
  explainStaff,
  InvalidInputError,
  portalOf,
  requestView,
  ringingOf,
  staffView,
} from '../core'
import { type EventLog, isSynchronous } from '../log'
import type { Trace } from '../routing'
import type { Announcer, DeskListener } from './announcer'
import type { CommandInput } from './command-input'
import { watchCommand } from './command-notice'
import { DeskCommands } from './desk-commands'
import type { DeskEventType } from './desk-events'
import type { Outcome, OutcomeOf } from './desk-outcome'
import { type DeskSnapshot, snapshotOfKernel } from './desk-snapshot'
import type { Dispatching } from './dispatching'
import type { DryRun, Explanation } from './explanation'
import { frozen } from './frozen'
import type { Intake } from './intake'
import type { Kernel } from './kernel'
import { checkListening } from './listening'
import { parseCommand, parseOwnCommand } from './parse-command'
import { parseFacts } from './parse-facts'
import type { RoutingDoor } from './routing-door'

/** What `openDesk` has put together. */
export interface DeskParts {
  readonly kernel: Kernel
  readonly intake: Intake
  readonly dispatch: Dispatching
  readonly announcer: Announcer
  readonly routing: RoutingDoor
  readonly metrics: Metrics
  readonly queue: Queue
  readonly log: EventLog
  /** Leaves the log's bell. */
  readonly unfollow: () => void
}

/**
 * One tenant's desk, opened by `openDesk`. Commands are done strictly one after another, in the order in which they are
 * given; what a listener asks for is done after what it was told of. Views are plain JSON copies.
 */
export class Desk extends DeskCommands {
  readonly #parts: DeskParts

  /** @internal */
  constructor(parts: DeskParts) {
    super((own, given) => {
      const command = given === undefined ? own : worded(given, own)
      return this.#do(command, parseOwnCommand) as Promise<never>
    })
    this.#parts = parts
  }

  execute<Input extends CommandInput>(command: Input): Promise<OutcomeOf<Input['type']>> {
    return this.#do(command, parseCommand) as Promise<OutcomeOf<Input['type']>>
  }

  #do(command: object, parse: (command: object) => CommandInput): Promise<Outcome> {
    const { announcer, kernel } = this.#parts
    if (!announcer.hearsCommands) return this.#parsed(command, parse)
    return watchCommand(
      command,
      () => this.#parsed(command, parse),
      (notice) => announcer.tell('command', frozen({ ...notice, version: kernel.version, at: kernel.now() })),
    )
  }

  #parsed(command: object, parse: (command: object) => CommandInput): Promise<Outcome> {
    try {
      return this.#parts.intake.ask(parse(command))
    } catch (error) {
      return Promise.reject(asInputError(error))
    }
  }

  /**
   * Hears the edges `ring`, `stop` and `visitor`, every domain event under its type and all of them under `event`, and
   * `error`. Returns the way out. What one listener throws goes to `error` and stops no other.
   * @throws InvalidInputError for a type that is never told, and for a listener that is no function.
   */
  on<Type extends DeskEventType>(type: Type, listener: DeskListener<Type>): () => void {
    checkListening(type, listener)
    return this.#parts.announcer.on(type, listener)
  }

  /** The open requests that somebody may start, as they are served; without an id the supervisor's list of them all. */
  awaiting(staffId?: StaffId): readonly AwaitingItem[] {
    const { state } = this.#parts.kernel
    return frozen(staffId === undefined ? awaitingOfAll(state) : awaitingOf(state, staffId))
  }

  /** What rings for somebody now. */
  ringing(staffId: StaffId): readonly RequestId[] {
    return frozen(ringingOf(this.#parts.kernel.state, staffId))
  }

  /** All that one staff member's screen shows; `undefined` for unknown staff. */
  portal(staffId: StaffId): PortalSnapshot | undefined {
    const { state, version } = this.#parts.kernel
    return frozen(portalOf(state, staffId, version))
  }

  /** A request that is open or assigned. */
  request(requestId: RequestId): RequestView | undefined {
    return frozen(requestView(this.#parts.kernel.state, requestId))
  }

  staff(staffId: StaffId): StaffView | undefined {
    return frozen(staffView(this.#parts.kernel.state, staffId))
  }

  /** Why a request rings for whom it rings; `undefined` for one that is closed or unknown. */
  explain(requestId: RequestId): Explanation | undefined {
    const { kernel, routing } = this.#parts
    const request = kernel.state.requests.get(requestId)
    if (request === undefined) return undefined
    const { verdict, step } = request
    const staff = explainStaff(kernel.state, requestId)
    return frozen({ requestId, workflow: verdict.workflow, step, trace: written(routing.traceOf(verdict)), staff })
  }

  /** Where a request with these facts would go. Changes nothing. */
  async route(facts: Facts): Promise<DryRun> {
    const asked = { requestId: '', visitorId: '', facts: parseFacts(facts), weight: null }
    const { verdict, trace } = await this.#parts.routing.route(asked)
    return frozen({ ...verdict, trace: written(trace) })
  }

  /** Where an open request stands among those for the same people, and how long it may still wait. */
  position(requestId: RequestId): QueuePosition | undefined {
    const { kernel, queue } = this.#parts
    return frozen(queue.position(kernel.state, requestId))
  }

  /** The desk's figures in the trade's own terms, over the sliding window that ends now. */
  metrics(): MetricsView {
    const { kernel, metrics } = this.#parts
    return frozen(metrics.view(kernel.state, kernel.now()))
  }

  /** Counts the entries of the log: the same number is the same state. */
  get version(): number {
    return this.#parts.kernel.version
  }

  /** Whether other nodes may write to its log. */
  get isShared(): boolean {
    return !isSynchronous(this.#parts.log)
  }

  /** Nobody is connected, and no request is open or assigned. */
  get isQuiet(): boolean {
    const { requests, staff } = this.#parts.kernel.state
    return requests.size === 0 && [...staff.values()].every(({ sessions }) => sessions.size === 0)
  }

  /** The whole desk as plain JSON, for `openDesk({snapshot})`. */
  snapshot(): DeskSnapshot {
    const { kernel, log } = this.#parts
    const hash = isSynchronous(log) ? log.hashOf(kernel.version) : kernel.hash
    return frozen(snapshotOfKernel(kernel, { v: kernel.version, h: hash ?? kernel.hash }))
  }

  /**
   * Resolves when this node has taken everything that was in the log when it was asked: what is looked at then is at
   * least as new as what anybody has seen anywhere before.
   */
  fresh(): Promise<void> {
    return this.#parts.dispatch.fresh()
  }

  /** Resolves when every command so far has been answered and nothing is due. */
  idle(): Promise<void> {
    return this.#parts.dispatch.idle()
  }

  /** Answers what was asked before, then wakes for nothing any more. Later commands reject with a `DeskError`. */
  async close(): Promise<void> {
    if (this.#parts.dispatch.isClosed) return
    this.#parts.unfollow()
    await this.#parts.dispatch.close()
    await this.#parts.log.close()
  }
}

/** A method's own words hold, whatever it was given. One stands first because what begins as a copy is slow to grow. */
function worded(given: object, own: object): object {
  return { type: '', ...given, ...own }
}

/** Traces are written out when somebody reads them. */
function written(trace: Trace | null): Trace | null {
  return trace === null ? null : { ...trace }
}

/** Values with getters or traps that throw are malformed like any other; what they threw is the cause. */
function asInputError(error: unknown): unknown {
  if (error instanceof InvalidInputError || error instanceof DeskError) return error
  const issue = { path: [], expected: 'values that can be read', got: 'one that throws when it is read' }
  return new InvalidInputError([issue], { cause: error })
}
