import type {
  DeskState,
  DomainEvent,
  Edge,
  EventType,
  Metrics,
  MetricsView,
  QueuePosition,
  QueuePositions,
  RequestId,
} from '../../core'
import { DeskError, emptyState, evolve, nextDueAt } from '../../core'
import type { StoreEntry, StorePayload } from '../../store'
import type { Outcome } from '../api/outcome'
import { type EventBus, emitEvent, NotificationBatch, type NotificationSink } from '../events/event-bus'
import { generatedIdPrefix } from '../parse/command-input'
import type { Clock } from './clock'
import { devFreeze } from './dev-freeze'

/** Reads every event after it was folded, and before the next one is. */
export interface Projection {
  /** Reads an entry of the store, before its events are folded. Not called for the entries of a local runtime. */
  readEntry?(payload: StorePayload): void
  /** The types of event that it reads. Default: all. */
  readonly eventTypes?: ReadonlySet<EventType>
  record(state: DeskState, event: DomainEvent, edges: readonly Edge[]): void
  /** Continues from a state that was restored without its events. */
  resume?(state: DeskState): void
}

export interface DeskAggregateOptions {
  readonly clock: Clock
  readonly eventBus: EventBus
  /** Record an event before the listeners are called. */
  readonly projections: readonly Projection[]
  /**
   * The statistics record an event after the listeners were called, so that no ring waits; or when a listener reads
   * them.
   */
  readonly metrics: Metrics
  readonly queuePositions: QueuePositions
}

/** The desk's state at one version of the store: folds entries and emits what they changed. */
export class DeskAggregate {
  state: DeskState = emptyState()
  idempotencyCache = new IdempotencyCache()
  version = 0
  /** The hash at `version`; `''` where the store is in this process and needs none. */
  hash = ''
  readonly #parts: DeskAggregateOptions
  /** Collects the notifications of an entry of several events. */
  #batch: NotificationBatch | null = null
  /** The newest event, until the statistics have recorded it. */
  #unrecorded: { readonly event: DomainEvent; readonly edges: readonly Edge[] } | null = null
  /** Whether this desk wrote the entry that is being recorded. */
  #isOrigin = false
  #latestAt = 0

  constructor(parts: DeskAggregateOptions) {
    this.#parts = parts
  }

  /** Returns the desk's time: the clock's, but never earlier than before, nor than the newest event. */
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

  /** Whether no staff member is connected and no request is open or assigned. */
  get isEmpty(): boolean {
    const { requests, staff } = this.state
    return requests.size === 0 && [...staff.values()].every(({ sessions }) => sessions.size === 0)
  }

  /** Continues from a state that was restored. */
  restoreState(state: DeskState): void {
    const { projections, metrics, queuePositions } = this.#parts
    state.changes = this.state.changes
    this.state = state
    for (const projection of [metrics, queuePositions, ...projections]) projection.resume?.(state)
  }

  /**
   * Applies an entry of the store, which this desk wrote (`isOrigin`) or another; skips a known one.
   * @throws DeskError for one that leaves a gap.
   */
  applyEntry({ v, h, payload }: StoreEntry, isOrigin: boolean): void {
    if (v <= this.version) return
    if (v > this.version + 1)
      throw new DeskError('stale', `expected version ${this.version + 1} of the store, got ${v}`)
    this.hash = h
    this.readEntry(payload)
    this.beginEntry(v, payload, isOrigin)
    for (const event of payload.events) this.recordEvent(event, evolve(this.state, event))
    this.endEntry()
  }

  /** Lets the projections read an entry whose events are in the state or are folded next. */
  readEntry(payload: StorePayload): void {
    for (const projection of this.#parts.projections) projection.readEntry?.(payload)
  }

  /** Begins an entry. The caller then folds each of its events into `state` and records it, in order. */
  beginEntry(version: number, { commands, events }: StorePayload, isOrigin = true): void {
    this.version = version
    this.#isOrigin = isOrigin
    for (const { id, outcome } of commands) this.idempotencyCache.rememberStored(id, outcome)
    this.#batch = events.length > 1 ? new NotificationBatch(this.#parts.eventBus) : null
  }

  /** Records an event that was just folded. The notifications of several are emitted at the end of the entry. */
  readonly recordEvent = (event: DomainEvent, edges: readonly Edge[]): void => {
    const { state, version } = this
    const { eventBus, projections } = this.#parts
    for (const projection of projections) {
      if (projection.eventTypes?.has(event.type) !== false) projection.record(state, event, edges)
    }
    this.#unrecorded = { event, edges }
    const sink: NotificationSink = this.#batch ?? eventBus
    emitEvent(sink, { event, edges, state, version, isOrigin: this.#isOrigin })
    this.#updateStatistics()
  }

  /** Returns the position of an open request in its queue, and the estimated wait. */
  positionOf(requestId: RequestId): QueuePosition | undefined {
    this.#updateStatistics()
    return this.#parts.queuePositions.position(requestId)
  }

  /** Returns the key figures over the sliding window that ends now. */
  metricsNow(): MetricsView {
    this.#updateStatistics()
    return this.#parts.metrics.view(this.state, this.now())
  }

  /** Records the newest event in the statistics, if it is not yet. To be called before they are read. */
  #updateStatistics(): void {
    if (this.#unrecorded === null) return
    const { event, edges } = this.#unrecorded
    this.#unrecorded = null
    this.#parts.metrics.record(this.state, event, edges)
    this.#parts.queuePositions.record(this.state, event)
  }

  /** Ends an entry: emits the changed positions, and the notifications that were held. */
  readonly endEntry = (): boolean => {
    const { eventBus, queuePositions } = this.#parts
    const { state, version } = this
    const batch = this.#batch
    this.#batch = null
    if (eventBus.hasListeners('position.changed')) {
      const changes = queuePositions.takeChanges()
      const sink: NotificationSink = batch ?? eventBus
      const header = { version, at: state.at, isOrigin: this.#isOrigin }
      if (changes.length > 0) sink.emit('position.changed', devFreeze({ changes, ...header }))
    }
    batch?.flush()
    return true
  }
}

const outcomesMax = 10_000

/** How many outcomes of ids that a desk generates are kept. */
const generatedIdOutcomesMax = 1_000

/** The first outcomes of the latest command ids, so that a repeated id gets the same outcome and changes nothing. */
export class IdempotencyCache {
  readonly #given = new LatestOutcomes(outcomesMax)
  readonly #generated = new LatestOutcomes(generatedIdOutcomesMax)

  /** Keeps the first outcome of an id. */
  remember(commandId: string, outcome: Outcome): void {
    const outcomes = commandId.startsWith(generatedIdPrefix) ? this.#generated : this.#given
    outcomes.add(commandId, outcome)
  }

  /** Keeps the first outcome of an id, as an entry of the store holds it. */
  rememberStored(commandId: string, outcome: unknown): void {
    this.remember(commandId, outcome as Outcome)
  }

  get(commandId: string): Outcome | undefined {
    return this.#given.get(commandId) ?? this.#generated.get(commandId)
  }

  /** Returns all outcomes, oldest first; those of generated ids last. */
  entries(): (readonly [string, Outcome])[] {
    return [...this.#given.entries(), ...this.#generated.entries()]
  }
}

/**
 * The outcomes of the latest ids. The ids stand in a ring, since a map is slow to find its first key after its first
 * keys were deleted: each search passes all of them.
 */
class LatestOutcomes {
  readonly #outcomes = new Map<string, Outcome>()
  readonly #ids: string[] = []
  readonly #max: number
  /** The place of the oldest id once the ring is full. */
  #oldest = 0

  constructor(max: number) {
    this.#max = max
  }

  add(id: string, outcome: Outcome): void {
    if (this.#outcomes.has(id)) return
    this.#outcomes.set(id, outcome)
    if (this.#ids.length < this.#max) return void this.#ids.push(id)
    this.#outcomes.delete(this.#ids[this.#oldest] ?? '')
    this.#ids[this.#oldest] = id
    this.#oldest = (this.#oldest + 1) % this.#max
  }

  get(id: string): Outcome | undefined {
    return this.#outcomes.get(id)
  }

  /** Oldest first. */
  entries(): Iterable<readonly [string, Outcome]> {
    return this.#outcomes
  }
}
