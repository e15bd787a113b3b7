import { BellListeners } from '../bell-listeners'
import { type IoRedisClient, isNodeRedis, type NodeRedisClient, type RedisClient } from './redis-client'

/**
 * One subscribing connection for all desks of a client. It rings for a desk whose name comes over the channel, and
 * for all of them when the connection is ready (again), because what was published before that has gone by.
 */
export class RedisBell {
  static readonly #bells = new WeakMap<RedisClient, Map<string, RedisBell>>()
  readonly #client: RedisClient
  readonly #channel: string
  readonly #desks = new Map<string, BellListeners>()
  #hangUp: (() => void) | null = null

  private constructor(client: RedisClient, channel: string) {
    this.#client = client
    this.#channel = channel
  }

  /** The bell of this client and channel: the same one for every desk. */
  static of(client: RedisClient, channel: string): RedisBell {
    const bells = RedisBell.#bells.get(client) ?? new Map<string, RedisBell>()
    RedisBell.#bells.set(client, bells)
    const bell = bells.get(channel) ?? new RedisBell(client, channel)
    bells.set(channel, bell)
    return bell
  }

  /** Returns the way out; the connection ends with the last listener. */
  listen(desk: string, listener: (version?: number) => void): () => void {
    const listeners = this.#desks.get(desk) ?? new BellListeners()
    this.#desks.set(desk, listeners)
    const leave = listeners.add(listener)
    this.#hangUp ??= this.#subscribe()
    return () => {
      leave()
      if (listeners.size === 0 && this.#desks.get(desk) === listeners) this.#desks.delete(desk)
      if (this.#desks.size === 0) this.#end()
    }
  }

  #end(): void {
    this.#hangUp?.()
    this.#hangUp = null
  }

  #subscribe(): () => void {
    const ring = (message: string): void => {
      const [desk = '', version] = message.split(' ', 2)
      this.#desks.get(desk)?.ring(version === undefined ? undefined : Number(version))
    }
    const ringAll = (): void => {
      for (const listeners of [...this.#desks.values()]) listeners.ring()
    }
    const line = { channel: this.#channel, ring, ringAll }
    return isNodeRedis(this.#client) ? followNodeRedis(this.#client, line) : followIoRedis(this.#client, line)
  }
}

interface Line {
  readonly channel: string
  /** `<desk> <version>` */
  readonly ring: (message: string) => void
  readonly ringAll: () => void
}

/** Errors of this connection are not told: the client reconnects by itself, and until then a node pulls on its own. */
const untold = (): void => {}

function followNodeRedis(client: NodeRedisClient, { channel, ring, ringAll }: Line): () => void {
  const connection = client.duplicate()
  let ended = false
  connection.on('error', untold)
  connection.on('ready', ringAll)
  const subscribed = connection.connect().then(() => connection.subscribe(channel, ring))
  subscribed.then(ringAll).catch(untold)
  return () => {
    if (ended) return
    ended = true
    subscribed
      .catch(untold)
      .then(() => connection.destroy())
      .catch(untold)
  }
}

function followIoRedis(client: IoRedisClient, { channel, ring, ringAll }: Line): () => void {
  const connection = client.duplicate()
  connection.on('error', untold)
  connection.on('ready', ringAll)
  connection.on('message', (_, message) => ring(message))
  connection.subscribe(channel).then(ringAll).catch(untold)
  return () => connection.disconnect()
}
