import * as z from 'zod/mini'
import type { DeskState, StateSnapshot } from '../../core'
import { DeskError, InvalidInputError, restoreState, toStateSnapshot } from '../../core'
import { isRecord, parseOrThrow, parseWithSchema, wholeNumber } from '../../input'
import { type EventStore, isSynchronous, type StoreHead, type StoreSnapshot, upcast } from '../../store'
import type { Outcome } from '../api/outcome'
import type { OwnedSession, SessionOwners } from '../cluster/session-ownership'
import type { EventBus } from '../events/event-bus'
import type { DeskAggregate } from './desk-aggregate'
import { type RequestTraces, restoreTraces, tracesOf } from './request-router'

/** A whole desk at one version, as plain JSON: what `desk.snapshot()` returns and `openDesk({ snapshot })` accepts. */
export interface DeskSnapshot extends StoreSnapshot {
  readonly state: {
    readonly desk: StateSnapshot
    /** The first outcomes of the latest command ids, oldest first. */
    readonly answers: readonly (readonly [string, unknown])[]
    /** Which node holds which sessions; absent where there is one node. */
    readonly nodes?: SessionOwners
    /** Why requests were routed as they were; absent where no workflow was evaluated for any. */
    readonly traces?: RequestTraces
  }
}

/** Returns the snapshot of a desk at a version. */
export function toDeskSnapshot(aggregate: DeskAggregate, { v, h }: StoreHead, nodes: SessionOwners = []): DeskSnapshot {
  const state = toSnapshotState(aggregate)
  return { schema: 1, v, h, t: aggregate.state.at, state: nodes.length === 0 ? state : { ...state, nodes } }
}

export function toSnapshotState({ state, idempotencyCache }: DeskAggregate): DeskSnapshot['state'] {
  const traces = tracesOf(state)
  const snapshot = { desk: toStateSnapshot(state), answers: idempotencyCache.entries() }
  return traces.length === 0 ? snapshot : { ...snapshot, traces }
}

export function restoreAggregate(aggregate: DeskAggregate, snapshot: DeskSnapshot): void {
  const { v, h, state } = snapshot
  aggregate.restoreState(restoreStateFrom(snapshot))
  aggregate.version = v
  aggregate.hash = h
  for (const [id, outcome] of state.answers) aggregate.idempotencyCache.remember(id, outcome as Outcome)
}

/** @throws InvalidInputError for a snapshot that is damaged inside. */
export function restoreStateFrom({ state }: DeskSnapshot): DeskState {
  try {
    const restored = restoreState(state.desk)
    restoreTraces(restored, state.traces ?? [])
    return restored
  } catch (cause) {
    const expected = 'the state of a desk as one wrote it'
    throw new InvalidInputError([{ path: ['snapshot', 'state', 'desk'], expected, got: `one that fails: ${cause}` }])
  }
}

const schemaError = { error: '1, the schema of this release' }
const stateError = { error: 'the state of a desk' }
const listError = { error: 'a list' }

/** The parts of a snapshot; what stands in the parts was written by a desk and is trusted. */
const snapshotSchema = z.looseObject(
  {
    schema: z.literal(1, schemaError),
    v: wholeNumber(0, Number.MAX_SAFE_INTEGER, 'a version'),
    h: z.string({ error: 'a hash' }),
    t: z.number({ error: 'an instant' }),
    state: z.looseObject(
      {
        desk: z.looseObject({ schema: z.literal(1, schemaError) }, stateError),
        answers: z.array(z.unknown(), listError),
        nodes: z.optional(z.array(z.unknown(), listError)),
        traces: z.optional(z.array(z.unknown(), listError)),
      },
      stateError,
    ),
  },
  { error: 'a snapshot of a desk' },
)

/**
 * Parses a snapshot's version, hash, schema and parts.
 * @throws InvalidInputError with every problem found, for one that no desk of this release wrote.
 */
export function parseSnapshot(given: unknown): DeskSnapshot {
  const written = isRecord(given) ? upcast('The snapshot', given, 'snapshot') : given
  const input = written instanceof DeskError ? given : written
  parseOrThrow((issues) => parseWithSchema(snapshotSchema, input, { path: ['snapshot'], issues }))
  return input as DeskSnapshot
}

export interface RestoreSource {
  readonly store: EventStore
  /** Given by the host. A newer one in the store takes precedence. */
  readonly snapshot: DeskSnapshot | undefined
}

/**
 * Restores a new aggregate from the newest snapshot, which it returns; the caller applies the entries after it. Saves
 * the host's snapshot first where the store is empty.
 */
export async function restoreFromStore(
  aggregate: DeskAggregate,
  { store, snapshot }: RestoreSource,
): Promise<DeskSnapshot | undefined> {
  if (snapshot !== undefined && (await isStoreEmptyFor(store, snapshot))) {
    restoreAggregate(aggregate, snapshot) // before it is saved: a damaged one throws here
    const owned = isSynchronous(store) ? snapshot : withOwners(snapshot, aggregate.state)
    await store.saveSnapshot(owned)
    return owned
  }
  const saved = await store.loadSnapshot()
  const newest = newerSnapshot(saved === null ? undefined : parseStoredSnapshot(saved), snapshot)
  if (newest !== undefined) restoreAggregate(aggregate, newest)
  return newest
}

/** Names an owner that has no heartbeat for each session that no node owns: its process is gone, so it ends. */
function withOwners(snapshot: DeskSnapshot, desk: DeskState): DeskSnapshot {
  const { nodes = [] } = snapshot.state
  const keys = new Set(nodes.flatMap(([, sessions]) => sessions.map((session) => JSON.stringify(session))))
  const ownerless = sessionsIn(desk).filter((session) => !keys.has(JSON.stringify(session)))
  if (ownerless.length === 0) return snapshot
  return { ...snapshot, state: { ...snapshot.state, nodes: [...nodes, ['snapshot', ownerless]] } }
}

/** Returns the sessions of a desk that belong to a process. */
function sessionsIn({ staff, visitors }: DeskState): OwnedSession[] {
  const ofStaff = [...staff.values()].flatMap(({ id, sessions }) =>
    [...sessions.keys()].map((sessionId): OwnedSession => [id, sessionId]),
  )
  const ofVisitors = [...visitors.values()].flatMap(({ id, sessions }) =>
    [...sessions.keys()].map((sessionId): OwnedSession => [id, sessionId, 'visitor']),
  )
  return [...ofStaff, ...ofVisitors.filter(([, sessionId]) => sessionId !== '')]
}

async function isStoreEmptyFor(store: EventStore, snapshot: DeskSnapshot): Promise<boolean> {
  const { v } = await store.head()
  if (v > 0 && v < snapshot.v) {
    throw new DeskError('store-diverged', `expected a store that continues version ${snapshot.v}, got one at ${v}`)
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

/**
 * At least this many entries between two snapshots, and this many for each item of the state: larger ones are rarer.
 */
const entriesBetweenMinDefault = 10_000
const entriesPerStateItem = 4

export interface SnapshotSchedulerOptions {
  readonly aggregate: DeskAggregate
  readonly store: EventStore
  readonly eventBus: EventBus
  readonly entriesBetweenMin?: number
  readonly sessionOwners?: () => SessionOwners
}

/** Saves a snapshot after a number of entries, so that the store may drop older entries and a desk opens fast. */
export class SnapshotScheduler {
  readonly #parts: SnapshotSchedulerOptions
  readonly #entriesMin: number
  #nextVersion: number

  constructor(parts: SnapshotSchedulerOptions) {
    this.#parts = parts
    this.#entriesMin = parts.entriesBetweenMin ?? entriesBetweenMinDefault
    this.#nextVersion = this.#entriesMin
  }

  scheduleAfter(version: number): void {
    const { requests, staff, visitors } = this.#parts.aggregate.state
    const entries = entriesPerStateItem * (requests.size + staff.size + visitors.size)
    this.#nextVersion = version + Math.max(this.#entriesMin, entries)
  }

  saveWhenDue(): void {
    if (this.#parts.aggregate.version >= this.#nextVersion) this.saveNow()
  }

  saveNow(): void {
    const { aggregate, store, eventBus, sessionOwners } = this.#parts
    const { version, hash } = aggregate
    this.scheduleAfter(version)
    const onFailure = (cause: unknown) => {
      eventBus.emit('error', new DeskError('store-failed', `the snapshot at version ${version} failed`, cause))
    }
    store.saveSnapshot(toDeskSnapshot(aggregate, { v: version, h: hash }, sessionOwners?.() ?? [])).catch(onFailure)
  }
}
