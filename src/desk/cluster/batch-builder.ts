import {
  type Command,
  type DeskState,
  type DomainEvent,
  decide,
  dueShifts,
  evolve,
  nextDueAt,
  restoreState,
  toStateSnapshot,
} from '../../core'
import { shiftTimeAt } from '../../routing'
import type { StorePayload } from '../../store'
import type { Outcome } from '../api/outcome'
import { toOutcome } from '../api/outcome'
import type { DeskAggregate, IdempotencyCache } from '../runtime/desk-aggregate'
import { devFreeze } from '../runtime/dev-freeze'
import type { RepairBuffer } from './catch-up'
import type { PendingCommand } from './command-queue'

/** What is to be appended for some of the commands that wait, and what the others are answered. */
export interface CommandBatch {
  readonly payload: StorePayload
  /** It was decided on a draft, which holds its events already. */
  readonly isSpeculative: boolean
  /** It begins with the consequences of deadlines. */
  readonly hasTicks: boolean
  /** The commands whose events are in the payload. */
  readonly appended: readonly PendingCommand[]
  /** Answers that change nothing: they hold as long as the state they were decided on is the newest. */
  readonly unchanged: readonly (readonly [PendingCommand, Outcome])[]
  readonly failed: readonly (readonly [PendingCommand, unknown])[]
}

export interface BatchContext {
  readonly state: DeskState
  /** The state is a draft, on which one command is decided after another; otherwise it ends with the first event. */
  readonly isSpeculative: boolean
  readonly idempotencyCache: IdempotencyCache
  /** The engine's time, or that of the newest event. */
  readonly at: number
  readonly nodeId: string
  /** What a command leads to besides, where it changes nothing in the state: a session that moves to this node. */
  readonly extraEvents: (command: Command, state: DeskState) => readonly DomainEvent[]
}

const eventsPerBatchMax = 500

/** Decides what is due, and then the waiting commands in their order. */
export function buildBatch(parts: BatchContext, waiting: readonly PendingCommand[]): CommandBatch {
  const making = new BatchBuilder(parts)
  making.addDueTicks()
  for (const each of waiting) {
    if (making.isFull) break
    making.add(each)
  }
  return making.build()
}

class BatchBuilder {
  readonly #parts: BatchContext
  readonly #events: DomainEvent[] = []
  readonly #commands: { readonly id: string; readonly outcome: Outcome }[] = []
  readonly #known = new Map<string, Outcome>()
  readonly #appended: PendingCommand[] = []
  readonly #unchanged: (readonly [PendingCommand, Outcome])[] = []
  readonly #failed: (readonly [PendingCommand, unknown])[] = []
  #hasTicks = false

  constructor(parts: BatchContext) {
    this.#parts = parts
  }

  get isFull(): boolean {
    return this.#events.length >= (this.#parts.isSpeculative ? eventsPerBatchMax : 1)
  }

  /** One deadline after another, as far as they have come by the engine's time. */
  addDueTicks(): void {
    const { state, at } = this.#parts
    while (!this.isFull && isDue(state, at)) {
      const times = dueShifts(state, at).map((shift) => shiftTimeAt(shift, at))
      const { events } = decide(state, { type: 'tick', times, at })
      if (events.length === 0) return
      this.#hasTicks = true
      this.#take(events)
    }
  }

  add(waiting: PendingCommand): void {
    const { commandId } = waiting.command
    const known =
      commandId === null ? undefined : (this.#parts.idempotencyCache.get(commandId) ?? this.#known.get(commandId))
    if (known !== undefined) return void this.#unchanged.push([waiting, known])
    try {
      this.#decide(waiting)
    } catch (error) {
      this.#failed.push([waiting, error])
    }
  }

  build(): CommandBatch {
    const payload: StorePayload = { schema: 1, src: this.#parts.nodeId, commands: this.#commands, events: this.#events }
    const { isSpeculative: isDrafted } = this.#parts
    return {
      payload,
      isSpeculative: isDrafted,
      hasTicks: this.#hasTicks,
      appended: this.#appended,
      unchanged: this.#unchanged,
      failed: this.#failed,
    }
  }

  #decide(waiting: PendingCommand): void {
    const { state, at, extraEvents } = this.#parts
    const { commandId, detailsOf } = waiting.command
    const command = waiting.command.toCommand(at, state)
    if (command === null) return void this.#unchanged.push([waiting, emptyOutcome])
    const decision = decide(state, command)
    const outcome = devFreeze(toOutcome(decision.outcome, detailsOf, state))
    const more = extraEvents(command, state)
    const events = decision.events.length > 0 || !outcome.ok ? decision.events : more
    if (commandId !== null) this.#known.set(commandId, outcome)
    if (events.length === 0) return void this.#unchanged.push([waiting, outcome])
    if (commandId !== null) this.#commands.push({ id: commandId, outcome })
    this.#appended.push(waiting)
    this.#take(events)
    this.addDueTicks()
  }

  #take(events: readonly DomainEvent[]): void {
    this.#events.push(...events)
    if (this.#parts.isSpeculative) for (const event of events) evolve(this.#parts.state, event)
  }
}

const emptyOutcome: Outcome = Object.freeze({ ok: true }) as Outcome

/** Whether a deadline has come by the engine's time, or something follows at once. */
function isDue(state: DeskState, at: number): boolean {
  if (state.offerable.size > 0) return true
  const dueAt = nextDueAt(state)
  return dueAt !== null && dueAt <= at
}

/** Copying so many things of a state costs about as much as one answer of a log that is near. */
const itemsPerStoreRoundTrip = 128

/**
 * A second state beside the kernel's, on which several commands are decided one after another before the log has taken
 * them. What the log takes is in both; when it takes something else the draft is spoilt, and copied anew when that is
 * cheaper than asking the log once for each command.
 */
export class SpeculativeState {
  readonly #kernel: DeskAggregate
  readonly #tail: RepairBuffer
  #state: DeskState | null = null
  #version = 0

  constructor(kernel: DeskAggregate, tail: RepairBuffer) {
    this.#kernel = kernel
    this.#tail = tail
  }

  /** A state equal to the kernel's to decide so many commands on; `null` when it is not worth its while. */
  prepare(commands: number): DeskState | null {
    if (this.#state !== null && this.#follow(this.#state)) return this.#state
    if (commands < 2 || countItems(this.#kernel.state) > itemsPerStoreRoundTrip * commands) return null
    this.#state = restoreState(toStateSnapshot(this.#kernel.state))
    this.#version = this.#kernel.version
    return this.#state
  }

  /** All that was decided on it has become the log's entry of this version. */
  confirm(version: number): void {
    this.#version = version
  }

  /** What was decided on it is not in the log, or the kernel has another history now. */
  discard(): void {
    this.#state = null
  }

  /** Folds what the kernel has taken meanwhile. */
  #follow(state: DeskState): boolean {
    if (this.#version === this.#kernel.version) return true
    const missed = this.#version < this.#kernel.version ? this.#tail.entriesAfter(this.#version) : null
    if (missed === null) return false
    for (const { payload } of missed) for (const event of payload.events) evolve(state, event)
    this.#version = this.#kernel.version
    return true
  }
}

function countItems({ requests, staff, visitors, openedCount }: DeskState): number {
  return requests.size + staff.size + visitors.size + Math.min(openedCount, 20_000) / 8
}
