import type { NodeEnvironment } from './environment'

/** Who has not written for so long is not waited for. */
const competitorWindowMs = 100
/** How long one turn may take, before anybody has been seen to write. */
const turnMsDefault = 2
const turnMsMax = 15
const writersMax = 16

/**
 * Whose turn it is to append when several nodes have much to say. Two that append at once cost each other's work, so
 * after one has lost they go round: whoever comes after the writer of the newest entry at once, the others later and
 * later. It is a courtesy: who gets no answer to it waits a few milliseconds, and the log decides all the same.
 */
export class WriterRotation {
  readonly #means: NodeEnvironment
  readonly #writers = new Map<string, number>()
  #newest = ''
  #newestMs = Number.NEGATIVE_INFINITY
  #lostMs = Number.NEGATIVE_INFINITY
  #turnMs = turnMsDefault

  constructor(means: NodeEnvironment) {
    this.#means = means
  }

  /** An entry of that node was taken. */
  recordWrite(writer: string | undefined): void {
    if (writer === undefined) return
    const now = this.#means.elapsedMs()
    const sinceMs = now - this.#newestMs
    if (writer !== this.#newest && sinceMs < competitorWindowMs)
      this.#turnMs += (Math.min(sinceMs, turnMsMax) - this.#turnMs) / 8
    this.#newest = writer
    this.#newestMs = now
    this.#writers.set(writer, now)
    if (this.#writers.size > writersMax) this.#forget(now)
  }

  /** Somebody else was first. */
  recordConflict(): void {
    this.#lostMs = this.#means.elapsedMs()
  }

  /** How long to leave the log to the others; 0 when nobody competes. */
  waitMs(): number {
    const now = this.#means.elapsedMs()
    if (now - this.#lostMs > competitorWindowMs) return 0
    const own = this.#means.nodeId
    const rivals = [...this.#writers]
      .filter(([name, ms]) => name !== own && now - ms <= competitorWindowMs)
      .map(([name]) => name)
    if (rivals.length === 0) return 0
    const round = [...rivals, own].sort()
    const place = (from: string) => round.findIndex((name) => name >= from)
    const before = (place(own) - place(this.#newest) - 1 + round.length) % round.length
    return Math.max(0, this.#newestMs + 2 * before * this.#turnMs - now)
  }

  #forget(now: number): void {
    for (const [name, ms] of this.#writers) if (now - ms > competitorWindowMs) this.#writers.delete(name)
  }
}
