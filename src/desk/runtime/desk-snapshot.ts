import type { DeskState, StateSnapshot } from '../../core'
import { DeskError, describeValue, InvalidInputError, restoreState, toStateSnapshot } from '../../core'
import { isRecord } from '../../input'
import { type EventStore, isSynchronous, type StoreHead, type StoreSnapshot, upcast } from '../../store'
import type { Outcome } from '../api/outcome'
import type { SessionOwners } from '../cluster/session-ownership'
import type { EventBus } from '../events/event-bus'
import type { DeskAggregate } from './desk-aggregate'

/** A whole desk at one version, as plain JSON: what `desk.snapshot()` gives and `openDesk({snapshot})` takes. */
export interface DeskSnapshot extends StoreSnapshot {
  readonly state: {
    readonly desk: StateSnapshot
    /** First answers to the latest command ids, oldest first. */
    readonly answers: readonly (readonly [string, unknown])[]
    /** Which node holds which sessions; left out where there is but one. */
    readonly nodes?: SessionOwners
  }
}

export function toDeskSnapshot(kernel: DeskAggregate, { v, h }: StoreHead, nodes: SessionOwners = []): DeskSnapshot {
  const state = toSnapshotState(kernel)
  return { schema: 1, v, h, t: kernel.state.at, state: nodes.length === 0 ? state : { ...state, nodes } }
}

export function toSnapshotState({ state, idempotencyCache }: DeskAggregate): DeskSnapshot['state'] {
  return { desk: toStateSnapshot(state), answers: idempotencyCache.entries() }
}

export function restoreAggregate(kernel: DeskAggregate, snapshot: DeskSnapshot): void {
  const { v, h, state } = snapshot
  kernel.restoreState(restoreStateFrom(snapshot))
  kernel.version = v
  kernel.hash = h
  for (const [id, outcome] of state.answers) kernel.idempotencyCache.remember(id, outcome as Outcome)
}

/** @throws InvalidInputError when it is damaged inside. */
export function restoreStateFrom({ state }: DeskSnapshot): DeskState {
  try {
    return restoreState(state.desk)
  } catch (cause) {
    const expected = 'the state of a desk as one wrote it'
    throw new InvalidInputError([{ path: ['snapshot', 'state', 'desk'], expected, got: `one that fails: ${cause}` }])
  }
}

/**
 * Looks at what makes a snapshot one: its version, hash, schema and parts. What stands in the parts was written by a
 * desk and is trusted.
 * @throws InvalidInputError when it is none of this release.
 */
export function parseSnapshot(given: unknown): DeskSnapshot {
  if (!isRecord(given)) throw snapshotError([], 'a snapshot of a desk', given)
  const written = upcast('The snapshot', given, 'snapshot')
  const input = written instanceof DeskError ? given : written
  if (input.schema !== 1) throw snapshotError(['schema'], '1, the schema of this release', input.schema)
  if (!Number.isSafeInteger(input.v) || Number(input.v) < 0) throw snapshotError(['v'], 'a version', input.v)
  if (typeof input.h !== 'string') throw snapshotError(['h'], 'a hash', input.h)
  if (typeof input.t !== 'number') throw snapshotError(['t'], 'an instant', input.t)
  const { state } = input
  if (!isRecord(state)) throw snapshotError(['state'], 'the state of a desk', state)
  if (!isRecord(state.desk)) throw snapshotError(['state', 'desk'], 'the state of a desk', state.desk)
  if (state.desk.schema !== 1)
    throw snapshotError(['state', 'desk', 'schema'], '1, the schema of this release', state.desk.schema)
  if (!Array.isArray(state.answers)) throw snapshotError(['state', 'answers'], 'a list', state.answers)
  if (!Array.isArray(state.nodes ?? [])) throw snapshotError(['state', 'nodes'], 'a list', state.nodes)
  return input as unknown as DeskSnapshot
}

function snapshotError(path: readonly string[], expected: string, value: unknown): InvalidInputError {
  return new InvalidInputError([{ path: ['snapshot', ...path], expected, got: describeValue(value) }])
}

export interface RestoreSource {
  readonly store: EventStore
  /** Given by the host; a newer one in the log goes before it. */
  readonly snapshot: DeskSnapshot | undefined
}

/**
 * Brings a new kernel to the newest snapshot there is, which is returned; the entries after it are the caller's to
 * take. A log that is empty is given the host's snapshot to begin with.
 */
export async function restoreFromStore(
  kernel: DeskAggregate,
  { store, snapshot }: RestoreSource,
): Promise<DeskSnapshot | undefined> {
  if (snapshot !== undefined && (await isStoreEmptyFor(store, snapshot))) {
    restoreAggregate(kernel, snapshot) // first: a damaged one is not brought
    await store.saveSnapshot(snapshot)
    return snapshot
  }
  const saved = await store.loadSnapshot()
  const newest = newerSnapshot(saved === null ? undefined : parseStoredSnapshot(saved), snapshot)
  if (newest !== undefined) restoreAggregate(kernel, newest)
  return newest
}

async function isStoreEmptyFor(store: EventStore, snapshot: DeskSnapshot): Promise<boolean> {
  const { v } = await store.head()
  if (v > 0 && v < snapshot.v) {
    throw new DeskError('store-diverged', `expected a log that goes on from version ${snapshot.v}, got one of ${v}`)
  }
  return v === 0
}

function newerSnapshot(one: DeskSnapshot | undefined, other: DeskSnapshot | undefined): DeskSnapshot | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one.v >= other.v ? one : other
}

export function parseStoredSnapshot(saved: StoreSnapshot): DeskSnapshot {
  const written = upcast(`The snapshot at version ${saved.v}`, { ...saved }, 'snapshot')
  if (written instanceof DeskError) throw written
  return parseSnapshot(written)
}

/** At least so many entries between two snapshots, and so many for each thing in the state, so that none is dear. */
const entriesBetweenMinDefault = 10_000
const entriesPerStateItem = 4

export interface SnapshotSchedulerOptions {
  readonly aggregate: DeskAggregate
  readonly store: EventStore
  readonly eventBus: EventBus
  readonly entriesBetweenMin?: number
  readonly sessionOwners?: () => SessionOwners
}

/** Gives the log a snapshot now and then, so that it may forget what is older and a desk opens soon. */
export class SnapshotScheduler {
  readonly #kernel: DeskAggregate
  readonly #store: EventStore
  readonly #announcer: EventBus
  readonly #entriesMin: number
  readonly #nodes: () => SessionOwners
  readonly #leave: () => void
  #nextVersion: number

  constructor({
    aggregate,
    store,
    eventBus,
    entriesBetweenMin = entriesBetweenMinDefault,
    sessionOwners = () => [],
  }: SnapshotSchedulerOptions) {
    this.#entriesMin = entriesBetweenMin
    this.#nextVersion = entriesBetweenMin
    this.#nodes = sessionOwners
    this.#kernel = aggregate
    this.#store = store
    this.#announcer = eventBus
    const holder = { version: () => aggregate.version, state: () => toSnapshotState(aggregate) }
    this.#leave = isSynchronous(store) ? store.attachSnapshotSource(holder) : () => {}
  }

  /** A log of this process keeps the state from now on, which it could ask for until then. */
  close(): void {
    this.#leave()
  }

  scheduleAfter(version: number): void {
    const { requests, staff, visitors } = this.#kernel.state
    const entries = entriesPerStateItem * (requests.size + staff.size + visitors.size)
    this.#nextVersion = version + Math.max(this.#entriesMin, entries)
  }

  saveWhenDue(): void {
    const { version, hash } = this.#kernel
    if (version < this.#nextVersion || isSynchronous(this.#store)) return
    this.scheduleAfter(version)
    const failed = (cause: unknown) => {
      this.#announcer.emit('error', new DeskError('store-failed', `the snapshot at version ${version} failed`, cause))
    }
    this.#store.saveSnapshot(toDeskSnapshot(this.#kernel, { v: version, h: hash }, this.#nodes())).catch(failed)
  }
}
