import type { DeskError } from '../../core'
import type { EventBus } from '../events/event-bus'
import type { DeskAggregate } from '../runtime/desk-aggregate'
import type { CommandQueue } from './command-queue'
import type { NodeEnvironment } from './environment'

export interface NodeHealthOptions {
  readonly aggregate: DeskAggregate
  readonly eventBus: EventBus
  readonly commandQueue: CommandQueue
  readonly now: () => number
}

/**
 * Whether a node may execute commands. It may not while the store does not answer, or after it has read an entry that
 * is damaged or unknown: then it is stale.
 */
export class NodeHealth {
  readonly #options: NodeHealthOptions
  #error: DeskError | null = null

  constructor(options: NodeHealthOptions) {
    this.#options = options
  }

  get error(): DeskError | null {
    return this.#error
  }

  /** Whether the node cannot recover, since the desk was closed or erased: it can only be opened again. */
  get isFinal(): boolean {
    return this.#error?.code === 'closed'
  }

  /** Refuses every pending command, and every later one until the node has recovered; reports the error once. */
  markStale(error: DeskError): void {
    const { eventBus, commandQueue, aggregate, now } = this.#options
    if (this.#error?.code === error.code || this.isFinal) return
    const wasHealthy = this.#error === null
    this.#error = error
    commandQueue.refuseAll(error)
    if (error.code !== 'stale') eventBus.emit('error', error)
    if (wasHealthy) eventBus.emit('node.stale', { error, version: aggregate.version, at: now() })
  }

  /** Records that the store was read to its end, and that all of it could be applied. */
  markRecovered(): void {
    const { eventBus, aggregate, now } = this.#options
    if (this.#error === null || this.isFinal) return
    this.#error = null
    eventBus.emit('node.recovered', { version: aggregate.version, at: now() })
  }
}

/** Measures for how long the store has not answered. */
export class StoreWatchdog {
  readonly #environment: NodeEnvironment
  #unansweredSinceMs: number | null = null

  constructor(environment: NodeEnvironment) {
    this.#environment = environment
  }

  /** Milliseconds since the first call that is not answered; 0 when there is none. */
  get unansweredMs(): number {
    return this.#unansweredSinceMs === null ? 0 : this.#environment.elapsedMs() - this.#unansweredSinceMs
  }

  /** Counts from now on: this process was suspended, and could not receive an answer. */
  restart(): void {
    if (this.#unansweredSinceMs !== null) this.#unansweredSinceMs = this.#environment.elapsedMs()
  }

  /** Calls the store, and records whether it has answered. @throws what the store throws. */
  async watch<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    this.#unansweredSinceMs ??= this.#environment.elapsedMs()
    const answer = await call()
    this.#unansweredSinceMs = null
    return answer
  }
}
