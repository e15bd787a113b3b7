import { BellListeners } from '../bell-listeners'
import {
  firstRow,
  isInProcess,
  isListening,
  isPool,
  type Notification,
  type PostgresClient,
  type PostgresPool,
} from './postgres-client'
import { query } from './query'

export interface PostgresBellOptions {
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
export class PostgresBell {
  static readonly #bells = new WeakMap<PostgresClient, Map<string, PostgresBell>>()
  readonly #options: PostgresBellOptions
  readonly #desks = new Map<string, BellListeners>()
  readonly #heads = new Map<string, string>()
  #isPolling = false
  #hangUp: (() => void) | null = null

  private constructor(options: PostgresBellOptions) {
    this.#options = options
  }

  /** The bell of this client and these options: the same one for every desk. */
  static of(options: PostgresBellOptions): PostgresBell {
    const { client, schema, pollMs, notify } = options
    const bells = PostgresBell.#bells.get(client) ?? new Map<string, PostgresBell>()
    PostgresBell.#bells.set(client, bells)
    const key = `${schema} ${pollMs} ${notify}`
    const bell = bells.get(key) ?? new PostgresBell(options)
    bells.set(key, bell)
    return bell
  }

  /** Returns the way out; listening and polling end with the last listener. */
  listen(desk: string, listener: (version?: number) => void): () => void {
    const listeners = this.#desks.get(desk) ?? new BellListeners()
    this.#desks.set(desk, listeners)
    const leave = listeners.add(listener)
    this.#hangUp ??= this.#start()
    return () => {
      leave()
      if (listeners.size === 0 && this.#desks.get(desk) === listeners) this.#forget(desk)
    }
  }

  #forget(desk: string): void {
    this.#desks.delete(desk)
    this.#heads.delete(desk)
    if (this.#desks.size > 0) return
    this.#hangUp?.()
    this.#hangUp = null
  }

  #start(): () => void {
    const polling = setInterval(() => void this.#poll(), this.#options.pollMs)
    const stopListening = this.#options.notify ? this.#listen() : () => {}
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
    const names = JSON.stringify([...this.#desks.keys()])
    const asked = query(client, `${heads} where d.desk in (select json_array_elements_text($1::json))`, [names])
    const rows = await asked.catch(() => [])
    this.#isPolling = false
    for (const { desk, head } of rows.map((row) => firstRow([row]))) {
      const isNew = this.#heads.get(String(desk)) !== String(head)
      this.#heads.set(String(desk), String(head))
      if (isNew) this.#desks.get(String(desk))?.ring()
    }
  }

  /** While the listening connection is away there is the poll; a new one is tried every few polls. */
  #listen(): () => void {
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
        this.#desks.get(desk)?.ring(version === undefined ? undefined : Number(version))
      }
      const line = { channel: schema, ring, lost }
      subscribe(client, line).then((leave) => {
        hangUp = leave
        if (isOver) leave()
        else this.#ringAll()
      }, lost)
    }
    connect()
    return () => {
      isOver = true
      clearTimeout(again)
      hangUp()
    }
  }

  #ringAll(): void {
    for (const listeners of [...this.#desks.values()]) listeners.ring()
  }
}

interface Line {
  readonly channel: string
  /** `<desk> <version>`, or the desk alone. */
  readonly ring: (message: string) => void
  readonly lost: () => void
}

type Borrowed = Awaited<ReturnType<PostgresPool['connect']>>

const untold = (): void => {}

async function subscribe(client: PostgresClient, line: Line): Promise<() => void> {
  if (isInProcess(client)) {
    const leave = await client.listen(line.channel, line.ring)
    return () => void leave().catch(untold)
  }
  const connection = isPool(client) ? await client.connect() : client
  if (!isListening(connection)) return untold
  const hear = ({ channel, payload = '' }: Notification): void => {
    if (channel === line.channel) line.ring(payload)
  }
  // A connection borrowed from a pool has nobody else to hear its errors, also after it was given back.
  if (isPool(client)) connection.on('error', untold)
  connection.on('notification', hear)
  connection.on('error', line.lost)
  connection.on('end', line.lost)
  const leave = (): void => {
    connection.removeListener('notification', hear)
    connection.removeListener('error', line.lost)
    connection.removeListener('end', line.lost)
    if (isPool(client) && 'release' in connection) (connection as Borrowed).release(true)
    else query(connection, `unlisten "${line.channel}"`).catch(untold)
  }
  try {
    await query(connection, `listen "${line.channel}"`)
  } catch (failure) {
    leave()
    throw failure
  }
  return leave
}
