import { DeskError } from '../../core'
import { engineHash } from '../engine-hash'
import { type EngineOptions, engineOptions, shown } from '../engine-options'
import type {
  AppendResult,
  EventLog,
  LogBatch,
  LogEntry,
  LogHead,
  LogSnapshot,
  RollAnswer,
  RollCall,
} from '../event-log'
import { diverged, restoreProblem } from '../restore-problem'
import type { StoredEntry } from '../stored-entry'
import { snapshotFrom } from '../stored-snapshot'
import { type Chain, ownEntry, verifiedEntries } from '../verified-entries'
import { schemaIssue } from './migrate'
import { PostgresBell, type PostgresBellOptions } from './postgres-bell'
import { firstRow, isInProcess, type PostgresClient, postgresClientIssue } from './postgres-client'
import { ask, type PostgresEngine, type Statement } from './postgres-engine'
import { checkPostgresSettings, type PostgresDurability } from './postgres-settings'
import * as statements from './postgres-statements'

export interface PostgresLogOptions extends EngineOptions {
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
export function postgresLog(options: PostgresLogOptions): EventLog {
  return new PostgresLog(options)
}

const missedMax = 500

class PostgresLog implements EventLog {
  readonly #engine: PostgresEngine
  readonly #chain: Chain
  readonly #bell: PostgresBellOptions
  readonly #durability: PostgresDurability
  readonly #keepEntries: number
  readonly #leave = new Set<() => void>()
  #opening: Promise<string> | null = null
  #isClosed = false
  /** The server, since its last start, that this log has written to. */
  #serverLife = ''

  constructor(input: PostgresLogOptions) {
    const { client, schema = 'frontbell', notify = true, pollMs = 1_000 } = input
    const { durability = isInProcess(Object(client)) ? 'process' : 'disk' } = input
    const { desk, timeoutMs, keepEntries } = engineOptions(input, [
      postgresClientIssue(client),
      schemaIssue(schema),
      ['process', 'disk'].includes(durability)
        ? null
        : { path: ['durability'], expected: "'process' or 'disk'", got: shown(durability) },
      typeof notify === 'boolean' ? null : { path: ['notify'], expected: 'true or false', got: shown(notify) },
      Number.isInteger(pollMs) && pollMs >= 10 && pollMs <= 60_000
        ? null
        : { path: ['pollMs'], expected: 'a whole number from 10 to 60000', got: shown(pollMs) },
    ])
    this.#engine = { client, desk, timeoutMs, schema }
    this.#chain = { desk, hash: engineHash('sha256') }
    this.#bell = { client, schema, notify, pollMs }
    this.#durability = durability
    this.#keepEntries = keepEntries
  }

  async read(after: number, limit: number): Promise<readonly LogEntry[]> {
    const rows = await this.#run(statements.read, [after, limit + 1])
    return this.#verified(after, rows).slice(0, limit)
  }

  async append(expected: LogHead, { payload, notBeforeAt }: LogBatch): Promise<AppendResult> {
    const text = JSON.stringify(payload)
    const batch = [expected.v, expected.h, notBeforeAt, text, missedMax, this.#bell.notify, this.#serverLife]
    const rows = await this.#run(statements.append, batch)
    const { status, v, h, t, payload: life } = firstRow(rows)
    if (status === 'restarted') throw this.#restarted(String(life))
    if (status === 'conflict') return { status, missed: this.#verified(expected.v, rows) }
    if (status === 'diverged') return { status }
    if (status === 'early') return { status, t: Number(t) }
    this.#serverLife = String(life)
    const stored = { v: Number(v), h: String(h), t: Number(t), text, payload }
    return { status: 'appended', entry: ownEntry(expected, stored, this.#chain) }
  }

  async head(): Promise<LogHead> {
    const { v, h } = firstRow(await this.#run(statements.head, []))
    return { v: Number(v), h: String(h) }
  }

  async restore(entries: readonly LogEntry[]): Promise<void> {
    const verbatim = entries.map(({ v, h, t, payload }) => ({ v, h, t, payload: JSON.stringify(payload) }))
    const { status, v } = firstRow(await this.#run(statements.restore, [JSON.stringify(verbatim), this.#bell.notify]))
    const problem = restoreProblem(this.#chain.desk, status, v)
    if (problem !== null) throw problem
  }

  async saveSnapshot({ v, h, t, schema, state }: LogSnapshot): Promise<void> {
    const kept = [v, h, t, schema, JSON.stringify(state), v - this.#keepEntries + 1]
    const { status } = firstRow(await this.#run(statements.saveSnapshot, kept))
    if (status === 'foreign')
      throw diverged(this.#chain.desk, `does not hold version ${v} of the snapshot with its hash`)
  }

  async loadSnapshot(): Promise<LogSnapshot | null> {
    const { v, h, t, schema, state } = firstRow(await this.#run(statements.loadSnapshot, []))
    if (v === null || v === undefined) return null
    const stored = { v: Number(v), h: String(h), t: Number(t), schema: Number(schema), text: String(state) }
    return snapshotFrom(this.#chain.desk, stored)
  }

  /** A commit waits until everything written before it is as safe as itself. */
  async barrier(): Promise<void> {
    await this.#run(statements.fence, [])
  }

  async rollCall({ node, forMs, others }: RollCall): Promise<RollAnswer> {
    const { t, alive } = firstRow(await this.#run(statements.rollCall, [node, forMs, JSON.stringify(others)]))
    const found = new Set(Array.isArray(alive) ? alive.map(String) : [])
    return { t: Number(t), alive: others.filter((other) => found.has(other)) }
  }

  bell(listener: (version?: number) => void): () => void {
    this.#mustBeOpen()
    const hangUp = PostgresBell.of(this.#bell).listen(this.#chain.desk, listener)
    const leave = (): void => {
      if (this.#leave.delete(leave)) hangUp()
    }
    this.#leave.add(leave)
    return leave
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const leave of [...this.#leave]) leave()
  }

  /** Every statement begins with the desk and the generation, and answers `erased` when that is not the live one. */
  async #run(statement: Statement, values: readonly unknown[]): Promise<readonly unknown[]> {
    this.#mustBeOpen()
    const generation = await this.#opened()
    const rows = await ask(this.#engine, statement, [this.#chain.desk, generation, ...values])
    if (firstRow(rows).status !== 'erased') return rows
    throw new DeskError('closed', `Desk "${this.#chain.desk}" was erased: open its log anew.`)
  }

  /** The generation that this log opened at; asked anew after an opening that failed, never after one that did not. */
  #opened(): Promise<string> {
    this.#opening ??= this.#open().catch((failure) => {
      this.#opening = null
      throw failure
    })
    return this.#opening
  }

  async #open(): Promise<string> {
    await checkPostgresSettings(this.#engine, this.#durability)
    const { generation, life } = firstRow(await ask(this.#engine, statements.open, [this.#chain.desk]))
    this.#serverLife = String(life)
    return String(generation)
  }

  #verified(after: number, rows: readonly unknown[]): LogEntry[] {
    return verifiedEntries(after, storedEntriesFrom(rows), this.#chain)
  }

  /** Nothing was written. A server that started anew may have lost entries that some node can put back first. */
  #restarted(life: string): DeskError {
    this.#serverLife = life
    return new DeskError('log-failed', `Postgres was started anew or replaced; desk "${this.#chain.desk}" looks first.`)
  }

  #mustBeOpen(): void {
    if (this.#isClosed) throw new DeskError('closed', `The log of desk "${this.#chain.desk}" is closed.`)
  }
}

/** Rows without an entry say only that there is none. */
function storedEntriesFrom(rows: readonly unknown[]): StoredEntry[] {
  const fields = rows.map((row) => firstRow([row])).filter(({ v }) => v !== null && v !== undefined)
  return fields.map(({ v, h, t, payload }) => ({ v: Number(v), h: String(h), t: Number(t), text: String(payload) }))
}
