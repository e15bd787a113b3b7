import type { AppendResult, EventLog, LogBatch, LogEntry, LogHead } from '../../../src/log'

/** A log as a node reaches it: through promises, with a wire that can be cut and an end that can be bent. */
export class TestWire implements EventLog {
  /** Nothing passes and nothing answers. */
  isSilent = false
  /** What an append does before it reaches the log. */
  beforeAppend: (batch: LogBatch) => Promise<void> = async () => {}
  /** What stands between an append and its answer. */
  afterAppend: () => Promise<void> = async () => {}
  beforeBarrier: () => Promise<void> = async () => {}
  /** What entries look like on their way to the node. */
  seen: (entries: readonly LogEntry[]) => readonly LogEntry[] = (entries) => entries
  readonly batches: LogBatch[] = []
  /** Where the wire leads to. */
  log: EventLog
  /** It never hears that there is something to read. */
  isDeaf = false
  readonly #forever: (() => void)[] = []

  constructor(log: EventLog) {
    this.log = log
  }

  async append(expected: LogHead, batch: LogBatch): Promise<AppendResult> {
    await this.#pass()
    await this.beforeAppend(batch)
    const result = await this.log.append(expected, JSON.parse(JSON.stringify(batch)))
    if (result.status === 'appended') this.batches.push(batch)
    await this.afterAppend()
    if (result.status === 'conflict') return { ...result, missed: this.seen(result.missed) }
    return result
  }

  async read(after: number, limit: number): Promise<readonly LogEntry[]> {
    await this.#pass()
    return this.seen(await this.log.read(after, limit))
  }

  async head() {
    await this.#pass()
    return this.log.head()
  }

  async restore(entries: readonly LogEntry[]) {
    await this.#pass()
    return this.log.restore(entries)
  }

  async saveSnapshot(snapshot: Parameters<EventLog['saveSnapshot']>[0]) {
    await this.#pass()
    return this.log.saveSnapshot(snapshot)
  }

  async loadSnapshot() {
    await this.#pass()
    return this.log.loadSnapshot()
  }

  async rollCall(call: Parameters<NonNullable<EventLog['rollCall']>>[0]) {
    await this.#pass()
    return (await this.log.rollCall?.(call)) ?? { t: 0, alive: [] }
  }

  async barrier() {
    await this.#pass()
    await this.beforeBarrier()
  }

  bell(listener: (version?: number) => void) {
    return this.log.bell((version) => {
      if (!this.isSilent && !this.isDeaf) setImmediate(() => listener(version))
    })
  }

  mend(): void {
    this.isSilent = false
    for (const pass of this.#forever.splice(0)) pass()
  }

  async close() {}

  async #pass(): Promise<void> {
    if (this.isSilent) await new Promise<void>((pass) => this.#forever.push(pass))
    await new Promise((resolve) => setImmediate(resolve))
  }
}
