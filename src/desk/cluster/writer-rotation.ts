import { turnMsMax } from '../../store'
import type { NodeEnvironment } from './environment'

/** A node that has not written for longer does not compete: no other node waits for it. */
const competitorWindowMs = 100
/** The assumed time from one node's entry to the next one's, until it has been measured. */
const rotationMsDefault = 2
const rotationMsMax = 15
const writersMax = 16
/** Appends whose round trips are remembered. */
const roundTripsMax = 8
/** A node with a round trip of at least so long asks for a turn with each append. */
export const farRoundTripMs = 20
/** A near node asks for a turn after so many conflicts in a row. */
const conflictsBeforeTurn = 2
/** Time to decide the commands anew, in addition to the round trip. */
const decisionMs = 50

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
  #rotationMs = rotationMsDefault
  #deferredUntilMs = Number.NEGATIVE_INFINITY
  #roundTripsMs: readonly number[] = []
  /** Turns in a row that ended before this node's entry had arrived: the next one is longer. */
  #missedTurns = 0

  constructor(environment: NodeEnvironment) {
    this.#environment = environment
  }

  /** Records that an entry of a node was applied. */
  recordWrite(writer: string | undefined): void {
    this.#deferredUntilMs = Number.NEGATIVE_INFINITY
    if (writer === undefined) return
    const now = this.#environment.elapsedMs()
    const sinceMs = now - this.#lastEntryMs
    if (writer !== this.#lastWriter && sinceMs < competitorWindowMs)
      this.#rotationMs += (Math.min(sinceMs, rotationMsMax) - this.#rotationMs) / 8
    this.#lastWriter = writer
    this.#lastEntryMs = now
    this.#lastWriteMs.set(writer, now)
    if (this.#lastWriteMs.size > writersMax) this.#forget(now)
  }

  /** Records that another node appended first. */
  recordConflict(): void {
    this.#conflictMs = this.#environment.elapsedMs()
  }

  /** Records that the store holds this node back for at most so long, since it is the turn of another one. */
  recordDeferral(forMs: number): void {
    this.#deferredUntilMs = this.#environment.elapsedMs() + Math.min(forMs, turnMsMax)
  }

  /** Records how long the store took to answer an append. */
  recordRoundTrip(ms: number): void {
    this.#roundTripsMs = [...this.#roundTripsMs, ms].slice(-roundTripsMax)
  }

  /** Records whether the turn that the store has given to this node was long enough. */
  recordTurn(isUsed: boolean): void {
    this.#missedTurns = isUsed ? 0 : this.#missedTurns + 1
  }

  /** The shortest of the latest round trips to the store. */
  get roundTripMs(): number {
    return this.#roundTripsMs.length === 0 ? 0 : Math.min(...this.#roundTripsMs)
  }

  get isFar(): boolean {
    return this.roundTripMs >= farRoundTripMs
  }

  /** Returns how long a turn to ask the store for; `null` for a near node that has not lost repeatedly. */
  turnMs(conflicts: number): number | null {
    if (!this.isFar && conflicts < conflictsBeforeTurn) return null
    const longestMs = Math.max(0, ...this.#roundTripsMs)
    return Math.min(turnMsMax, Math.ceil((1.5 * longestMs + decisionMs) * (1 + this.#missedTurns)))
  }

  /** Whether the store holds this node back. */
  get isDeferred(): boolean {
    return this.#environment.elapsedMs() < this.#deferredUntilMs
  }

  /** Returns how long to let other nodes append first; 0 when none competes. */
  waitMs(): number {
    const now = this.#environment.elapsedMs()
    if (now < this.#deferredUntilMs) return this.#deferredUntilMs - now
    if (now - this.#conflictMs > competitorWindowMs) return 0
    const ownId = this.#environment.nodeId
    const competitors = [...this.#lastWriteMs]
      .filter(([name, ms]) => name !== ownId && now - ms <= competitorWindowMs)
      .map(([name]) => name)
    if (competitors.length === 0) return 0
    const order = [...competitors, ownId].sort()
    const indexOf = (id: string) => order.findIndex((name) => name >= id)
    const turnsBefore = (indexOf(ownId) - indexOf(this.#lastWriter) - 1 + order.length) % order.length
    return Math.max(0, this.#lastEntryMs + 2 * turnsBefore * this.#rotationMs - now)
  }

  #forget(now: number): void {
    for (const [name, ms] of this.#lastWriteMs) if (now - ms > competitorWindowMs) this.#lastWriteMs.delete(name)
  }
}
