import type { AppendResult, StoreBatch, StoreEntry } from './event-store'

/** A writer that has the turn for longer loses it: one that has ended holds no other back for longer. */
export const turnMsMax = 1_000
/** How long every writer may append between two turns. */
export const turnGapMs = 50
/**
 * A writer that waits keeps its place for the rest of the present turn, and for four turns of its own after that: it
 * may read and send a heartbeat before it asks again.
 */
export const turnsWaited = 4
export const waitMsMax = (1 + turnsWaited) * turnMsMax

interface WaitingWriter {
  readonly writer: string
  readonly sinceMs: number
  /** Until when it is expected to ask again. */
  readonly untilMs: number
}

/**
 * Which writer of a store has the turn. A writer that is far from the backend is always overtaken by near ones: before
 * its entry arrives, others have appended. So it asks for a turn, in which all others are held back for about one round
 * trip. The writer that has waited longest is next. An instant that is too far ahead counts as past, so that a clock
 * that was moved back holds nothing back.
 *
 * The scripts of Redis and the functions of Postgres do the same (docs/decisions/621).
 */
export class WriterTurns {
  #waiting: readonly WaitingWriter[] = []
  #turn: Omit<WaitingWriter, 'sinceMs'> | null = null
  #freeAtMs = 0

  /** Returns for how long a writer is held back by the turn of another one; 0 when it is not. */
  waitMs(writer: string | undefined, nowMs: number): number {
    return this.#turn?.writer === writer ? 0 : this.#takenMs(nowMs)
  }

  /**
   * Records that the writer of a batch waits for the turn that the batch asks for. Returns whether it has it now. A
   * writer that does not get all the entries missed at once needs another round trip for the rest of them.
   */
  request({ payload: { src }, turnMs }: StoreBatch, nowMs: number, isComplete = true): boolean {
    if (src === undefined || turnMs === undefined) return false
    return this.#request(src, isComplete ? turnMs : 2 * turnMs, nowMs) && isComplete
  }

  /** Records that a writer has appended: its turn ends, and it waits for none. */
  end(writer: string | undefined, nowMs: number): void {
    if (this.#waiting.length > 0) this.#waiting = this.#waiting.filter((each) => each.writer !== writer)
    if (this.#turn === null || this.#turn.writer !== writer) return
    this.#turn = null
    this.#freeAtMs = nowMs + turnGapMs
  }

  #request(writer: string, forMs: number, nowMs: number): boolean {
    const turnMs = Math.min(forMs, turnMsMax)
    const takenMs = this.#takenMs(nowMs)
    if (takenMs > 0 && this.#turn?.writer === writer) return true
    const waiting = this.#waiting.filter(({ untilMs }) => remainingMs(untilMs, nowMs, waitMsMax) > 0)
    const sinceMs = waiting.find((each) => each.writer === writer)?.sinceMs ?? nowMs
    const others = waiting.filter((each) => each.writer !== writer)
    const isFirst = others.every((each) => sinceMs < each.sinceMs || (sinceMs === each.sinceMs && writer < each.writer))
    const isPaused = remainingMs(this.#freeAtMs, nowMs, turnMsMax + turnGapMs) > 0
    if (takenMs > 0 || isPaused || !isFirst) {
      this.#waiting = [...others, { writer, sinceMs, untilMs: nowMs + takenMs + turnsWaited * turnMs }]
      return false
    }
    this.#waiting = others
    this.#turn = { writer, untilMs: nowMs + turnMs }
    this.#freeAtMs = nowMs + turnMs + turnGapMs
    return true
  }

  /** Returns how long the turn of any writer still lasts. */
  #takenMs(nowMs: number): number {
    return this.#turn === null ? 0 : remainingMs(this.#turn.untilMs, nowMs, turnMsMax)
  }
}

function remainingMs(untilMs: number, nowMs: number, maxMs: number): number {
  const ms = untilMs - nowMs
  return ms > 0 && ms <= maxMs ? ms : 0
}

/** Returns the result of an append that another writer came before. */
export function conflictResult(missed: readonly StoreEntry[], hasTurn: boolean): AppendResult {
  return hasTurn ? { status: 'conflict', missed, hasTurn } : { status: 'conflict', missed }
}
