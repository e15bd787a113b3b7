import { DeskError, type DeskState, nextDueAt } from '../../core'
import type { AppendResult, StoreEntry } from '../../store'
import { generatedIdPrefix } from '../parse/command-input'
import { resumeCommand, toDeskError, undecidedOutcome } from '../runtime/desk-runtime'
import { type BatchContext, buildBatch, type CommandBatch } from './batch-builder'
import type { PendingCommand } from './command-queue'
import { pause } from './environment'
import type { NodeContext } from './node-context'

/** Random back-off after a conflict, so that the nodes do not conflict again. */
const backOffMsMax = 8
const backOffMsPerConflict = 2
/** Wait before a deadline is tried again that the backend found early, or that had no event. */
const tickRetryMs = 50
/** How long a node leaves a deadline to each node of a lower rank. */
const tickRankDelayMs = 50

/** How much longer a node that may be the first one after a restart leaves a visitor's deadline to others. */
const restartTickDelayMs = 1_000

/** With at least this many commands, deciding them in vain costs more than letting other nodes append first. */
const rotationCommandsMin = 4

/**
 * What the loop does after a commit: nothing, read the store, sync with it after a loss, or wait for the node's turn.
 */
export type CommitFollowUp = 'nothing' | 'read' | 'sync' | 'wait'

/** Decides the pending commands, several together, and appends their events as one entry. */
export class GroupCommit {
  readonly #context: NodeContext
  readonly #apply: (entry: StoreEntry) => void
  #conflicts = 0
  #noTickBeforeMs = 0
  /** The version at which no pending command could be answered without an entry. */
  #unanswerableVersion = -1
  /** Whether the store holds all other writers back for the next append. */
  #hasTurn = false

  constructor(context: NodeContext, apply: (entry: StoreEntry) => void) {
    this.#context = context
    this.#apply = apply
  }

  get hasWork(): boolean {
    const { commandQueue, clock, environment } = this.#context
    if (commandQueue.size > 0) return true
    const deadlineAt = this.nextDeadlineAt()
    return deadlineAt !== null && deadlineAt <= clock.now() && environment.elapsedMs() >= this.#noTickBeforeMs
  }

  /** Whether it is this node's turn: then it appends before it does anything else. */
  get hasTurn(): boolean {
    return this.#hasTurn
  }

  /** Whether an append brings missed entries as well as a read does, and asks for a turn: the store is far. */
  get readsByAppend(): boolean {
    const { commandQueue, writerRotation } = this.#context
    return commandQueue.size > 0 && writerRotation.isFar && !writerRotation.isDeferred
  }

  /**
   * Returns when this node ticks the earliest deadline. Any node may; among the nodes that own sessions each one waits
   * until those of a lower rank had time to do it.
   */
  nextDeadlineAt(): number | null {
    const { aggregate, sessionOwnership, restartWatch } = this.#context
    const dueAt = nextDueAt(aggregate.state)
    if (dueAt === null || aggregate.state.offerable.size > 0) return dueAt
    if (restartWatch.isHolding(aggregate.state, dueAt)) return dueAt + restartTickDelayMs
    return dueAt + tickRankDelayMs * sessionOwnership.tickRankOf(dueAt)
  }

  /**
   * Decides and appends one batch, or answers commands that need no entry.
   * @throws what the store throws; then it is not known whether the entry is in the store.
   */
  async commit(): Promise<CommitFollowUp> {
    const { commandQueue, clock, aggregate, options, restartWatch, writerRotation } = this.#context
    const hasTurn = this.#hasTurn
    this.#hasTurn = false
    const at = Math.max(clock.now(), aggregate.state.at)
    if (restartWatch.isHolding(aggregate.state, at)) this.#resume()
    const commands = commandQueue.first(options.commandsPerEntryMax)
    if (!hasTurn && writerRotation.isDeferred && commands.length === 0) return 'wait'
    if (!hasTurn && (writerRotation.isDeferred || commands.length >= rotationCommandsMin) && this.waitMs() > 0)
      return this.#answerWithoutEntry(commands, at)
    const batch = this.#decide(commands, at)
    this.#refuseFailed(batch)
    if (batch.payload.events.length > 0) return this.#append(batch, at, hasTurn)
    if (commands.length === 0) this.#noTickBeforeMs = this.#context.environment.elapsedMs() + tickRetryMs
    return this.#answerUnchanged(batch)
  }

  /** No other node has shown that it lives, and has ended the visitor's session or request in time. */
  #resume(): void {
    const { commandQueue, restartWatch, environment } = this.#context
    restartWatch.end()
    void commandQueue.add(resumeCommand, environment.elapsedMs(), true)
  }

  /** Returns how long to let other nodes append first. */
  waitMs(): number {
    return this.#context.writerRotation.waitMs()
  }

  /** While it is another node's turn: answers commands that need no entry, such as an accept that is too late. */
  #answerWithoutEntry(commands: readonly PendingCommand[], at: number): CommitFollowUp {
    const { aggregate } = this.#context
    if (this.#unanswerableVersion === aggregate.version) return 'wait'
    const batch = buildBatch(this.#batchContext(null, at), commands)
    this.#refuseFailed(batch)
    if (batch.payload.events.length === 0) return this.#answerUnchanged(batch)
    this.#unanswerableVersion = aggregate.version
    return 'wait'
  }

  /** The speculative state may hold a part of a command that failed. */
  #refuseFailed({ failed, isSpeculative }: CommandBatch): void {
    const { commandQueue, eventBus, speculativeState } = this.#context
    if (failed.length > 0 && isSpeculative) speculativeState.discard()
    for (const [pending, cause] of failed) {
      const error = toDeskError(cause)
      eventBus.emit('error', error)
      commandQueue.refuse(pending, error)
    }
  }

  /** With deadlines only, the aggregate's own state is used: ticks without events are rescheduled in it. */
  #decide(commands: readonly PendingCommand[], at: number): CommandBatch {
    const speculative = commands.length === 0 ? null : this.#prepareSpeculativeState(commands.length)
    return buildBatch(this.#batchContext(speculative, at), commands)
  }

  #prepareSpeculativeState(commands: number): DeskState | null {
    const { speculativeState, writerRotation } = this.#context
    return speculativeState.prepare(commands, writerRotation.roundTripMs)
  }

  #batchContext(speculative: DeskState | null, at: number): BatchContext {
    const { aggregate, environment, sessionOwnership } = this.#context
    return {
      state: speculative ?? aggregate.state,
      isSpeculative: speculative !== null,
      idempotencyCache: aggregate.idempotencyCache,
      at,
      nodeId: environment.nodeId,
      extraEvents: sessionOwnership.extraEvents.bind(sessionOwnership),
    }
  }

  /**
   * Answers the commands that change nothing, unless the store may hold newer entries: then the loop reads it first.
   */
  #answerUnchanged({ unchanged }: CommandBatch): CommitFollowUp {
    const { commandQueue, aggregate } = this.#context
    if (unchanged.some(([pending]) => !commandQueue.isSynced(pending))) return 'read'
    for (const [pending, outcome] of unchanged) {
      const { commandId } = pending.command
      if (commandId !== null && outcome !== undecidedOutcome && !commandId.startsWith(generatedIdPrefix))
        aggregate.idempotencyCache.remember(commandId, outcome)
      commandQueue.resolve(pending, outcome)
    }
    return 'nothing'
  }

  async #append(batch: CommandBatch, at: number, hasTurn: boolean): Promise<CommitFollowUp> {
    const { aggregate, clock, commandQueue, speculativeState, environment, writerRotation } = this.#context
    const [lastSequence, sentAt] = [commandQueue.lastSequence, clock.localNow()]
    for (const pending of batch.appended) pending.isSent = true
    // No deadline may be early, and no event be dated ahead of the backend's clock.
    const notBeforeAt = batch.hasTicks ? at : Math.min(at, clock.now())
    const result = await this.#send(batch, notBeforeAt)
    if (result.status !== 'appended') speculativeState.discard()
    if (hasTurn) writerRotation.recordTurn(result.status === 'appended')
    switch (result.status) {
      case 'appended':
        clock.synchronize(result.entry.t, sentAt)
        return this.#onAppended(result.entry, batch, lastSequence)
      case 'conflict':
        this.#hasTurn = result.hasTurn === true
        return this.#onConflict(result.missed, lastSequence)
      case 'deferred':
        writerRotation.recordDeferral(result.forMs)
        return 'nothing'
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

  /** @throws what the store throws; then it is not known whether the entry is in the store. */
  async #send({ payload }: CommandBatch, notBeforeAt: number): Promise<AppendResult> {
    const { aggregate, store, storeWatchdog, speculativeState, environment, writerRotation, commandQueue } =
      this.#context
    // Deadlines alone need no turn: any node may process them.
    const turnMs = commandQueue.size === 0 ? null : writerRotation.turnMs(this.#conflicts)
    const batch = turnMs === null ? { payload, notBeforeAt } : { payload, notBeforeAt, turnMs }
    const startedMs = environment.elapsedMs()
    try {
      return await storeWatchdog.watch(() => store.append({ v: aggregate.version, h: aggregate.hash }, batch))
    } catch (error) {
      speculativeState.discard()
      throw error
    } finally {
      writerRotation.recordRoundTrip(environment.elapsedMs() - startedMs)
    }
  }

  #onAppended(entry: StoreEntry, batch: CommandBatch, lastSequence: number): CommitFollowUp {
    const { aggregate, speculativeState, commandQueue } = this.#context
    if (entry.v !== aggregate.version + 1) {
      throw new DeskError('store-damaged', `expected version ${aggregate.version + 1} for an entry, got ${entry.v}`)
    }
    this.#conflicts = 0
    this.#apply(entry)
    if (batch.isSpeculative) speculativeState.confirm(entry.v)
    commandQueue.markSyncedUpTo(lastSequence)
    for (const pending of batch.appended)
      if (pending.command.commandId === null) commandQueue.resolve(pending, emptyOutcome)
    return this.#answerUnchanged(batch)
  }

  async #onConflict(missed: readonly StoreEntry[], lastSequence: number): Promise<CommitFollowUp> {
    if (missed[0]?.v !== this.#context.aggregate.version + 1) return 'read'
    for (const entry of missed) this.#apply(entry)
    if (this.#hasTurn) this.#context.commandQueue.markSyncedUpTo(lastSequence)
    this.#conflicts += 1
    this.#context.writerRotation.recordConflict()
    if (this.#conflicts === 1 || this.#hasTurn) return 'nothing'
    const ms = Math.min(backOffMsMax, backOffMsPerConflict * this.#conflicts)
    await pause(this.#context.environment, this.#context.environment.random() * ms)
    return 'nothing'
  }
}

const emptyOutcome = Object.freeze({ ok: true }) as Parameters<NodeContext['commandQueue']['resolve']>[1]
