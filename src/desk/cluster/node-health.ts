import { DeskError } from '../../core'
import type { EventBus } from '../events/event-bus'
import type { DeskAggregate } from '../runtime/desk-aggregate'
import type { CommandQueue, PendingCommand } from './command-queue'
import type { NodeEnvironment } from './environment'

export interface NodeHealthOptions {
  readonly aggregate: DeskAggregate
  readonly eventBus: EventBus
  readonly commandQueue: CommandQueue
  readonly now: () => number
}

/** What keeps a node from doing commands: it has lost its log, or found something in it that it must not pass over. */
export class NodeHealth {
  readonly #parts: NodeHealthOptions
  #error: DeskError | null = null

  constructor(parts: NodeHealthOptions) {
    this.#parts = parts
  }

  get error(): DeskError | null {
    return this.#error
  }

  /** Nothing but opening the desk anew helps. */
  get isFinal(): boolean {
    return this.#error?.code === 'closed'
  }

  /** Refuses everything that waits and whatever comes, until it is over; tells of it once. */
  markStale(error: DeskError): void {
    const { eventBus, commandQueue, aggregate, now } = this.#parts
    if (this.#error?.code === error.code || this.isFinal) return
    const wasCurrent = this.#error === null
    this.#error = error
    commandQueue.rejectAll((waiting) => (error.code === 'closed' ? error : toCommandError(waiting, error)))
    if (error.code !== 'stale') eventBus.emit('error', error)
    if (wasCurrent) eventBus.emit('node.stale', { error, version: aggregate.version, at: now() })
  }

  /** The log was read to its end, and all of it could be folded. */
  markRecovered(): void {
    const { eventBus, aggregate, now } = this.#parts
    if (this.#error === null || this.isFinal) return
    this.#error = null
    eventBus.emit('node.recovered', { version: aggregate.version, at: now() })
  }
}

/** What has been sent may have been done. */
export function toCommandError({ isSent, command }: PendingCommand, error: DeskError): DeskError {
  if (!isSent) return error
  const id = command.commandId === null ? '' : ` (commandId "${command.commandId}")`
  const told = `it is not known whether this command was done${id}; ask again with the same commandId`
  return new DeskError('store-failed', `${told}: ${error.message}`, error)
}

/** How long the log has owed an answer. */
export class StoreWatchdog {
  readonly #means: NodeEnvironment
  #askedMs: number | null = null

  constructor(means: NodeEnvironment) {
    this.#means = means
  }

  /** Milliseconds since the first question that has not been answered; 0 when there is none. */
  get unansweredMs(): number {
    return this.#askedMs === null ? 0 : this.#means.elapsedMs() - this.#askedMs
  }

  /** This process has been asleep: what came meanwhile could not be heard. */
  restart(): void {
    if (this.#askedMs !== null) this.#askedMs = this.#means.elapsedMs()
  }

  /** Asks the log; what it throws is thrown on. */
  async watch<Answer>(asked: () => Promise<Answer>): Promise<Answer> {
    this.#askedMs ??= this.#means.elapsedMs()
    const answer = await asked()
    this.#askedMs = null
    return answer
  }
}
