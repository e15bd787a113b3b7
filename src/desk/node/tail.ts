import type { LogEntry } from '../../log'

/** The newest entries that a node has folded: what it can put back when the engine has lost them. */
export class Tail {
  readonly #least: number
  #entries: LogEntry[] = []

  /** Keeps at least so many, and at most twice as many. */
  constructor(least: number) {
    this.#least = least
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry)
    if (this.#entries.length >= 2 * this.#least) this.#entries = this.#entries.slice(-this.#least)
  }

  clear(): void {
    this.#entries = []
  }

  /** The entry at a version; `undefined` for one that is not held. */
  at(v: number): LogEntry | undefined {
    const first = this.#entries[0]
    return first === undefined ? undefined : this.#entries[v - first.v]
  }

  /** All after a version; `null` when the first of them is not held any more. */
  after(v: number): readonly LogEntry[] | null {
    const first = this.#entries[0]
    if (first === undefined || first.v > v + 1) return null
    return this.#entries.slice(v + 1 - first.v)
  }

  all(): readonly LogEntry[] {
    return this.#entries
  }
}
