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
import {
  createChainHash,
  divergedError,
  type HashChain,
  parseSnapshot,
  restoreError,
  verifyAppendedEntry,
  verifyEntries,
} from '../integrity'
import {
  type BackendStoreOptions,
  formatValue,
  nameIssue,
  parseStoreOptions,
  SettingsCheck,
  withTimeout,
} from '../store-options'
import { conflictResult } from '../writer-turns'
import {
  parseStreamEntries,
  type RedisBackend,
  type RedisClient,
  type RedisKeys,
  redisClientIssue,
  redisKeys,
  runScript,
  sendCommand,
} from './redis-client'
import { heartbeatScript, parseLiveness } from './redis-heartbeat'
import {
  appendScript,
  headScript,
  incarnationScript,
  loadSnapshotScript,
  openDeskScript,
  type RedisScript,
  readScript,
  restoreScript,
  saveSnapshotScript,
} from './redis-scripts'
import { findRedisSettingsProblem, type RedisDurability } from './redis-settings'
import { RedisSubscription } from './redis-subscription'

export interface RedisStoreOptions extends BackendStoreOptions {
  /** The host's client, connected: of `redis` or of `ioredis`, each in version 5 or 6. The host closes it. */
  readonly client: RedisClient
  /** First part of every key, 1 to 64 of `A-Z a-z 0-9 _ -`; `frontbell` when left out. */
  readonly prefix?: string
  /** What must survive, checked at opening; `process` when left out. */
  readonly durability?: RedisDurability
  /** How many replicas must have an entry before it counts as appended, 0 to 10; 0 when left out. Run one more. */
  readonly replicas?: number
}

/**
 * Returns a store on a Redis stream, for any number of nodes. It opens at its first use, and checks then that the
 * server is version 7 or newer, evicts nothing and keeps what `durability` requires.
 * @throws InvalidInputError for invalid options, all at once.
 */
export function redisStore(options: RedisStoreOptions): EventStore {
  return new RedisStore(options)
}

const missedEntriesMax = 500
const restoreBatchMax = 500

class RedisStore implements EventStore {
  readonly #backend: RedisBackend
  readonly #keys: RedisKeys
  readonly #options: Required<Pick<RedisStoreOptions, 'durability' | 'replicas' | 'keepEntries'>>
  readonly #chain: HashChain
  readonly #subscriptions = new Set<() => void>()
  #opening: Promise<string> | null = null
  readonly #settingsCheck = new SettingsCheck()
  #isClosed = false
  /** The server and the incarnation of its data that this store knows. */
  #serverIncarnation = ''

  constructor(input: RedisStoreOptions) {
    const { client, prefix = 'frontbell', durability = 'process', replicas = 0 } = input
    const { desk, timeoutMs, keepEntries } = parseStoreOptions(input, [
      redisClientIssue(client),
      nameIssue(['prefix'], prefix),
      ['memory', 'process', 'disk'].includes(durability)
        ? null
        : { path: ['durability'], expected: "'memory', 'process' or 'disk'", got: formatValue(durability) },
      Number.isInteger(replicas) && replicas >= 0 && replicas <= 10
        ? null
        : { path: ['replicas'], expected: 'a whole number from 0 to 10', got: formatValue(replicas) },
    ])
    this.#backend = { client, desk, timeoutMs }
    this.#chain = { desk, hash: createChainHash('sha1') }
    this.#keys = redisKeys(prefix, desk)
    this.#options = { durability, replicas, keepEntries }
  }

  async read(after: number, limit: number): Promise<readonly StoreEntry[]> {
    const [, entries] = await this.#runScript(readScript, [String(after), String(limit + 1)])
    return this.#verify(after, entries).slice(0, limit)
  }

  async append(expected: StoreHead, { payload, notBeforeAt, turnMs }: StoreBatch): Promise<AppendResult> {
    const text = JSON.stringify(payload)
    const notBefore = notBeforeAt === null ? '' : String(notBeforeAt)
    const position = [String(expected.v), expected.h, notBefore, text, String(missedEntriesMax + 1)]
    const server = [this.#keys.channel, this.#chain.desk, this.#serverIncarnation, crypto.randomUUID()]
    const turn = [payload.src ?? '', turnMs === undefined ? '' : String(turnMs)]
    const args = [...position, ...server, ...turn]
    const [status, first, second] = await this.#runScript(appendScript, args, () => [this.#keys.turns])
    if (status === 'restarted') throw await this.#restartedError(String(first))
    if (status === 'conflict') return conflictResult(this.#verify(expected.v, first), Number(second) === 1)
    if (status === 'diverged') return { status }
    if (status === 'deferred') return { status, forMs: Number(first) }
    if (status === 'early') return { status, t: Number(first) }
    await this.#awaitReplicas()
    const stored = { v: expected.v + 1, h: String(first), t: Number(second), text, payload }
    return { status: 'appended', entry: verifyAppendedEntry(expected, stored, this.#chain) }
  }

  async head(): Promise<StoreHead> {
    const [, v, h] = await this.#runScript(headScript, [])
    return { v: Number(v), h: String(h) }
  }

  async restore(entries: readonly StoreEntry[]): Promise<void> {
    for (let from = 0; from < entries.length; from += restoreBatchMax) {
      await this.#restoreBatch(entries.slice(from, from + restoreBatchMax))
    }
    await this.#awaitReplicas()
  }

  async saveSnapshot({ v, h, t, schema, state }: StoreSnapshot): Promise<void> {
    const oldestKept = Math.max(1, v - this.#options.keepEntries + 1)
    const snapshot = [v, h, t, schema, JSON.stringify(state), oldestKept].map(String)
    const keys = (generation: string) => this.#keys.ofNodes(generation).slice(1)
    const [status] = await this.#runScript(saveSnapshotScript, snapshot, keys)
    if (status === 'foreign')
      throw divergedError(this.#chain.desk, `does not hold version ${v} of the snapshot with its hash`)
  }

  async loadSnapshot(): Promise<StoreSnapshot | null> {
    const [, fields] = await this.#runScript(loadSnapshotScript, [])
    const [v, h, t, schema, state] = Array.isArray(fields) ? fields : []
    if (v === null || v === undefined) return null
    const stored = { v: Number(v), h: String(h), t: Number(t), schema: Number(schema), text: String(state) }
    return parseSnapshot(this.#chain.desk, stored)
  }

  async barrier(): Promise<void> {
    // `WAIT` counts only what its own connection wrote, so the fence writes before it waits.
    if (this.#options.replicas > 0) await this.#sendCommand('reach the replicas', ['INCR', this.#keys.fence])
    await this.#awaitReplicas()
    await this.head()
  }

  async heartbeat({ node, forMs, others, ...onRoll }: NodeHeartbeat): Promise<NodeLiveness> {
    const { syncedIn = '', roll = [], needsSnapshot = false, isLeaving = false } = onRoll
    const keys = (generation: string) => [
      ...this.#keys.ofNodes(generation),
      ...[node, ...others].map((each) => this.#keys.heartbeat(each)),
    ]
    const flags = [needsSnapshot, isLeaving].map((flag) => (flag ? '1' : ''))
    const own = [String(forMs), node, syncedIn, JSON.stringify(roll), ...flags, crypto.randomUUID()]
    const reply = await this.#runScript(heartbeatScript, [...own, this.#keys.channel, this.#chain.desk], keys)
    const liveness = parseLiveness(reply, others)
    const settingsProblem = await this.#recheckSettings(liveness.roll.incarnation)
    return { ...liveness, settingsProblem }
  }

  subscribe(listener: (version?: number) => void): () => void {
    this.#assertOpen()
    const subscription = RedisSubscription.of(this.#backend.client, this.#keys.channel)
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

  async #runScript(
    script: RedisScript,
    args: readonly string[],
    moreKeys: (generation: string) => readonly string[] = () => [],
  ): Promise<readonly unknown[]> {
    this.#assertOpen()
    const generation = await this.#generation()
    return this.#runScriptInGeneration(generation, script, args, moreKeys(generation))
  }

  async #runScriptInGeneration(
    generation: string,
    script: RedisScript,
    args: readonly string[],
    moreKeys: readonly string[] = [],
  ) {
    const keys = [this.#keys.generation, ...this.#keys.ofGeneration(generation), ...moreKeys]
    const reply = await runScript(this.#backend, script, { keys, args: [generation, ...args] })
    if (reply[0] === 'erased') throw new DeskError('closed', `Desk "${this.#chain.desk}" was erased: open it anew.`)
    return reply
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
    const call = { ...this.#backend, backend: 'Redis', operation: 'open the store' } as const
    const check = () => findRedisSettingsProblem(this.#backend.client, this.#options.durability)
    const problem = await withTimeout(call, () => this.#settingsCheck.run(check))
    if (problem !== null) throw new DeskError('store-failed', problem)
    await this.#sendCommand('open the store', ['SADD', this.#keys.deskNames, this.#chain.desk])
    const [reply] = await runScript(this.#backend, openDeskScript, { keys: [this.#keys.generation], args: [] })
    const generation = String(reply)
    const [, incarnation] = await this.#runScriptInGeneration(generation, incarnationScript, [crypto.randomUUID()])
    this.#serverIncarnation = String(incarnation)
    this.#settingsCheck.observe(this.#serverIncarnation)
    return generation
  }

  /** Returns what is wrong with the server's settings now; a check that is not due returns its last finding. */
  #recheckSettings(incarnation: string): Promise<string | null> {
    this.#settingsCheck.observe(incarnation)
    const { client } = this.#backend
    const call = { ...this.#backend, backend: 'Redis', operation: 'check the settings' } as const
    return this.#settingsCheck.runWhenDue(() =>
      withTimeout(call, () => findRedisSettingsProblem(client, this.#options.durability)),
    )
  }

  async #restoreBatch(entries: readonly StoreEntry[]): Promise<void> {
    const verbatim = entries.flatMap(({ v, h, t, payload }) => [String(v), h, String(t), JSON.stringify(payload)])
    const [status, v] = await this.#runScript(restoreScript, [this.#keys.channel, this.#chain.desk, ...verbatim])
    const error = restoreError(this.#chain.desk, status, v)
    if (error !== null) throw error
  }

  async #awaitReplicas(): Promise<void> {
    const { replicas } = this.#options
    if (replicas === 0) return
    // Redis stops waiting a little before this side does, so that the answer says how many replicas there were.
    const forMs = Math.ceil(this.#backend.timeoutMs * 0.8)
    const reached = Number(await this.#sendCommand('reach the replicas', ['WAIT', `${replicas}`, `${forMs}`]))
    if (reached >= replicas) return
    const finding = `Redis reached ${reached} of ${replicas} replicas within ${forMs} ms for desk`
    throw new DeskError('store-failed', `${finding} "${this.#chain.desk}": the outcome is unknown.`)
  }

  #sendCommand(operation: string, command: readonly [string, ...string[]]): Promise<unknown> {
    const call = { ...this.#backend, backend: 'Redis', operation } as const
    return withTimeout(call, () => sendCommand(this.#backend.client, command))
  }

  #verify(after: number, reply: unknown): StoreEntry[] {
    return verifyEntries(after, parseStreamEntries(reply), this.#chain)
  }

  /** Nothing was written. A restarted server may have lost entries that a node can put back first. */
  async #restartedError(incarnation: string): Promise<DeskError> {
    this.#serverIncarnation = incarnation
    const { desk } = this.#chain
    await this.#sendCommand('list the desk', ['SADD', this.#keys.deskNames, desk])
    return new DeskError('store-failed', `Redis was restarted, emptied or replaced; desk "${desk}" reads it first.`)
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new DeskError('closed', `The store of desk "${this.#chain.desk}" is closed.`)
  }
}
