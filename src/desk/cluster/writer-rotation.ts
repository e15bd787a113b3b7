import type { NodeEnvironment } from './environment'

/** A node that has not written for longer does not compete: no other node waits for it. */
const competitorWindowMs = 100
/** The assumed length of one turn, until it has been measured. */
const turnMsDefault = 2
const turnMsMax = 15
const writersMax = 16

/**
 * The order in which several busy nodes append. When two nodes append at the same time, one decides in vain, so after a
 * conflict they append in turn: the node after the writer of the newest entry at once, each further node later. The
 * order is only a hint: a node waits a few milliseconds at most, and the store decides in any case.
 */
export class WriterRotation {
  readonly #environment: NodeEnvironment
  readonly #lastWriteMs = new Map<string, number>()
  #lastWriter = ''
  #lastEntryMs = Number.NEGATIVE_INFINITY
  #conflictMs = Number.NEGATIVE_INFINITY
  #turnMs = turnMsDefault

  constructor(environment: NodeEnvironment) {
    this.#environment = environment
  }

  /** Records that an entry of a node was applied. */
  recordWrite(writer: string | undefined): void {
    if (writer === undefined) return
    const now = this.#environment.elapsedMs()
    const sinceMs = now - this.#lastEntryMs
    if (writer !== this.#lastWriter && sinceMs < competitorWindowMs)
      this.#turnMs += (Math.min(sinceMs, turnMsMax) - this.#turnMs) / 8
    this.#lastWriter = writer
    this.#lastEntryMs = now
    this.#lastWriteMs.set(writer, now)
    if (this.#lastWriteMs.size > writersMax) this.#forget(now)
  }

  /** Records that another node appended first. */
  recordConflict(): void {
    this.#conflictMs = this.#environment.elapsedMs()
  }

  /** Returns how long to let other nodes append first; 0 when none competes. */
  waitMs(): number {
    const now = this.#environment.elapsedMs()
    if (now - this.#conflictMs > competitorWindowMs) return 0
    const ownId = this.#environment.nodeId
    const competitors = [...this.#lastWriteMs]
      .filter(([name, ms]) => name !== ownId && now - ms <= competitorWindowMs)
      .map(([name]) => name)
    if (competitors.length === 0) return 0
    const order = [...competitors, ownId].sort()
    const indexOf = (id: string) => order.findIndex((name) => name >= id)
    const turnsBefore = (indexOf(ownId) - indexOf(this.#lastWriter) - 1 + order.length) % order.length
    return Math.max(0, this.#lastEntryMs + 2 * turnsBefore * this.#turnMs - now)
  }

  #forget(now: number): void {
    for (const [name, ms] of this.#lastWriteMs) if (now - ms > competitorWindowMs) this.#lastWriteMs.delete(name)
  }
}
