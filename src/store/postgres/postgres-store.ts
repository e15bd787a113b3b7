import { DeskError } from '../../core'
import type {
  AppendResult,
  EventStore,
  NodeHeartbeat,
  NodeLiveness,
  StoreBatch,
  StoreEntry,
  StoreHead,
  StoreSnapshot,
} from '../event-store'
import type { StoredEntry } from '../integrity'
import {
  createChainHash,
  divergedError,
  type HashChain,
  parseSnapshot,
  restoreError,
  verifyAppendedEntry,
  verifyEntries,
} from '../integrity'
import { type BackendStoreOptions, formatValue, parseStoreOptions } from '../store-options'
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
  /** The host's client: a `Pool` or a connected `Client` of `pg`, or a PGlite. It stays the host's. */
  readonly client: PostgresClient
  /** The Postgres schema of the tables, as given to `migrate`; `frontbell` when left out. */
  readonly schema?: string
  /** What must survive, checked at opening; `disk` when left out, `process` for PGlite. */
  readonly durability?: PostgresDurability
  /**
   * Whether appends notify other nodes, true when left out. Without it they find out by polling: kinder with very
   * many desks.
   */
  readonly notify?: boolean
  /**
   * How often the bell looks for entries that no notification announced, in milliseconds, 10 to 60 000; 1 000 when
   * left out.
   */
  readonly pollMs?: number
}

/**
 * A log in Postgres, for any number of nodes, or in one process through PGlite. `migrate` makes its tables first. It
 * opens at its first use, and checks then that the server takes writes and keeps what `durability` asks for.
 * @throws InvalidInputError for options that are none, all at once.
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
  #isClosed = false
  /** The server, since its last start, that this log has written to. */
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

  async append(expected: StoreHead, { payload, notBeforeAt }: StoreBatch): Promise<AppendResult> {
    const text = JSON.stringify(payload)
    const batch = [
      expected.v,
      expected.h,
      notBeforeAt,
      text,
      missedEntriesMax,
      this.#subscriptionOptions.notify,
      this.#serverIncarnation,
    ]
    const rows = await this.#runStatement(statements.append, batch)
    const { status, v, h, t, payload: life } = fieldsOfFirstRow(rows)
    if (status === 'restarted') throw this.#restartedError(String(life))
    if (status === 'conflict') return { status, missed: this.#verify(expected.v, rows) }
    if (status === 'diverged') return { status }
    if (status === 'early') return { status, t: Number(t) }
    this.#serverIncarnation = String(life)
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
    const problem = restoreError(this.#chain.desk, status, v)
    if (problem !== null) throw problem
  }

  async saveSnapshot({ v, h, t, schema, state }: StoreSnapshot): Promise<void> {
    const kept = [v, h, t, schema, JSON.stringify(state), v - this.#keepEntries + 1]
    const { status } = fieldsOfFirstRow(await this.#runStatement(statements.saveSnapshot, kept))
    if (status === 'foreign')
      throw divergedError(this.#chain.desk, `does not hold version ${v} of the snapshot with its hash`)
  }

  async loadSnapshot(): Promise<StoreSnapshot | null> {
    const { v, h, t, schema, state } = fieldsOfFirstRow(await this.#runStatement(statements.loadSnapshot, []))
    if (v === null || v === undefined) return null
    const stored = { v: Number(v), h: String(h), t: Number(t), schema: Number(schema), text: String(state) }
    return parseSnapshot(this.#chain.desk, stored)
  }

  /** A commit waits until everything written before it is as safe as itself. */
  async barrier(): Promise<void> {
    await this.#runStatement(statements.barrier, [])
  }

  async heartbeat({ node, forMs, others }: NodeHeartbeat): Promise<NodeLiveness> {
    const { t, alive } = fieldsOfFirstRow(
      await this.#runStatement(statements.heartbeat, [node, forMs, JSON.stringify(others)]),
    )
    const found = new Set(Array.isArray(alive) ? alive.map(String) : [])
    return { t: Number(t), alive: others.filter((other) => found.has(other)) }
  }

  subscribe(listener: (version?: number) => void): () => void {
    this.#assertOpen()
    const hangUp = PostgresSubscription.of(this.#subscriptionOptions).subscribe(this.#chain.desk, listener)
    const leave = (): void => {
      if (this.#subscriptions.delete(leave)) hangUp()
    }
    this.#subscriptions.add(leave)
    return leave
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const leave of [...this.#subscriptions]) leave()
  }

  /** Every statement begins with the desk and the generation, and answers `erased` when that is not the live one. */
  async #runStatement(statement: Statement, values: readonly unknown[]): Promise<readonly unknown[]> {
    this.#assertOpen()
    const generation = await this.#generation()
    const rows = await runStatement(this.#backend, statement, [this.#chain.desk, generation, ...values])
    if (fieldsOfFirstRow(rows).status !== 'erased') return rows
    throw new DeskError('closed', `Desk "${this.#chain.desk}" was erased: open its log anew.`)
  }

  /** The generation that this log opened at; asked anew after an opening that failed, never after one that did not. */
  #generation(): Promise<string> {
    this.#opening ??= this.#open().catch((failure) => {
      this.#opening = null
      throw failure
    })
    return this.#opening
  }

  async #open(): Promise<string> {
    await checkPostgresSettings(this.#backend, this.#durability)
    const { generation, life } = fieldsOfFirstRow(
      await runStatement(this.#backend, statements.openDesk, [this.#chain.desk]),
    )
    this.#serverIncarnation = String(life)
    return String(generation)
  }

  #verify(after: number, rows: readonly unknown[]): StoreEntry[] {
    return verifyEntries(after, parseEntryRows(rows), this.#chain)
  }

  /** Nothing was written. A server that started anew may have lost entries that some node can put back first. */
  #restartedError(life: string): DeskError {
    this.#serverIncarnation = life
    return new DeskError(
      'store-failed',
      `Postgres was started anew or replaced; desk "${this.#chain.desk}" looks first.`,
    )
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new DeskError('closed', `The log of desk "${this.#chain.desk}" is closed.`)
  }
}

/** Rows without an entry say only that there is none. */
function parseEntryRows(rows: readonly unknown[]): StoredEntry[] {
  const fields = rows.map((row) => fieldsOfFirstRow([row])).filter(({ v }) => v !== null && v !== undefined)
  return fields.map(({ v, h, t, payload }) => ({ v: Number(v), h: String(h), t: Number(t), text: String(payload) }))
}

/**
 * What the host counts on Postgres for: `process` asks only for a server that takes writes, `disk` also for one that
 * flushes before it answers, so that a commit survives the loss of power.
 */
export type PostgresDurability = 'process' | 'disk'

const serverSettingsQuery = `select current_setting('server_version_num') as version, pg_is_in_recovery() as standby,
  current_setting('synchronous_commit') as commits, current_setting('fsync') as fsync`

/** @throws DeskError `store-failed`, naming the setting to change, when this server cannot keep what is asked. */
export async function checkPostgresSettings(engine: PostgresBackend, durability: PostgresDurability): Promise<void> {
  const about = fieldsOfFirstRow(
    await runStatement(engine, { operation: 'check the server', text: serverSettingsQuery }, []),
  )
  const problem = settingsProblem(about, durability)
  if (problem !== null) throw new DeskError('store-failed', problem)
}

function settingsProblem(about: Readonly<Record<string, unknown>>, durability: PostgresDurability): string | null {
  if (!(Number(about.version) >= 120_000))
    return `Postgres is version ${about.version}, expected 12 or newer: update it.`
  if (about.standby === true) return 'Postgres is a standby, which takes no writes: connect to the primary server.'
  if (durability === 'process') return null
  const or = "or say durability: 'process' to do without"
  if (about.fsync !== 'on')
    return `Postgres has fsync = ${about.fsync}, expected on for durability "disk": set it, ${or}.`
  if (about.commits !== 'off') return null
  return `Postgres has synchronous_commit = off, expected another value for durability "disk": set it to on, ${or}.`
}
