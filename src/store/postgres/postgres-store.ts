import { DeskError } from '../../core'
import type {
  AppendResult,
  EventStore,
  NodeHeartbeat,
  NodeLiveness,
  NodeRoll,
  StoreBatch,
  StoreEntry,
  StoreHead,
  StoreSnapshot,
} from '../event-store'
import {
  createChainHash,
  divergedError,
  type HashChain,
  parseSnapshot,
  restoreError,
  type StoredEntry,
  verifyAppendedEntry,
  verifyEntries,
} from '../integrity'
import { type BackendStoreOptions, formatValue, parseStoreOptions, SettingsCheck } from '../store-options'
import { conflictResult } from '../writer-turns'
import { schemaIssue } from './administration'
import {
  fieldsOfFirstRow,
  isPglite,
  type PostgresBackend,
  type PostgresClient,
  postgresClientIssue,
  runStatement,
  type Statement,
} from './postgres-client'
import * as statements from './postgres-statements'
import { PostgresSubscription, type PostgresSubscriptionOptions } from './postgres-subscription'

export interface PostgresStoreOptions extends BackendStoreOptions {
  /** The host's client: a `Pool` or a connected `Client` of `pg`, or a PGlite. The host closes it. */
  readonly client: PostgresClient
  /** The Postgres schema of the tables, as given to `migrate`; `frontbell` when left out. */
  readonly schema?: string
  /** What must survive, checked at opening; `disk` when left out, `process` for PGlite. */
  readonly durability?: PostgresDurability
  /** Whether appends notify other nodes, true when left out. Without it they poll: less load with very many desks. */
  readonly notify?: boolean
  /** How often to poll for entries without a notification, in milliseconds, 10 to 60 000; 1 000 when left out. */
  readonly pollMs?: number
}

/**
 * Returns a store in Postgres, for any number of nodes, or in one process through PGlite. `migrate` creates its tables
 * first. It opens at its first use, and checks then that the server accepts writes and keeps what `durability`
 * requires.
 * @throws InvalidInputError for invalid options, all at once.
 */
export function postgresStore(options: PostgresStoreOptions): EventStore {
  return new PostgresStore(options)
}

const missedEntriesMax = 500

class PostgresStore implements EventStore {
  readonly #backend: PostgresBackend
  readonly #chain: HashChain
  readonly #subscriptionOptions: PostgresSubscriptionOptions
  readonly #durability: PostgresDurability
  readonly #keepEntries: number
  readonly #subscriptions = new Set<() => void>()
  #opening: Promise<string> | null = null
  readonly #settingsCheck = new SettingsCheck()
  #isClosed = false
  /** The server, since its last start, that this store has written to. */
  #serverIncarnation = ''

  constructor(input: PostgresStoreOptions) {
    const { client, schema = 'frontbell', notify = true, pollMs = 1_000 } = input
    const { durability = isPglite(Object(client)) ? 'process' : 'disk' } = input
    const { desk, timeoutMs, keepEntries } = parseStoreOptions(input, [
      postgresClientIssue(client),
      schemaIssue(schema),
      ['process', 'disk'].includes(durability)
        ? null
        : { path: ['durability'], expected: "'process' or 'disk'", got: formatValue(durability) },
      typeof notify === 'boolean' ? null : { path: ['notify'], expected: 'true or false', got: formatValue(notify) },
      Number.isInteger(pollMs) && pollMs >= 10 && pollMs <= 60_000
        ? null
        : { path: ['pollMs'], expected: 'a whole number from 10 to 60000', got: formatValue(pollMs) },
    ])
    this.#backend = { client, desk, timeoutMs, schema }
    this.#chain = { desk, hash: createChainHash('sha256') }
    this.#subscriptionOptions = { client, schema, notify, pollMs }
    this.#durability = durability
    this.#keepEntries = keepEntries
  }

  async read(after: number, limit: number): Promise<readonly StoreEntry[]> {
    const rows = await this.#runStatement(statements.read, [after, limit + 1])
    return this.#verify(after, rows).slice(0, limit)
  }

  async append(expected: StoreHead, { payload, notBeforeAt, turnMs }: StoreBatch): Promise<AppendResult> {
    const text = JSON.stringify(payload)
    const position = [expected.v, expected.h, notBeforeAt, text, missedEntriesMax]
    const server = [this.#subscriptionOptions.notify, this.#serverIncarnation]
    const turn = [payload.src ?? '', turnMs ?? null]
    const rows = await this.#runStatement(statements.append, [...position, ...server, ...turn])
    const { status, v, h, t, payload: incarnation } = fieldsOfFirstRow(rows)
    if (status === 'restarted') throw this.#restartedError(String(incarnation))
    if (status === 'conflict' || status === 'conflict with turn')
      return conflictResult(this.#verify(expected.v, rows), status !== 'conflict')
    if (status === 'diverged') return { status }
    if (status === 'deferred') return { status, forMs: Number(t) }
    if (status === 'early') return { status, t: Number(t) }
    this.#serverIncarnation = String(incarnation)
    const stored = { v: Number(v), h: String(h), t: Number(t), text, payload }
    return { status: 'appended', entry: verifyAppendedEntry(expected, stored, this.#chain) }
  }

  async head(): Promise<StoreHead> {
    const { v, h } = fieldsOfFirstRow(await this.#runStatement(statements.head, []))
    return { v: Number(v), h: String(h) }
  }

  async restore(entries: readonly StoreEntry[]): Promise<void> {
    const verbatim = entries.map(({ v, h, t, payload }) => ({ v, h, t, payload: JSON.stringify(payload) }))
    const { status, v } = fieldsOfFirstRow(
      await this.#runStatement(statements.restore, [JSON.stringify(verbatim), this.#subscriptionOptions.notify]),
    )
    const error = restoreError(this.#chain.desk, status, v)
    if (error !== null) throw error
  }

  async saveSnapshot({ v, h, t, schema, state }: StoreSnapshot): Promise<void> {
    const snapshot = [v, h, t, schema, JSON.stringify(state), v - this.#keepEntries + 1]
    const { status } = fieldsOfFirstRow(await this.#runStatement(statements.saveSnapshot, snapshot))
    if (status === 'foreign')
      throw divergedError(this.#chain.desk, `does not hold version ${v} of the snapshot with its hash`)
  }

  async loadSnapshot(): Promise<StoreSnapshot | null> {
    const { v, h, t, schema, state } = fieldsOfFirstRow(await this.#runStatement(statements.loadSnapshot, []))
    if (v === null || v === undefined) return null
    const stored = { v: Number(v), h: String(h), t: Number(t), schema: Number(schema), text: String(state) }
    return parseSnapshot(this.#chain.desk, stored)
  }

  /** Commits, which waits until everything written before it is as safe as the commit itself. */
  async barrier(): Promise<void> {
    await this.#runStatement(statements.barrier, [])
  }

  async heartbeat({ node, forMs, others, ...onRoll }: NodeHeartbeat): Promise<NodeLiveness> {
    const { syncedIn = '', roll = [], needsSnapshot = false, isLeaving = false } = onRoll
    const own = [node, forMs, JSON.stringify(others), syncedIn, JSON.stringify(roll)]
    const flags = [needsSnapshot, isLeaving, this.#subscriptionOptions.notify]
    const fields = fieldsOfFirstRow(await this.#runStatement(statements.heartbeat, [...own, ...flags]))
    const names = new Set(Array.isArray(fields.alive) ? fields.alive.map(String) : [])
    this.#settingsCheck.observe(String(fields.server))
    return {
      t: Number(fields.t),
      alive: others.filter((other) => names.has(other)),
      roll: parseRoll(fields),
      isSnapshotNeeded: fields.is_snapshot_needed === true,
      settingsProblem: await this.#settingsCheck.runWhenDue(() => this.#findSettingsProblem()),
    }
  }

  subscribe(listener: (version?: number) => void): () => void {
    this.#assertOpen()
    const subscription = PostgresSubscription.of(this.#subscriptionOptions)
    const removeListener = subscription.subscribe(this.#chain.desk, (version) => {
      if (version === undefined) this.#settingsCheck.expire()
      listener(version)
    })
    const unsubscribe = (): void => {
      if (this.#subscriptions.delete(unsubscribe)) removeListener()
    }
    this.#subscriptions.add(unsubscribe)
    return unsubscribe
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const unsubscribe of [...this.#subscriptions]) unsubscribe()
  }

  /** Every statement begins with the desk and the generation, and returns `erased` when that is not the live one. */
  async #runStatement(statement: Statement, values: readonly unknown[]): Promise<readonly unknown[]> {
    this.#assertOpen()
    const generation = await this.#generation()
    const rows = await runStatement(this.#backend, statement, [this.#chain.desk, generation, ...values])
    if (fieldsOfFirstRow(rows).status !== 'erased') return rows
    throw new DeskError('closed', `Desk "${this.#chain.desk}" was erased: open it anew.`)
  }

  /** Returns the generation that this store opened at; reads it again only after an opening that failed. */
  #generation(): Promise<string> {
    this.#opening ??= this.#open().catch((failure) => {
      this.#opening = null
      throw failure
    })
    return this.#opening
  }

  async #open(): Promise<string> {
    const problem = await this.#settingsCheck.run(() => this.#findSettingsProblem())
    if (problem !== null) throw new DeskError('store-failed', problem)
    const rows = await runStatement(this.#backend, statements.openDesk, [this.#chain.desk])
    const { generation, incarnation } = fieldsOfFirstRow(rows)
    this.#serverIncarnation = String(incarnation)
    return String(generation)
  }

  /** Returns which setting of the server cannot keep what is required, and what to set; `null` for none. */
  async #findSettingsProblem(): Promise<string | null> {
    const rows = await runStatement(this.#backend, { operation: 'check the server', text: serverSettingsQuery }, [])
    return settingsProblem(fieldsOfFirstRow(rows), this.#durability)
  }

  #verify(after: number, rows: readonly unknown[]): StoreEntry[] {
    return verifyEntries(after, parseEntryRows(rows), this.#chain)
  }

  /** Nothing was written. A restarted server may have lost entries that a node can put back first. */
  #restartedError(incarnation: string): DeskError {
    this.#serverIncarnation = incarnation
    const message = `Postgres was restarted or replaced; desk "${this.#chain.desk}" reads it first.`
    return new DeskError('store-failed', message)
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new DeskError('closed', `The store of desk "${this.#chain.desk}" is closed.`)
  }
}

/** A row without an entry means that there is none. */
function parseEntryRows(rows: readonly unknown[]): StoredEntry[] {
  const fields = rows.map((row) => fieldsOfFirstRow([row])).filter(({ v }) => v !== null && v !== undefined)
  return fields.map(({ v, h, t, payload }) => ({ v: Number(v), h: String(h), t: Number(t), text: String(payload) }))
}

/**
 * What must survive: `process` requires only a server that accepts writes, `disk` also one that flushes before it
 * answers, so that a commit survives a power failure.
 */
export type PostgresDurability = 'process' | 'disk'

const serverSettingsQuery = `select current_setting('server_version_num') as version, pg_is_in_recovery() as standby,
  current_setting('synchronous_commit') as commits, current_setting('fsync') as fsync,
  current_setting('transaction_read_only') as readonly`

function settingsProblem(settings: Readonly<Record<string, unknown>>, durability: PostgresDurability): string | null {
  if (!(Number(settings.version) >= 120_000))
    return `Postgres is version ${settings.version}, expected 12 or newer: update it.`
  if (settings.standby === true) return 'Postgres is a standby, which accepts no writes: connect to the primary server.'
  if (settings.readonly === 'on')
    return 'Postgres has default_transaction_read_only = on for this connection, so it accepts no writes: set it to off.'
  if (durability === 'process') return null
  const or = "or set durability: 'process' to do without it"
  if (settings.fsync !== 'on')
    return `Postgres has fsync = ${settings.fsync}, expected on for durability "disk": set it, ${or}.`
  if (settings.commits !== 'off') return null
  return `Postgres has synchronous_commit = off, expected another value for durability "disk": set it to on, ${or}.`
}

function parseRoll({ server, age_ms: ageMs, nodes }: Readonly<Record<string, unknown>>): NodeRoll {
  const pairs: readonly unknown[][] = Array.isArray(nodes) ? nodes : []
  const parsed = pairs.map(([node, isSynced]) => ({ node: String(node), isSynced: isSynced === true }))
  return { incarnation: String(server), ageMs: Number(ageMs), nodes: parsed }
}
