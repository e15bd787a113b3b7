import {
  type Command,
  type Decision,
  type DeskState,
  type DomainEvent,
  evolve,
  type RunObserver,
  run,
  runDue,
} from '../../core'
import { shiftTimeAt } from '../../routing'
import type { StorePayload } from '../../store'
import { type Outcome, toOutcome } from '../api/outcome'
import type { IdempotencyCache } from '../runtime/desk-aggregate'
import { undecidedOutcome } from '../runtime/desk-runtime'
import { devFreeze } from '../runtime/dev-freeze'
import type { PendingCommand } from './command-queue'

/** The payload to append for some of the pending commands, and the outcomes or errors of the rest. */
export interface CommandBatch {
  readonly payload: StorePayload
  /** It was decided on the speculative state, which holds its events already. */
  readonly isSpeculative: boolean
  /** It contains the events of deadlines. */
  readonly hasTicks: boolean
  /** The commands whose events are in the payload. */
  readonly appended: readonly PendingCommand[]
  /** Outcomes of commands without events: valid as long as the state they were decided on is the newest. */
  readonly unchanged: readonly (readonly [PendingCommand, Outcome])[]
  readonly failed: readonly (readonly [PendingCommand, unknown])[]
}

export interface BatchContext {
  readonly state: DeskState
  /**
   * The events are folded into `state`, so that many commands are decided; otherwise the first events end the batch.
   */
  readonly isSpeculative: boolean
  readonly idempotencyCache: IdempotencyCache
  /** The backend's time, or that of the newest event. */
  readonly at: number
  readonly nodeId: string
  /** Returns the events of a command that changes nothing in the core: a session that moves to this node. */
  readonly extraEvents: (command: Command, state: DeskState) => readonly DomainEvent[]
}

const eventsPerBatchMax = 500

/** Decides the due deadlines, and then the pending commands in their order. */
export function buildBatch(context: BatchContext, commands: readonly PendingCommand[]): CommandBatch {
  const builder = new BatchBuilder(context)
  for (const pending of commands) if (pending.command.isBeforeDeadlines === true) builder.add(pending)
  builder.addDueTicks()
  for (const pending of commands) {
    if (pending.command.isBeforeDeadlines === true) continue
    if (builder.isFull) break
    builder.add(pending)
  }
  return builder.build()
}

class BatchBuilder implements RunObserver {
  readonly shiftTimeAt = shiftTimeAt
  readonly #context: BatchContext
  readonly #events: DomainEvent[] = []
  readonly #commands: { readonly id: string; readonly outcome: Outcome }[] = []
  readonly #traces: (readonly [number, unknown])[] = []
  readonly #outcomes = new Map<string, Outcome>()
  readonly #appended: PendingCommand[] = []
  readonly #unchanged: (readonly [PendingCommand, Outcome])[] = []
  readonly #failed: (readonly [PendingCommand, unknown])[] = []
  #current: PendingCommand | null = null
  #hasTicks = false
  /**
   * Nothing more can be decided on this state: a command failed after a part of its events was folded, or one has
   * changed the workflows, by which the later ones are to be routed first.
   */
  #isEnded = false

  constructor(context: BatchContext) {
    this.#context = context
  }

  get isFull(): boolean {
    return this.#isEnded || this.#events.length >= (this.#context.isSpeculative ? eventsPerBatchMax : 1)
  }

  addDueTicks(): void {
    if (!this.isFull) runDue(this.#context.state, this.#context.at, this)
  }

  add(pending: PendingCommand): void {
    const { commandId } = pending.command
    const outcome =
      commandId === null ? undefined : (this.#context.idempotencyCache.get(commandId) ?? this.#outcomes.get(commandId))
    if (outcome !== undefined) return void this.#unchanged.push([pending, outcome])
    const counts = this.#lists.map(({ length }) => length)
    try {
      this.#decide(pending)
    } catch (error) {
      this.#failed.push([pending, error])
      this.#undo(counts, commandId)
    }
  }

  /** What a command adds to. */
  get #lists(): readonly unknown[][] {
    return [this.#events, this.#commands, this.#appended, this.#traces] as unknown[][]
  }

  /** Takes out of the payload what a command that failed has added to it. */
  #undo(counts: readonly number[], commandId: string | null): void {
    this.#isEnded = this.#context.isSpeculative
    for (const [index, list] of this.#lists.entries()) list.length = counts[index] ?? 0
    if (commandId !== null) this.#outcomes.delete(commandId)
  }

  build(): CommandBatch {
    const { nodeId, isSpeculative } = this.#context
    const payload = { schema: 1, src: nodeId, commands: this.#commands, events: this.#events } as const
    return {
      payload: this.#traces.length === 0 ? payload : { ...payload, traces: this.#traces },
      isSpeculative,
      hasTicks: this.#hasTicks,
      appended: this.#appended,
      unchanged: this.#unchanged,
      failed: this.#failed,
    }
  }

  /** Called by `run` before the events of a decision are folded. */
  onDecision(decision: Decision, { type }: Command): boolean {
    if (decision.events.some(({ type: each }) => each.startsWith('workflow'))) this.#isEnded = true
    if (type === 'tick') this.#hasTicks = true
    else if (this.#current !== null) {
      this.#append(this.#current, this.#outcomeOf(this.#current, decision))
      this.#addTrace(this.#current, decision)
    }
    for (const event of decision.events) this.#events.push(event) // a spread of a whole roster overflows the stack
    return this.#context.isSpeculative
  }

  /** Called by `run` after the events of a decision were folded. */
  onFolded(): boolean {
    return !this.isFull
  }

  #decide(pending: PendingCommand): void {
    const { state, at, extraEvents, isSpeculative } = this.#context
    const command = pending.command.toCommand(at, state)
    if (command === null) return void this.#unchanged.push([pending, undecidedOutcome])
    const extra = pending.command.isConnectedElsewhere === true ? [] : extraEvents(command, state)
    this.#current = pending
    const decision = run(state, command, this)
    if (decision.events.some(({ type }) => extra.some((event) => isSameKind(event.type, type)))) return
    if (decision.events.length === 0) {
      const outcome = this.#outcomeOf(pending, decision)
      if (!outcome.ok || extra.length === 0) return void this.#unchanged.push([pending, outcome])
      this.#append(pending, outcome)
    }
    this.#events.push(...extra)
    if (isSpeculative) for (const event of extra) evolve(state, event)
    this.addDueTicks()
  }

  #outcomeOf({ command: { commandId, detailsOf } }: PendingCommand, { outcome }: Decision): Outcome {
    const complete = devFreeze(toOutcome(outcome, detailsOf, this.#context.state))
    if (commandId !== null) this.#outcomes.set(commandId, complete)
    return complete
  }

  /** Adds why the request was routed so. Called before the events of the decision are added. */
  #addTrace({ command: { traceOf } }: PendingCommand, { events }: Decision): void {
    if (traceOf === undefined) return
    const index = events.findIndex(({ type }) => type === 'request.opened' || type === 'request.rerouted')
    const trace = index === -1 ? undefined : traceOf()
    if (trace !== undefined) this.#traces.push([this.#events.length + index, trace])
  }

  #append(pending: PendingCommand, outcome: Outcome): void {
    const { commandId } = pending.command
    if (commandId !== null) this.#commands.push({ id: commandId, outcome })
    this.#appended.push(pending)
  }
}

/** Returns whether two types of event have the same subject: for one of `extraEvents`, sessions of the same kind. */
function isSameKind(one: string, other: string): boolean {
  return one.split('.')[0] === other.split('.')[0]
}
