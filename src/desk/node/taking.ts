import { DeskError } from '../../core'
import type { LogEntry } from '../../log'
import type { Task } from '../work'
import type { Aside } from './aside'
import { unknownEventType } from './known-event'
import type { LoopParts } from './loop-parts'
import { lostWork } from './lost-work'
import { tellDifference } from './ring-difference'

/** Takes entries of the log into the kernel, or a whole other history, and answers the commands that are in them. */
export class Taking {
  readonly #parts: LoopParts
  readonly #ask: (task: Task) => void
  #held: (() => void)[] | null = null
  /** The entry at which folding failed: what the kernel shows holds a part of it. */
  #tornAt: number | null = null

  constructor(parts: LoopParts, ask: (task: Task) => void) {
    this.#parts = parts
    this.#ask = ask
  }

  get tornAt(): number | null {
    return this.#tornAt
  }

  /** From now on answers that are found wait for `release`: what they rest on may not be safe yet. */
  hold(): void {
    this.#held ??= []
  }

  get holdsAnswers(): boolean {
    return this.#held !== null && this.#held.length > 0
  }

  release(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const answer of held) answer()
  }

  /** Folds the entry that follows, tells of it, and answers. @throws DeskError for one that cannot be folded. */
  take(entry: LogEntry): void {
    const { kernel, tail, roll, clock, turns } = this.#parts
    const { v, t, payload } = entry
    const unknown = unknownEventType(payload)
    if (unknown !== undefined) {
      const told = `entry ${v} of the log holds "${unknown}", which this release does not know`
      throw new DeskError('log-newer-schema', `${told}; update frontbell on this node`)
    }
    try {
      kernel.takeEntry(entry)
    } catch (cause) {
      this.#tornAt = v
      throw new DeskError('log-damaged', `entry ${v} of the log could not be folded: ${cause}`, cause)
    }
    tail.add(entry)
    clock.heardOf(t)
    turns.took(payload.src)
    for (const session of roll.follow(entry)) this.#rejoin(session)
    this.#answer(entry)
  }

  /** Puts a history that was folded aside in the place of the one that is shown, and says what is different. */
  swap(aside: Aside): void {
    const { kernel, tail, roll, draft, announcer, clock, replaced } = this.#parts
    const before = kernel.state
    const { reopening, revoked } = this.#tornAt === null ? lostWork(tail.all(), before, aside) : nothing
    this.#tornAt = null
    // What was found in the history that is given up is no answer any more.
    if (this.#held !== null) this.#held = []
    kernel.resume(aside.state)
    kernel.answers = aside.answers
    kernel.version = aside.v
    kernel.hash = aside.h
    draft.spoil()
    tail.clear()
    for (const entry of aside.entries) tail.add(entry)
    roll.restore(aside.roll)
    replaced()
    tellDifference(announcer, { before, after: kernel.state, version: kernel.version })
    const notice = { version: kernel.version, at: clock.now() }
    for (const chat of revoked) announcer.tell('desk.revoked', { ...chat, ...notice })
    announcer.tell('desk.reset', notice)
    for (const entry of aside.entries) this.#answer(entry)
    for (const task of reopening) this.#ask(task)
    if (revoked.length === 0) return
    const chats = revoked.map(({ requestId, staffId }) => `"${requestId}" by "${staffId}"`).join(', ')
    const told = `the log has lost entries that were acknowledged; taken back: ${chats}`
    announcer.tell('error', new DeskError('log-diverged', told))
  }

  #answer({ payload }: LogEntry): void {
    this.#parts.queue.answerBy(payload, this.#held)
  }

  /** Somebody took this node for gone, and the connection is here. */
  #rejoin([staffId, sessionId]: readonly [string, string]): void {
    this.#ask({ commandId: null, complete: (at) => ({ type: 'connect', staffId, sessionId, at }), details: null })
  }
}

const nothing = { reopening: [], revoked: [] }
