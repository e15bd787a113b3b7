import { Subscribers } from '../subscribers'
import { type IoRedisClient, isNodeRedis, type NodeRedisClient, type RedisClient } from './redis-client'

/**
 * One subscribing connection for all desks of a client. It notifies the listeners of the desk named in a message, and
 * all listeners when the connection is ready (again), because what was published before that is missed.
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

  /** Returns the subscription of this client and channel: the same one for every desk. */
  static of(client: RedisClient, channel: string): RedisSubscription {
    const byChannel = RedisSubscription.#instances.get(client) ?? new Map<string, RedisSubscription>()
    RedisSubscription.#instances.set(client, byChannel)
    const subscription = byChannel.get(channel) ?? new RedisSubscription(client, channel)
    byChannel.set(channel, subscription)
    return subscription
  }

  /** Returns an unsubscribe function; the connection closes with the last listener. */
  subscribe(desk: string, listener: (version?: number) => void): () => void {
    const subscribers = this.#subscribersByDesk.get(desk) ?? new Subscribers()
    this.#subscribersByDesk.set(desk, subscribers)
    const removeListener = subscribers.add(listener)
    this.#disconnect ??= this.#connect()
    return () => {
      removeListener()
      if (subscribers.size === 0 && this.#subscribersByDesk.get(desk) === subscribers)
        this.#subscribersByDesk.delete(desk)
      if (this.#subscribersByDesk.size === 0) this.#close()
    }
  }

  #close(): void {
    this.#disconnect?.()
    this.#disconnect = null
  }

  #connect(): () => void {
    const onMessage = (message: string): void => {
      const [desk = '', version] = message.split(' ', 2)
      this.#subscribersByDesk.get(desk)?.notify(version === undefined ? undefined : Number(version))
    }
    const onReady = (): void => {
      for (const subscribers of [...this.#subscribersByDesk.values()]) subscribers.notify()
    }
    const handlers = { channel: this.#channel, onMessage, onReady }
    return isNodeRedis(this.#client)
      ? subscribeNodeRedis(this.#client, handlers)
      : subscribeIoRedis(this.#client, handlers)
  }
}

interface ChannelHandlers {
  readonly channel: string
  /** `<desk> <version>` */
  readonly onMessage: (message: string) => void
  readonly onReady: () => void
}

/** Errors of this connection are not reported: the client reconnects by itself, and until then every node polls. */
const ignoreError = (): void => {}

function subscribeNodeRedis(client: NodeRedisClient, { channel, onMessage, onReady }: ChannelHandlers): () => void {
  const connection = client.duplicate()
  let isClosed = false
  connection.on('error', ignoreError)
  connection.on('ready', onReady)
  const subscribed = connection.connect().then(() => connection.subscribe(channel, onMessage))
  subscribed.then(onReady).catch(ignoreError)
  return () => {
    if (isClosed) return
    isClosed = true
    subscribed
      .catch(ignoreError)
      .then(() => connection.destroy())
      .catch(ignoreError)
  }
}

function subscribeIoRedis(client: IoRedisClient, { channel, onMessage, onReady }: ChannelHandlers): () => void {
  const connection = client.duplicate()
  connection.on('error', ignoreError)
  connection.on('ready', onReady)
  connection.on('message', (_, message) => onMessage(message))
  connection.subscribe(channel).then(onReady).catch(ignoreError)
  return () => connection.disconnect()
}
