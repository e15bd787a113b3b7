import type { AppendResult, EventStore, StoreBatch, StoreEntry, StoreHead } from '../../../src/store'

/** A log as a node reaches it: through promises, with a wire that can be cut and an end that can be bent. */
export class FaultyStore implements EventStore {
  /** Nothing passes and nothing answers. */
  isDisconnected = false
  /** What an append does before it reaches the log. */
  beforeAppend: (batch: StoreBatch) => Promise<void> = async () => {}
  /** What stands between an append and its answer. */
  afterAppend: () => Promise<void> = async () => {}
  beforeBarrier: () => Promise<void> = async () => {}
  /** What entries look like on their way to the node. */
  transformEntries: (entries: readonly StoreEntry[]) => readonly StoreEntry[] = (entries) => entries
  readonly batches: StoreBatch[] = []
  /** Where the wire leads to. */
  target: EventStore
  /** It never hears that there is something to read. */
  dropsNotifications = false
  readonly #forever: (() => void)[] = []

  constructor(store: EventStore) {
    this.target = store
  }

  async append(expected: StoreHead, batch: StoreBatch): Promise<AppendResult> {
    await this.#pass()
    await this.beforeAppend(batch)
    const result = await this.target.append(expected, JSON.parse(JSON.stringify(batch)))
    if (result.status === 'appended') this.batches.push(batch)
    await this.afterAppend()
    if (result.status === 'conflict') return { ...result, missed: this.transformEntries(result.missed) }
    return result
  }

  async read(after: number, limit: number): Promise<readonly StoreEntry[]> {
    await this.#pass()
    return this.transformEntries(await this.target.read(after, limit))
  }

  async head() {
    await this.#pass()
    return this.target.head()
  }

  async restore(entries: readonly StoreEntry[]) {
    await this.#pass()
    return this.target.restore(entries)
  }

  async saveSnapshot(snapshot: Parameters<EventStore['saveSnapshot']>[0]) {
    await this.#pass()
    return this.target.saveSnapshot(snapshot)
  }

  async loadSnapshot() {
    await this.#pass()
    return this.target.loadSnapshot()
  }

  async heartbeat(call: Parameters<NonNullable<EventStore['heartbeat']>>[0]) {
    await this.#pass()
    return (await this.target.heartbeat?.(call)) ?? { t: 0, alive: [] }
  }

  async barrier() {
    await this.#pass()
    await this.beforeBarrier()
  }

  subscribe(listener: (version?: number) => void) {
    return this.target.subscribe((version) => {
      if (!this.isDisconnected && !this.dropsNotifications) setImmediate(() => listener(version))
    })
  }

  reconnect(): void {
    this.isDisconnected = false
    for (const pass of this.#forever.splice(0)) pass()
  }

  async close() {}

  async #pass(): Promise<void> {
    if (this.isDisconnected) await new Promise<void>((pass) => this.#forever.push(pass))
    await new Promise((resolve) => setImmediate(resolve))
  }
}
