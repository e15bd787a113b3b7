import { DeskError, type DeskState, nextDueAt } from '../../core'
import type { StoreEntry } from '../../store'
import { generatedIdPrefix } from '../runtime/desk-aggregate'
import { type BatchContext, buildBatch, type CommandBatch } from './batch-builder'
import type { PendingCommand } from './command-queue'
import { pause } from './environment'
import type { NodeContext } from './node-context'

/** Back-off after somebody else was first: random, so that nodes do not meet again. */
const backOffMsMax = 8
const backOffMsPerConflict = 2
/** How long to leave a deadline alone that the engine finds early, or from which nothing follows. */
const tickRetryMs = 50
/** How long a node leaves a deadline to each one whose turn comes before. */
const tickTurnMs = 50

/** From so many commands on, deciding them in vain costs more than leaving the log to others first. */
const rotationCommandsMin = 4

/** What has to be done after a try: nothing, read the log, find out what has become of it, or wait for a turn. */
export type CommitFollowUp = 'nothing' | 'read' | 'sync' | 'wait'

/** Decides what waits, several commands together, and appends it as one entry. */
export class GroupCommit {
  readonly #parts: NodeContext
  readonly #take: (entry: StoreEntry) => void
  #conflicts = 0
  #noTickBeforeMs = 0
  /** The version at which nothing that waits could be answered without an entry. */
  #nothingToAnswerAt = -1

  constructor(parts: NodeContext, take: (entry: StoreEntry) => void) {
    this.#parts = parts
    this.#take = take
  }

  get hasWork(): boolean {
    const { commandQueue, clock, environment } = this.#parts
    if (commandQueue.size > 0) return true
    const turnAt = this.nextDeadlineAt()
    return turnAt !== null && turnAt <= clock.now() && environment.elapsedMs() >= this.#noTickBeforeMs
  }

  /**
   * When this node sees to the earliest deadline. Any node may; those that hold sessions take turns, each giving the
   * ones before it time to be first.
   */
  nextDeadlineAt(): number | null {
    const { aggregate, sessionOwnership } = this.#parts
    const dueAt = nextDueAt(aggregate.state)
    if (dueAt === null || aggregate.state.offerable.size > 0) return dueAt
    return dueAt + tickTurnMs * sessionOwnership.tickRankOf(dueAt)
  }

  /** @throws what the log throws; then it is not known whether the entry is in the log. */
  async commit(): Promise<CommitFollowUp> {
    const { commandQueue, clock, aggregate, options } = this.#parts
    const at = Math.max(clock.now(), aggregate.state.at)
    const waiting = commandQueue.first(options.commandsPerEntryMax)
    if (waiting.length >= rotationCommandsMin && this.waitMs() > 0) return this.#answerOnly(waiting, at)
    const batch = this.#decide(waiting, at)
    for (const [each, error] of batch.failed) commandQueue.reject(each, error)
    if (batch.payload.events.length > 0) return this.#append(batch, at)
    if (waiting.length === 0) this.#noTickBeforeMs = this.#parts.environment.elapsedMs() + tickRetryMs
    return this.#answer(batch)
  }

  /** How long to leave the log to other nodes. */
  waitMs(): number {
    return this.#parts.writerRotation.waitMs()
  }

  /** While it is another node's turn: what needs no entry, such as a race that is lost, is answered all the same. */
  #answerOnly(waiting: readonly PendingCommand[], at: number): CommitFollowUp {
    const { commandQueue, aggregate } = this.#parts
    if (this.#nothingToAnswerAt === aggregate.version) return 'wait'
    const batch = buildBatch(this.#batchParts(null, at), waiting)
    for (const [each, error] of batch.failed) commandQueue.reject(each, error)
    if (batch.payload.events.length === 0) return this.#answer(batch)
    this.#nothingToAnswerAt = aggregate.version
    return 'wait'
  }

  /** With nothing but deadlines to see to, the kernel's own state is used: those that are empty are put off there. */
  #decide(waiting: readonly PendingCommand[], at: number): CommandBatch {
    const ready = waiting.length === 0 ? null : this.#parts.speculativeState.prepare(waiting.length)
    return buildBatch(this.#batchParts(ready, at), waiting)
  }

  #batchParts(draft: DeskState | null, at: number): BatchContext {
    const { aggregate, environment, sessionOwnership } = this.#parts
    return {
      state: draft ?? aggregate.state,
      isSpeculative: draft !== null,
      idempotencyCache: aggregate.idempotencyCache,
      at,
      nodeId: environment.nodeId,
      extraEvents: sessionOwnership.extraEvents.bind(sessionOwnership),
    }
  }

  /** What changes nothing is answered when nothing newer can be in the log; otherwise it is looked at again. */
  #answer({ unchanged }: CommandBatch): CommitFollowUp {
    const { commandQueue, aggregate } = this.#parts
    if (unchanged.some(([waiting]) => !commandQueue.isSynced(waiting))) return 'read'
    for (const [waiting, outcome] of unchanged) {
      const { commandId } = waiting.command
      if (commandId !== null && !commandId.startsWith(generatedIdPrefix))
        aggregate.idempotencyCache.remember(commandId, outcome)
      commandQueue.resolve(waiting, outcome)
    }
    return 'nothing'
  }

  async #append(batch: CommandBatch, at: number): Promise<CommitFollowUp> {
    const { aggregate, store, clock, commandQueue, speculativeState, storeWatchdog, environment } = this.#parts
    const [newest, sentAt] = [commandQueue.lastSequence, clock.localNow()]
    for (const each of batch.appended) each.isSent = true
    const expected = { v: aggregate.version, h: aggregate.hash }
    // No deadline may come early, and no event be dated ahead of the engine's clock.
    const notBeforeAt = batch.hasTicks ? at : Math.min(at, clock.now())
    const appending = storeWatchdog.watch(() => store.append(expected, { payload: batch.payload, notBeforeAt }))
    const result = await appending.catch((error: unknown) => {
      speculativeState.discard()
      throw error
    })
    if (result.status !== 'appended') speculativeState.discard()
    switch (result.status) {
      case 'appended':
        clock.synchronize(result.entry.t, sentAt)
        return this.#appended(result.entry, batch, newest)
      case 'conflict':
        return this.#missed(result.missed)
      case 'early':
        clock.synchronize(result.t, sentAt)
        if (clock.now() >= notBeforeAt || aggregate.state.at >= notBeforeAt) await pause(environment, tickRetryMs)
        return 'nothing'
      case 'diverged':
        return 'sync'
      default:
        return result satisfies never
    }
  }

  #appended(entry: StoreEntry, batch: CommandBatch, newest: number): CommitFollowUp {
    const { aggregate, speculativeState, commandQueue } = this.#parts
    if (entry.v !== aggregate.version + 1) {
      throw new DeskError('store-damaged', `expected version ${aggregate.version + 1} for an entry, got ${entry.v}`)
    }
    this.#conflicts = 0
    this.#take(entry)
    if (batch.isSpeculative) speculativeState.confirm(entry.v)
    commandQueue.markSyncedUpTo(newest)
    for (const each of batch.appended) if (each.command.commandId === null) commandQueue.resolve(each, emptyOutcome)
    return this.#answer(batch)
  }

  async #missed(missed: readonly StoreEntry[]): Promise<CommitFollowUp> {
    if (missed[0]?.v !== this.#parts.aggregate.version + 1) return 'read'
    for (const entry of missed) this.#take(entry)
    this.#conflicts += 1
    this.#parts.writerRotation.recordConflict()
    if (this.#conflicts === 1) return 'nothing'
    const ms = Math.min(backOffMsMax, backOffMsPerConflict * this.#conflicts)
    await pause(this.#parts.environment, this.#parts.environment.random() * ms)
    return 'nothing'
  }
}

const emptyOutcome = Object.freeze({ ok: true }) as Parameters<NodeContext['commandQueue']['resolve']>[1]
