import { Subscribers } from '../subscribers'
import {
  fieldsOfFirstRow,
  isPglite,
  isPostgresConnection,
  isPostgresPool,
  type PostgresClient,
  type PostgresNotification,
  type PostgresPool,
  query,
} from './postgres-client'

export interface PostgresSubscriptionOptions {
  readonly client: PostgresClient
  readonly schema: string
  /** How often to read the heads of the desks, in case no notification comes. */
  readonly pollMs: number
  /** Whether to listen for notifications at all. */
  readonly notify: boolean
}

/**
 * One listening connection and one poll for all desks of a client. A notification reaches the listeners at once; the
 * poll makes up for lost ones.
 */
export class PostgresSubscription {
  static readonly #instances = new WeakMap<PostgresClient, Map<string, PostgresSubscription>>()
  readonly #options: PostgresSubscriptionOptions
  readonly #subscribersByDesk = new Map<string, Subscribers>()
  readonly #heads = new Map<string, { readonly generation: string; readonly v: number }>()
  #isPolling = false
  #stop: (() => void) | null = null

  private constructor(options: PostgresSubscriptionOptions) {
    this.#options = options
  }

  /** Returns the subscription of this client and these options: the same one for every desk. */
  static of(options: PostgresSubscriptionOptions): PostgresSubscription {
    const { client, schema, pollMs, notify } = options
    const byOptions = PostgresSubscription.#instances.get(client) ?? new Map<string, PostgresSubscription>()
    PostgresSubscription.#instances.set(client, byOptions)
    const key = `${schema} ${pollMs} ${notify}`
    const subscription = byOptions.get(key) ?? new PostgresSubscription(options)
    byOptions.set(key, subscription)
    return subscription
  }

  /** Returns an unsubscribe function; listening and polling end with the last listener. */
  subscribe(desk: string, listener: (version?: number) => void): () => void {
    const subscribers = this.#subscribersByDesk.get(desk) ?? new Subscribers()
    this.#subscribersByDesk.set(desk, subscribers)
    const removeListener = subscribers.add(listener)
    this.#stop ??= this.#start()
    return () => {
      removeListener()
      if (subscribers.size === 0 && this.#subscribersByDesk.get(desk) === subscribers) this.#removeDesk(desk)
    }
  }

  #removeDesk(desk: string): void {
    this.#subscribersByDesk.delete(desk)
    this.#heads.delete(desk)
    if (this.#subscribersByDesk.size > 0) return
    this.#stop?.()
    this.#stop = null
  }

  #start(): () => void {
    const polling = setInterval(() => void this.#poll(), this.#options.pollMs)
    const stopListening = this.#options.notify ? this.#listenForNotifications() : () => {}
    return () => {
      clearInterval(polling)
      stopListening()
    }
  }

  async #poll(): Promise<void> {
    if (this.#isPolling) return
    this.#isPolling = true
    const { client, schema } = this.#options
    const newest = `(select max(e.v) from ${schema}.entry e where e.desk = d.desk and e.generation = d.generation)`
    const heads = `select d.desk, d.generation, ${newest} as v from ${schema}.desk d`
    const names = JSON.stringify([...this.#subscribersByDesk.keys()])
    const polling = query(client, `${heads} where d.desk in (select json_array_elements_text($1::json))`, [names])
    const rows = await polling.catch(() => [])
    this.#isPolling = false
    for (const { desk, generation, v } of rows.map((row) => fieldsOfFirstRow([row]))) {
      const [before, head] = [this.#heads.get(String(desk)), { generation: String(generation), v: Number(v) }]
      this.#heads.set(String(desk), head)
      if (before?.generation === head.generation && before.v === head.v) continue
      const isAhead = before?.generation === head.generation && before.v < head.v
      this.#subscribersByDesk.get(String(desk))?.notify(isAhead ? head.v : undefined)
    }
  }

  /** While there is no listening connection the poll goes on; a new connection is tried every two polls. */
  #listenForNotifications(): () => void {
    const { client, schema, pollMs } = this.#options
    let isStopped = false
    let reconnecting: ReturnType<typeof setTimeout> | undefined
    let disconnect = (): void => {}
    const onLost = (): void => {
      disconnect()
      disconnect = () => {}
      clearTimeout(reconnecting)
      if (!isStopped) reconnecting = setTimeout(connect, pollMs * 2)
    }
    const connect = (): void => {
      const onMessage = (message: string) => {
        const [desk = '', version] = message.split(' ', 2)
        this.#subscribersByDesk.get(desk)?.notify(version === undefined ? undefined : Number(version))
      }
      subscribeChannel(client, { channel: schema, onMessage, onLost }).then((unsubscribe) => {
        disconnect = unsubscribe
        if (isStopped) unsubscribe()
        else this.#notifyAll()
      }, onLost)
    }
    connect()
    return () => {
      isStopped = true
      clearTimeout(reconnecting)
      disconnect()
    }
  }

  #notifyAll(): void {
    for (const subscribers of [...this.#subscribersByDesk.values()]) subscribers.notify()
  }
}

interface ChannelHandlers {
  readonly channel: string
  /** `<desk> <version>`, or the desk alone. */
  readonly onMessage: (message: string) => void
  readonly onLost: () => void
}

type PooledConnection = Awaited<ReturnType<PostgresPool['connect']>>

const ignoreError = (): void => {}

async function subscribeChannel(client: PostgresClient, handlers: ChannelHandlers): Promise<() => void> {
  const { channel, onMessage, onLost } = handlers
  if (isPglite(client)) {
    const unlisten = await client.listen(channel, onMessage)
    return () => void unlisten().catch(ignoreError)
  }
  const connection = isPostgresPool(client) ? await client.connect() : client
  if (!isPostgresConnection(connection)) return ignoreError
  const onNotification = ({ channel: source, payload = '' }: PostgresNotification): void => {
    if (source === channel) onMessage(payload)
  }
  // A connection borrowed from a pool has no other error listener, also after it was given back.
  if (isPostgresPool(client)) connection.on('error', ignoreError)
  connection.on('notification', onNotification)
  connection.on('error', onLost)
  connection.on('end', onLost)
  const unsubscribe = (): void => {
    connection.removeListener('notification', onNotification)
    connection.removeListener('error', onLost)
    connection.removeListener('end', onLost)
    if (isPostgresPool(client) && 'release' in connection) (connection as PooledConnection).release(true)
    else query(connection, `unlisten "${channel}"`).catch(ignoreError)
  }
  try {
    await query(connection, `listen "${channel}"`)
  } catch (failure) {
    unsubscribe()
    throw failure
  }
  return unsubscribe
}
