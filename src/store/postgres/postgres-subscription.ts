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
  /** How often to look at the heads of the desks, in case no notification comes. */
  readonly pollMs: number
  /** Whether to listen for notifications at all. */
  readonly notify: boolean
}

/**
 * One listening connection and one poll for all desks of a client. A notification rings at once; the poll makes up
 * for lost ones.
 */
export class PostgresSubscription {
  static readonly #instances = new WeakMap<PostgresClient, Map<string, PostgresSubscription>>()
  readonly #options: PostgresSubscriptionOptions
  readonly #subscribersByDesk = new Map<string, Subscribers>()
  readonly #heads = new Map<string, string>()
  #isPolling = false
  #stop: (() => void) | null = null

  private constructor(options: PostgresSubscriptionOptions) {
    this.#options = options
  }

  /** The bell of this client and these options: the same one for every desk. */
  static of(options: PostgresSubscriptionOptions): PostgresSubscription {
    const { client, schema, pollMs, notify } = options
    const bells = PostgresSubscription.#instances.get(client) ?? new Map<string, PostgresSubscription>()
    PostgresSubscription.#instances.set(client, bells)
    const key = `${schema} ${pollMs} ${notify}`
    const bell = bells.get(key) ?? new PostgresSubscription(options)
    bells.set(key, bell)
    return bell
  }

  /** Returns the way out; listening and polling end with the last listener. */
  subscribe(desk: string, listener: (version?: number) => void): () => void {
    const listeners = this.#subscribersByDesk.get(desk) ?? new Subscribers()
    this.#subscribersByDesk.set(desk, listeners)
    const leave = listeners.add(listener)
    this.#stop ??= this.#start()
    return () => {
      leave()
      if (listeners.size === 0 && this.#subscribersByDesk.get(desk) === listeners) this.#removeDesk(desk)
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
    const newest = `select max(e.v) from ${schema}.entry e where e.desk = d.desk and e.generation = d.generation`
    const heads = `select d.desk, concat_ws('-', d.generation, (${newest})) as head from ${schema}.desk d`
    const names = JSON.stringify([...this.#subscribersByDesk.keys()])
    const asked = query(client, `${heads} where d.desk in (select json_array_elements_text($1::json))`, [names])
    const rows = await asked.catch(() => [])
    this.#isPolling = false
    for (const { desk, head } of rows.map((row) => fieldsOfFirstRow([row]))) {
      const isNew = this.#heads.get(String(desk)) !== String(head)
      this.#heads.set(String(desk), String(head))
      if (isNew) this.#subscribersByDesk.get(String(desk))?.notify()
    }
  }

  /** While the listening connection is away there is the poll; a new one is tried every few polls. */
  #listenForNotifications(): () => void {
    const { client, schema, pollMs } = this.#options
    let isOver = false
    let again: ReturnType<typeof setTimeout> | undefined
    let hangUp = (): void => {}
    const lost = (): void => {
      hangUp()
      hangUp = () => {}
      clearTimeout(again)
      if (!isOver) again = setTimeout(connect, pollMs * 2)
    }
    const connect = (): void => {
      const ring = (message: string) => {
        const [desk = '', version] = message.split(' ', 2)
        this.#subscribersByDesk.get(desk)?.notify(version === undefined ? undefined : Number(version))
      }
      const line = { channel: schema, ring, lost }
      subscribeChannel(client, line).then((leave) => {
        hangUp = leave
        if (isOver) leave()
        else this.#notifyAll()
      }, lost)
    }
    connect()
    return () => {
      isOver = true
      clearTimeout(again)
      hangUp()
    }
  }

  #notifyAll(): void {
    for (const listeners of [...this.#subscribersByDesk.values()]) listeners.notify()
  }
}

interface ChannelHandlers {
  readonly channel: string
  /** `<desk> <version>`, or the desk alone. */
  readonly ring: (message: string) => void
  readonly lost: () => void
}

type PooledConnection = Awaited<ReturnType<PostgresPool['connect']>>

const ignoreError = (): void => {}

async function subscribeChannel(client: PostgresClient, line: ChannelHandlers): Promise<() => void> {
  if (isPglite(client)) {
    const leave = await client.listen(line.channel, line.ring)
    return () => void leave().catch(ignoreError)
  }
  const connection = isPostgresPool(client) ? await client.connect() : client
  if (!isPostgresConnection(connection)) return ignoreError
  const hear = ({ channel, payload = '' }: PostgresNotification): void => {
    if (channel === line.channel) line.ring(payload)
  }
  // A connection borrowed from a pool has nobody else to hear its errors, also after it was given back.
  if (isPostgresPool(client)) connection.on('error', ignoreError)
  connection.on('notification', hear)
  connection.on('error', line.lost)
  connection.on('end', line.lost)
  const leave = (): void => {
    connection.removeListener('notification', hear)
    connection.removeListener('error', line.lost)
    connection.removeListener('end', line.lost)
    if (isPostgresPool(client) && 'release' in connection) (connection as PooledConnection).release(true)
    else query(connection, `unlisten "${line.channel}"`).catch(ignoreError)
  }
  try {
    await query(connection, `listen "${line.channel}"`)
  } catch (failure) {
    leave()
    throw failure
  }
  return leave
}
