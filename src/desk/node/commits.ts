import { DeskError, type DeskState, nextDueAt } from '../../core'
import type { LogEntry } from '../../log'
import { ownIdPrefix } from '../answers'
import { type Batch, type BatchParts, decideBatch } from './batch'
import type { Waiting } from './command-queue'
import type { LoopParts } from './loop-parts'
import { pause } from './means'

/** Back-off after somebody else was first: random, so that nodes do not meet again. */
const backOffMsMax = 8
const backOffMsEach = 2
/** How long to leave a deadline alone that the engine finds early, or from which nothing follows. */
const tickAgainMs = 50
/** How long a node leaves a deadline to each one whose turn comes before. */
const turnMs = 50

/** From so many commands on, deciding them in vain costs more than leaving the log to others first. */
const worthATurn = 4

/** What has to be done after a try: nothing, read the log, find out what has become of it, or wait for a turn. */
export type After = 'nothing' | 'read' | 'sync' | 'wait'

/** Decides what waits, several commands together, and appends it as one entry. */
export class Commits {
  readonly #parts: LoopParts
  readonly #take: (entry: LogEntry) => void
  #conflicts = 0
  #noTickBeforeMs = 0
  /** The version at which nothing that waits could be answered without an entry. */
  #nothingToAnswerAt = -1

  constructor(parts: LoopParts, take: (entry: LogEntry) => void) {
    this.#parts = parts
    this.#take = take
  }

  get hasWork(): boolean {
    const { queue, clock, means } = this.#parts
    if (queue.size > 0) return true
    const turnAt = this.turnAt()
    return turnAt !== null && turnAt <= clock.now() && means.elapsedMs() >= this.#noTickBeforeMs
  }

  /**
   * When this node sees to the earliest deadline. Any node may; those that hold sessions take turns, each giving the
   * ones before it time to be first.
   */
  turnAt(): number | null {
    const { kernel, roll } = this.#parts
    const dueAt = nextDueAt(kernel.state)
    if (dueAt === null || kernel.state.matchable.size > 0) return dueAt
    return dueAt + turnMs * roll.turnOf(dueAt)
  }

  /** @throws what the log throws; then it is not known whether the entry is in the log. */
  async commit(): Promise<After> {
    const { queue, clock, kernel, options } = this.#parts
    const at = Math.max(clock.now(), kernel.state.at)
    const waiting = queue.first(options.commandsMax)
    if (waiting.length >= worthATurn && this.waitMs() > 0) return this.#answerOnly(waiting, at)
    const batch = this.#decide(waiting, at)
    for (const [each, error] of batch.failed) queue.fail(each, error)
    if (batch.payload.events.length > 0) return this.#append(batch, at)
    if (waiting.length === 0) this.#noTickBeforeMs = this.#parts.means.elapsedMs() + tickAgainMs
    return this.#answer(batch)
  }

  /** How long to leave the log to other nodes. */
  waitMs(): number {
    return this.#parts.turns.waitMs()
  }

  /** While it is another node's turn: what needs no entry, such as a race that is lost, is answered all the same. */
  #answerOnly(waiting: readonly Waiting[], at: number): After {
    const { queue, kernel } = this.#parts
    if (this.#nothingToAnswerAt === kernel.version) return 'wait'
    const batch = decideBatch(this.#batchParts(null, at), waiting)
    for (const [each, error] of batch.failed) queue.fail(each, error)
    if (batch.payload.events.length === 0) return this.#answer(batch)
    this.#nothingToAnswerAt = kernel.version
    return 'wait'
  }

  /** With nothing but deadlines to see to, the kernel's own state is used: those that are empty are put off there. */
  #decide(waiting: readonly Waiting[], at: number): Batch {
    const ready = waiting.length === 0 ? null : this.#parts.draft.ready(waiting.length)
    return decideBatch(this.#batchParts(ready, at), waiting)
  }

  #batchParts(draft: DeskState | null, at: number): BatchParts {
    const { kernel, means, roll } = this.#parts
    return {
      state: draft ?? kernel.state,
      isDraft: draft !== null,
      answers: kernel.answers,
      at,
      node: means.node,
      besides: roll.besides.bind(roll),
    }
  }

  /** What changes nothing is answered when nothing newer can be in the log; otherwise it is looked at again. */
  #answer({ unchanged }: Batch): After {
    const { queue, kernel } = this.#parts
    if (unchanged.some(([waiting]) => !queue.isFresh(waiting))) return 'read'
    for (const [waiting, outcome] of unchanged) {
      const { commandId } = waiting.task
      if (commandId !== null && !commandId.startsWith(ownIdPrefix)) kernel.answers.remember(commandId, outcome)
      queue.answer(waiting, outcome)
    }
    return 'nothing'
  }

  async #append(batch: Batch, at: number): Promise<After> {
    const { kernel, log, clock, queue, draft, contact, means } = this.#parts
    const [newest, sentAt] = [queue.newest, clock.own()]
    for (const each of batch.appended) each.isSent = true
    const expected = { v: kernel.version, h: kernel.hash }
    // No deadline may come early, and no event be dated ahead of the engine's clock.
    const notBeforeAt = batch.hasTicks ? at : Math.min(at, clock.now())
    const appending = contact.with(() => log.append(expected, { payload: batch.payload, notBeforeAt }))
    const result = await appending.catch((error: unknown) => {
      draft.spoil()
      throw error
    })
    if (result.status !== 'appended') draft.spoil()
    switch (result.status) {
      case 'appended':
        clock.heard(result.entry.t, sentAt)
        return this.#appended(result.entry, batch, newest)
      case 'conflict':
        return this.#missed(result.missed)
      case 'early':
        clock.heard(result.t, sentAt)
        if (clock.now() >= notBeforeAt || kernel.state.at >= notBeforeAt) await pause(means, tickAgainMs)
        return 'nothing'
      case 'diverged':
        return 'sync'
      default:
        return result satisfies never
    }
  }

  #appended(entry: LogEntry, batch: Batch, newest: number): After {
    const { kernel, draft, queue } = this.#parts
    if (entry.v !== kernel.version + 1) {
      throw new DeskError('log-damaged', `expected version ${kernel.version + 1} for an entry, got ${entry.v}`)
    }
    this.#conflicts = 0
    this.#take(entry)
    if (batch.isDrafted) draft.confirm(entry.v)
    queue.freshUpTo(newest)
    for (const each of batch.appended) if (each.task.commandId === null) queue.answer(each, done)
    return this.#answer(batch)
  }

  async #missed(missed: readonly LogEntry[]): Promise<After> {
    if (missed[0]?.v !== this.#parts.kernel.version + 1) return 'read'
    for (const entry of missed) this.#take(entry)
    this.#conflicts += 1
    this.#parts.turns.lost()
    if (this.#conflicts === 1) return 'nothing'
    const ms = Math.min(backOffMsMax, backOffMsEach * this.#conflicts)
    await pause(this.#parts.means, this.#parts.means.random() * ms)
    return 'nothing'
  }
}

const done = Object.freeze({ ok: true }) as Parameters<LoopParts['queue']['answer']>[1]
