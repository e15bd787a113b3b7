import { type Command, type DeskState, type DomainEvent, decide, dueShifts, evolve, nextDueAt } from '../../core'
import type { LogPayload } from '../../log'
import { shiftTimeAt } from '../../routing'
import { answerOf } from '../answer-of'
import type { Answers } from '../answers'
import type { Outcome } from '../desk-outcome'
import { frozen } from '../frozen'
import type { Waiting } from './command-queue'

/** What is to be appended for some of the commands that wait, and what the others are answered. */
export interface Batch {
  readonly payload: LogPayload
  /** It was decided on a draft, which holds its events already. */
  readonly isDrafted: boolean
  /** It begins with the consequences of deadlines. */
  readonly hasTicks: boolean
  /** The commands whose events are in the payload. */
  readonly appended: readonly Waiting[]
  /** Answers that change nothing: they hold as long as the state they were decided on is the newest. */
  readonly unchanged: readonly (readonly [Waiting, Outcome])[]
  readonly failed: readonly (readonly [Waiting, unknown])[]
}

export interface BatchParts {
  readonly state: DeskState
  /** The state is a draft, on which one command is decided after another; otherwise it ends with the first event. */
  readonly isDraft: boolean
  readonly answers: Answers
  /** The engine's time, or that of the newest event. */
  readonly at: number
  readonly node: string
  /** What a command leads to besides, where it changes nothing in the state: a session that moves to this node. */
  readonly besides: (command: Command, state: DeskState) => readonly DomainEvent[]
}

const eventsMax = 500

/** Decides what is due, and then the waiting commands in their order. */
export function decideBatch(parts: BatchParts, waiting: readonly Waiting[]): Batch {
  const making = new BatchMaking(parts)
  making.ticks()
  for (const each of waiting) {
    if (making.isFull) break
    making.add(each)
  }
  return making.batch()
}

class BatchMaking {
  readonly #parts: BatchParts
  readonly #events: DomainEvent[] = []
  readonly #commands: { readonly id: string; readonly outcome: Outcome }[] = []
  readonly #known = new Map<string, Outcome>()
  readonly #appended: Waiting[] = []
  readonly #unchanged: (readonly [Waiting, Outcome])[] = []
  readonly #failed: (readonly [Waiting, unknown])[] = []
  #hasTicks = false

  constructor(parts: BatchParts) {
    this.#parts = parts
  }

  get isFull(): boolean {
    return this.#events.length >= (this.#parts.isDraft ? eventsMax : 1)
  }

  /** One deadline after another, as far as they have come by the engine's time. */
  ticks(): void {
    const { state, at } = this.#parts
    while (!this.isFull && isDue(state, at)) {
      const times = dueShifts(state, at).map((shift) => shiftTimeAt(shift, at))
      const { events } = decide(state, { type: 'tick', times, at })
      if (events.length === 0) return
      this.#hasTicks = true
      this.#take(events)
    }
  }

  add(waiting: Waiting): void {
    const { commandId } = waiting.task
    const known = commandId === null ? undefined : (this.#parts.answers.get(commandId) ?? this.#known.get(commandId))
    if (known !== undefined) return void this.#unchanged.push([waiting, known])
    try {
      this.#decide(waiting)
    } catch (error) {
      this.#failed.push([waiting, error])
    }
  }

  batch(): Batch {
    const payload: LogPayload = { schema: 1, src: this.#parts.node, commands: this.#commands, events: this.#events }
    const { isDraft: isDrafted } = this.#parts
    return {
      payload,
      isDrafted,
      hasTicks: this.#hasTicks,
      appended: this.#appended,
      unchanged: this.#unchanged,
      failed: this.#failed,
    }
  }

  #decide(waiting: Waiting): void {
    const { state, at, besides } = this.#parts
    const { commandId, details } = waiting.task
    const command = waiting.task.complete(at, state)
    if (command === null) return void this.#unchanged.push([waiting, done])
    const decision = decide(state, command)
    const outcome = frozen(answerOf(decision.outcome, details, state))
    const more = besides(command, state)
    const events = decision.events.length > 0 || !outcome.ok ? decision.events : more
    if (commandId !== null) this.#known.set(commandId, outcome)
    if (events.length === 0) return void this.#unchanged.push([waiting, outcome])
    if (commandId !== null) this.#commands.push({ id: commandId, outcome })
    this.#appended.push(waiting)
    this.#take(events)
    this.ticks()
  }

  #take(events: readonly DomainEvent[]): void {
    this.#events.push(...events)
    if (this.#parts.isDraft) for (const event of events) evolve(this.#parts.state, event)
  }
}

const done: Outcome = Object.freeze({ ok: true }) as Outcome

/** Whether a deadline has come by the engine's time, or something follows at once. */
function isDue(state: DeskState, at: number): boolean {
  if (state.matchable.size > 0) return true
  const dueAt = nextDueAt(state)
  return dueAt !== null && dueAt <= at
}
