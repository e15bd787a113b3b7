import { Subscribers } from '../subscribers'
import { type IoRedisClient, isNodeRedis, type NodeRedisClient, type RedisClient } from './redis-client'

/**
 * One subscribing connection for all desks of a client. It rings for a desk whose name comes over the channel, and
 * for all of them when the connection is ready (again), because what was published before that has gone by.
 */
export class RedisSubscription {
  static readonly #instances = new WeakMap<RedisClient, Map<string, RedisSubscription>>()
  readonly #client: RedisClient
  readonly #channel: string
  readonly #subscribersByDesk = new Map<string, Subscribers>()
  #disconnect: (() => void) | null = null

  private constructor(client: RedisClient, channel: string) {
    this.#client = client
    this.#channel = channel
  }

  /** The bell of this client and channel: the same one for every desk. */
  static of(client: RedisClient, channel: string): RedisSubscription {
    const bells = RedisSubscription.#instances.get(client) ?? new Map<string, RedisSubscription>()
    RedisSubscription.#instances.set(client, bells)
    const bell = bells.get(channel) ?? new RedisSubscription(client, channel)
    bells.set(channel, bell)
    return bell
  }

  /** Returns the way out; the connection ends with the last listener. */
  subscribe(desk: string, listener: (version?: number) => void): () => void {
    const listeners = this.#subscribersByDesk.get(desk) ?? new Subscribers()
    this.#subscribersByDesk.set(desk, listeners)
    const leave = listeners.add(listener)
    this.#disconnect ??= this.#subscribe()
    return () => {
      leave()
      if (listeners.size === 0 && this.#subscribersByDesk.get(desk) === listeners) this.#subscribersByDesk.delete(desk)
      if (this.#subscribersByDesk.size === 0) this.#close()
    }
  }

  #close(): void {
    this.#disconnect?.()
    this.#disconnect = null
  }

  #subscribe(): () => void {
    const ring = (message: string): void => {
      const [desk = '', version] = message.split(' ', 2)
      this.#subscribersByDesk.get(desk)?.notify(version === undefined ? undefined : Number(version))
    }
    const ringAll = (): void => {
      for (const listeners of [...this.#subscribersByDesk.values()]) listeners.notify()
    }
    const line = { channel: this.#channel, ring, ringAll }
    return isNodeRedis(this.#client) ? subscribeNodeRedis(this.#client, line) : subscribeIoRedis(this.#client, line)
  }
}

interface ChannelHandlers {
  readonly channel: string
  /** `<desk> <version>` */
  readonly ring: (message: string) => void
  readonly ringAll: () => void
}

/** Errors of this connection are not told: the client reconnects by itself, and until then a node pulls on its own. */
const ignoreError = (): void => {}

function subscribeNodeRedis(client: NodeRedisClient, { channel, ring, ringAll }: ChannelHandlers): () => void {
  const connection = client.duplicate()
  let ended = false
  connection.on('error', ignoreError)
  connection.on('ready', ringAll)
  const subscribed = connection.connect().then(() => connection.subscribe(channel, ring))
  subscribed.then(ringAll).catch(ignoreError)
  return () => {
    if (ended) return
    ended = true
    subscribed
      .catch(ignoreError)
      .then(() => connection.destroy())
      .catch(ignoreError)
  }
}

function subscribeIoRedis(client: IoRedisClient, { channel, ring, ringAll }: ChannelHandlers): () => void {
  const connection = client.duplicate()
  connection.on('error', ignoreError)
  connection.on('ready', ringAll)
  connection.on('message', (_, message) => ring(message))
  connection.subscribe(channel).then(ringAll).catch(ignoreError)
  return () => connection.disconnect()
}
