import { DeskError } from '../../core'
import { answerInTime } from '../answer-in-time'
import { engineHash } from '../engine-hash'
import { type EngineOptions, engineOptions, nameIssue, shown } from '../engine-options'
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
import { snapshotFrom } from '../stored-snapshot'
import { type Chain, ownEntry, verifiedEntries } from '../verified-entries'
import { RedisBell } from './redis-bell'
import { type RedisClient, redisClientIssue, sendCommand } from './redis-client'
import { type RedisEngine, runScript } from './redis-engine'
import { storedEntriesFrom } from './redis-entry'
import { type RedisKeys, redisKeys } from './redis-keys'
import {
  appendScript,
  headScript,
  loadScript,
  openScript,
  type RedisScript,
  readScript,
  restoreScript,
  rollScript,
  saveScript,
  serverScript,
} from './redis-scripts'
import { checkRedisSettings, type RedisDurability } from './redis-settings'

export interface RedisLogOptions extends EngineOptions {
  /**
   * The host's client, connected: of the package `redis` or of `ioredis`, each in version 5 or 6. It stays the
   * host's.
   */
  readonly client: RedisClient
  /** First part of every key, 1 to 64 of `A-Z a-z 0-9 _ -`; `frontbell` when left out. */
  readonly prefix?: string
  /** What must survive, checked at opening; `process` when left out. */
  readonly durability?: RedisDurability
  /**
   * How many replicas must have an entry before it counts as appended, 0 to 10; 0 when left out. Have one more than
   * that.
   */
  readonly replicas?: number
}

/**
 * A log on a Redis stream, for any number of nodes. It opens at its first use, and checks then that the server is
 * version 7 or newer, evicts nothing and keeps what `durability` asks for.
 * @throws InvalidInputError for options that are none, all at once.
 */
export function redisLog(options: RedisLogOptions): EventLog {
  return new RedisLog(options)
}

const missedMax = 500
const restoredMax = 500

class RedisLog implements EventLog {
  readonly #engine: RedisEngine
  readonly #keys: RedisKeys
  readonly #options: Required<Pick<RedisLogOptions, 'durability' | 'replicas' | 'keepEntries'>>
  readonly #chain: Chain
  readonly #leave = new Set<() => void>()
  #opening: Promise<string> | null = null
  #isClosed = false
  /** The server, and the life of the log on it, that this log knows. */
  #server = ''

  constructor(input: RedisLogOptions) {
    const { client, prefix = 'frontbell', durability = 'process', replicas = 0 } = input
    const { desk, timeoutMs, keepEntries } = engineOptions(input, [
      redisClientIssue(client),
      nameIssue(['prefix'], prefix),
      ['memory', 'process', 'disk'].includes(durability)
        ? null
        : { path: ['durability'], expected: "'memory', 'process' or 'disk'", got: shown(durability) },
      Number.isInteger(replicas) && replicas >= 0 && replicas <= 10
        ? null
        : { path: ['replicas'], expected: 'a whole number from 0 to 10', got: shown(replicas) },
    ])
    this.#engine = { client, desk, timeoutMs }
    this.#chain = { desk, hash: engineHash('sha1') }
    this.#keys = redisKeys(prefix, desk)
    this.#options = { durability, replicas, keepEntries }
  }

  async read(after: number, limit: number): Promise<readonly LogEntry[]> {
    const [, entries] = await this.#run(readScript, [String(after), String(limit + 1)])
    return this.#verified(after, entries).slice(0, limit)
  }

  async append(expected: LogHead, { payload, notBeforeAt }: LogBatch): Promise<AppendResult> {
    const text = JSON.stringify(payload)
    const notBefore = notBeforeAt === null ? '' : String(notBeforeAt)
    const position = [String(expected.v), expected.h, notBefore, text, String(missedMax + 1)]
    const { desk } = this.#engine
    const reply = await this.#run(appendScript, [...position, this.#keys.bell, desk, this.#server, crypto.randomUUID()])
    const [status, first, second] = reply
    if (status === 'restarted') throw await this.#restarted(String(first))
    if (status === 'conflict') return { status, missed: this.#verified(expected.v, first) }
    if (status === 'diverged') return { status }
    if (status === 'early') return { status, t: Number(first) }
    await this.#replicated()
    const stored = { v: expected.v + 1, h: String(first), t: Number(second), text, payload }
    return { status: 'appended', entry: ownEntry(expected, stored, this.#chain) }
  }

  async head(): Promise<LogHead> {
    const [, v, h] = await this.#run(headScript, [])
    return { v: Number(v), h: String(h) }
  }

  async restore(entries: readonly LogEntry[]): Promise<void> {
    for (let from = 0; from < entries.length; from += restoredMax) {
      await this.#restore(entries.slice(from, from + restoredMax))
    }
    await this.#replicated()
  }

  async saveSnapshot({ v, h, t, schema, state }: LogSnapshot): Promise<void> {
    const oldestKept = Math.max(1, v - this.#options.keepEntries + 1)
    const kept = [v, h, t, schema, JSON.stringify(state), oldestKept].map(String)
    const [status] = await this.#run(saveScript, kept)
    if (status === 'foreign')
      throw diverged(this.#chain.desk, `does not hold version ${v} of the snapshot with its hash`)
  }

  async loadSnapshot(): Promise<LogSnapshot | null> {
    const [, fields] = await this.#run(loadScript, [])
    const [v, h, t, schema, state] = Array.isArray(fields) ? fields : []
    if (v === null || v === undefined) return null
    const stored = { v: Number(v), h: String(h), t: Number(t), schema: Number(schema), text: String(state) }
    return snapshotFrom(this.#chain.desk, stored)
  }

  async barrier(): Promise<void> {
    // `WAIT` counts only what its own connection wrote, so the fence writes before it waits.
    if (this.#options.replicas > 0) await this.#ask('reach the replicas', ['INCR', this.#keys.fence])
    await this.#replicated()
    await this.head()
  }

  async rollCall({ node, forMs, others }: RollCall): Promise<RollAnswer> {
    const signs = [node, ...others].map((each) => this.#keys.sign(each))
    const [, t, alive] = await this.#run(rollScript, [String(forMs)], signs)
    const found = Array.isArray(alive) ? alive.map(Number) : []
    return { t: Number(t), alive: others.filter((_, index) => found[index] === 1) }
  }

  bell(listener: (version?: number) => void): () => void {
    this.#mustBeOpen()
    const hangUp = RedisBell.of(this.#engine.client, this.#keys.bell).listen(this.#chain.desk, listener)
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

  async #run(
    script: RedisScript,
    args: readonly string[],
    moreKeys: readonly string[] = [],
  ): Promise<readonly unknown[]> {
    this.#mustBeOpen()
    return this.#runIn(await this.#opened(), script, args, moreKeys)
  }

  async #runIn(generation: string, script: RedisScript, args: readonly string[], moreKeys: readonly string[] = []) {
    const keys = [this.#keys.generation, ...this.#keys.of(generation), ...moreKeys]
    const reply = await runScript(this.#engine, script, { keys, args: [generation, ...args] })
    if (reply[0] === 'erased')
      throw new DeskError('closed', `Desk "${this.#chain.desk}" was erased: open its log anew.`)
    return reply
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
    const question = { engine: 'Redis', doing: 'open the log', ...this.#engine } as const
    await answerInTime(question, () => checkRedisSettings(this.#engine.client, this.#options.durability))
    await this.#ask('open the log', ['SADD', this.#keys.desks, this.#chain.desk])
    const [live] = await runScript(this.#engine, openScript, { keys: [this.#keys.generation], args: [] })
    const generation = String(live)
    this.#server = String((await this.#runIn(generation, serverScript, [crypto.randomUUID()]))[1])
    return generation
  }

  async #restore(entries: readonly LogEntry[]): Promise<void> {
    const verbatim = entries.flatMap(({ v, h, t, payload }) => [String(v), h, String(t), JSON.stringify(payload)])
    const [status, v] = await this.#run(restoreScript, [this.#keys.bell, this.#chain.desk, ...verbatim])
    const problem = restoreProblem(this.#chain.desk, status, v)
    if (problem !== null) throw problem
  }

  async #replicated(): Promise<void> {
    const { replicas } = this.#options
    if (replicas === 0) return
    // Redis gives up a little before this side does, so that the answer says how many replicas there were.
    const forMs = Math.ceil(this.#engine.timeoutMs * 0.8)
    const reached = Number(await this.#ask('reach the replicas', ['WAIT', `${replicas}`, `${forMs}`]))
    if (reached >= replicas) return
    const told = `Redis reached ${reached} of ${replicas} replicas within ${forMs} ms for desk`
    throw new DeskError('log-failed', `${told} "${this.#chain.desk}": the outcome is unknown.`)
  }

  #ask(doing: string, command: readonly [string, ...string[]]): Promise<unknown> {
    return answerInTime({ engine: 'Redis', doing, ...this.#engine }, () => sendCommand(this.#engine.client, command))
  }

  #verified(after: number, reply: unknown): LogEntry[] {
    return verifiedEntries(after, storedEntriesFrom(reply), this.#chain)
  }

  /** Nothing was written. A server that started anew may have lost entries that some node can put back first. */
  async #restarted(server: string): Promise<DeskError> {
    this.#server = server
    const { desk } = this.#chain
    await this.#ask('list the desk', ['SADD', this.#keys.desks, desk])
    return new DeskError('log-failed', `Redis was started anew, emptied or replaced; desk "${desk}" looks first.`)
  }

  #mustBeOpen(): void {
    if (this.#isClosed) throw new DeskError('closed', `The log of desk "${this.#chain.desk}" is closed.`)
  }
}
