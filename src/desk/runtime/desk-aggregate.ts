import type { Command, Decision, DeskState, DomainEvent, Edge, QueuePositions } from '../../core'
import { DeskError, decide, emptyState, evolve, nextDueAt } from '../../core'
import type { StoreEntry, StorePayload } from '../../store'
import type { Outcome } from '../api/outcome'
import type { EventBus } from '../events/event-bus'
import { NotificationBatch } from '../events/event-bus'
import type { Clock } from './clock'

/** Hears every event right after it was folded, before anybody is told: metrics, positions, the router. */
export interface Projection {
  apply(event: DomainEvent, edges: readonly Edge[], state: DeskState): void
  /** Hears of a state that was restored, whose events nobody tells. */
  restore?(state: DeskState): void
}

export interface DeskAggregateOptions {
  readonly clock: Clock
  readonly eventBus: EventBus
  readonly projections: readonly Projection[]
  readonly queuePositions: QueuePositions
}

/** The desk's state at one version of the log: decides, takes entries, and tells what they changed. */
export class DeskAggregate {
  state: DeskState = emptyState()
  idempotencyCache = new IdempotencyCache()
  version = 0
  /** The hash at `version`; `''` where the log is in this process and needs none. */
  hash = ''
  readonly #parts: DeskAggregateOptions
  #latestAt = 0

  constructor(parts: DeskAggregateOptions) {
    this.#parts = parts
  }

  /** The desk's time: the clock's, held where that one goes back. */
  now(): number {
    this.#latestAt = Math.max(this.#latestAt, this.state.at, Math.floor(this.#parts.clock.now()))
    return this.#latestAt
  }

  nextDueAt(): number | null {
    return nextDueAt(this.state)
  }

  isDueAt(at: number): boolean {
    const dueAt = nextDueAt(this.state)
    return dueAt !== null && dueAt <= at
  }

  decide(command: Command): Decision {
    return decide(this.state, command)
  }

  /** Goes on from a state that was restored. */
  restoreState(state: DeskState): void {
    this.state = state
    for (const follower of this.#parts.projections) follower.restore?.(state)
  }

  /** Folds one batch. Its notices go out when all of it is folded, in the order of its events. */
  apply(version: number, { commands, events }: StorePayload): void {
    const notices = new NotificationBatch(this.#parts.eventBus, version, events.length > 1)
    this.version = version
    for (const { id, outcome } of commands) this.idempotencyCache.rememberStored(id, outcome)
    for (const event of events) {
      const edges = evolve(this.state, event)
      for (const follower of this.#parts.projections) follower.apply(event, edges, this.state)
      notices.addEvent(this.state, event, edges)
    }
    const { eventBus, queuePositions } = this.#parts
    if (eventBus.hasPositionListeners) notices.addPositionChanges(queuePositions.takeChanges(this.state), this.state.at)
    notices.flush()
  }

  /** An entry as the log tells it: one that is known already is passed over, one that leaves a gap is refused. */
  applyEntry({ v, h, payload }: StoreEntry): void {
    if (v <= this.version) return
    if (v > this.version + 1) throw new DeskError('stale', `expected version ${this.version + 1} of the log, got ${v}`)
    this.hash = h
    this.apply(v, payload)
  }
}

export const outcomesMax = 10_000

/** Ids that a desk makes itself, to find its own entry again when the log's answer was lost; nobody repeats them. */
export const generatedIdPrefix = 'frontbell:'
/** So many are kept at least, and at most twice as many. */
const generatedIdOutcomesMin = 1_000

/** The first answers to the latest command ids, so that the same id again gets the same answer and changes nothing. */
export class IdempotencyCache {
  readonly #given = new Map<string, Outcome>()
  readonly #own = new Map<string, Outcome>()

  /** The first answer stays. */
  remember(commandId: string, outcome: Outcome): void {
    const isOwn = commandId.startsWith(generatedIdPrefix)
    const answers = isOwn ? this.#own : this.#given
    if (answers.has(commandId)) return
    answers.set(commandId, outcome)
    if (answers.size <= (isOwn ? 2 * generatedIdOutcomesMin : outcomesMax)) return
    // Many at once: a map of which only the first is deleted again and again is slow to find its first.
    const least = isOwn ? generatedIdOutcomesMin : outcomesMax
    for (const oldest of answers.keys()) {
      if (answers.size <= least) return
      answers.delete(oldest)
    }
  }

  /** An answer that another node, or an earlier run, wrote into the log: read back as it was written. */
  rememberStored(commandId: string, outcome: unknown): void {
    this.remember(commandId, outcome as Outcome)
  }

  get(commandId: string): Outcome | undefined {
    return this.#given.get(commandId) ?? this.#own.get(commandId)
  }

  /** Oldest first; those to ids of the desk's own after the others. */
  entries(): (readonly [string, Outcome])[] {
    return [...this.#given, ...this.#own]
  }
}
