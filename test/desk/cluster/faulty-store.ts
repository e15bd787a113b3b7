import type {
  AppendResult,
  EventStore,
  NodeHeartbeat,
  NodeLiveness,
  StoreBatch,
  StoreEntry,
  StoreHead,
} from '../../../src/store'

/** A store behind promises, whose connection can be cut and whose answers can be changed. */
export class FaultyStore implements EventStore {
  /** No call reaches the store, and none is answered. */
  isDisconnected = false
  /** Runs before an append reaches the store. */
  beforeAppend: (batch: StoreBatch) => Promise<void> = async () => {}
  /** Runs between an append and its answer. */
  afterAppend: () => Promise<void> = async () => {}
  beforeBarrier: () => Promise<void> = async () => {}
  /** Changes the entries on their way to the node. */
  transformEntries: (entries: readonly StoreEntry[]) => readonly StoreEntry[] = (entries) => entries
  /** Is added to the answers to heartbeats. */
  liveness: () => Partial<NodeLiveness> = () => ({})
  readonly batches: StoreBatch[] = []
  readonly heartbeats: NodeHeartbeat[] = []
  /** The store that it connects to. */
  target: EventStore
  /** Whether no notification reaches the node. */
  dropsNotifications = false
  readonly #blocked: (() => void)[] = []

  constructor(store: EventStore) {
    this.target = store
  }

  async append(expected: StoreHead, batch: StoreBatch): Promise<AppendResult> {
    await this.#transmit()
    await this.beforeAppend(batch)
    const result = await this.target.append(expected, JSON.parse(JSON.stringify(batch)))
    if (result.status === 'appended') this.batches.push(batch)
    await this.afterAppend()
    if (result.status === 'conflict') return { ...result, missed: this.transformEntries(result.missed) }
    return result
  }

  async read(after: number, limit: number): Promise<readonly StoreEntry[]> {
    await this.#transmit()
    return this.transformEntries(await this.target.read(after, limit))
  }

  async head() {
    await this.#transmit()
    return this.target.head()
  }

  async restore(entries: readonly StoreEntry[]) {
    await this.#transmit()
    return this.target.restore(entries)
  }

  async saveSnapshot(snapshot: Parameters<EventStore['saveSnapshot']>[0]) {
    await this.#transmit()
    return this.target.saveSnapshot(snapshot)
  }

  async loadSnapshot() {
    await this.#transmit()
    return this.target.loadSnapshot()
  }

  async heartbeat(heartbeat: Parameters<NonNullable<EventStore['heartbeat']>>[0]) {
    await this.#transmit()
    this.heartbeats.push(heartbeat)
    return { ...((await this.target.heartbeat?.(heartbeat)) ?? { t: 0, alive: [] }), ...this.liveness() }
  }

  async barrier() {
    await this.#transmit()
    await this.beforeBarrier()
  }

  subscribe(listener: (version?: number) => void) {
    return this.target.subscribe((version) => {
      if (!this.isDisconnected && !this.dropsNotifications) setImmediate(() => listener(version))
    })
  }

  reconnect(): void {
    this.isDisconnected = false
    for (const resume of this.#blocked.splice(0)) resume()
  }

  async close() {}

  async #transmit(): Promise<void> {
    if (this.isDisconnected) await new Promise<void>((resume) => this.#blocked.push(resume))
    await new Promise((resolve) => setImmediate(resolve))
  }
}
