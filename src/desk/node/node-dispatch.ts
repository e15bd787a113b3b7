import { DeskError } from '../../core'
import type { Alarm } from '../alarm'
import type { Outcome } from '../desk-outcome'
import type { Dispatching } from '../dispatching'
import type { Task } from '../work'
import type { LoopParts } from './loop-parts'
import type { NodeLoop } from './node-loop'

export interface NodeDispatchParts extends LoopParts {
  readonly loop: NodeLoop
  /** Wakes the loop at the earliest deadline. */
  readonly alarm: Alarm
}

/** How often the log is looked at without a reason: with people or requests at the desk, and without. */
const watchMs = 1_000
const quietWatchMs = 5_000
/** A log that has not answered for so long: nobody knows what has happened since. */
const staleAfterMs = 3_000
const rollCallMs = 3_000
/** A watch that comes so late was not late alone: the whole process stood still. */
const asleepMs = 1_000
/** When to try again what was due and could not be done at once. */
const askAgainMs = 50

/** The desk's side of a node whose log needs promises: takes commands, watches over the log, and closes. */
export class NodeDispatch implements Dispatching {
  readonly #parts: NodeDispatchParts
  readonly #outside = new Set<Promise<unknown>>()
  readonly #leave: (() => void)[] = []
  #isClosed = false
  #aheadMs = 0
  #nextWatchMs: number

  constructor(parts: NodeDispatchParts) {
    this.#parts = parts
    this.#nextWatchMs = parts.means.elapsedMs() + quietWatchMs
    this.#every(
      () => (this.#isQuiet() ? quietWatchMs : watchMs),
      () => this.#watch(),
    )
    this.#every(
      () => rollCallMs,
      () => this.#callRoll(),
    )
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  do(task: Task): Promise<Outcome> {
    const { loop, queue, means } = this.#parts
    if (loop.trouble.error !== null) return Promise.reject(loop.trouble.error)
    const answer = queue.add(task, means.elapsedMs())
    loop.wake()
    return answer
  }

  tick(): void {
    this.#parts.loop.wake()
  }

  follow(version?: number): void {
    if (version === undefined) this.#parts.loop.look(false)
    else this.#parts.loop.rung(version)
  }

  /** Its answer changes nothing, so it comes when the log has been seen to its end. */
  async fresh(): Promise<void> {
    await this.do({ commandId: null, complete: () => null, details: null })
  }

  awaits<Value>(outside: Promise<Value>): Promise<Value> {
    this.#outside.add(outside)
    const gone = () => this.#outside.delete(outside)
    outside.then(gone, gone)
    return outside
  }

  async idle(): Promise<void> {
    do {
      await Promise.allSettled(this.#outside)
      await this.#parts.loop.atRest()
    } while (this.#outside.size > 0)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.idle()
    for (const leave of this.#leave) leave()
    this.#parts.loop.end()
    this.#parts.alarm.clear()
  }

  /** Sets the timer for the deadline that is this node's to see to, also one that has passed already. */
  wakeWhenDue(): void {
    const { alarm, clock, loop } = this.#parts
    if (this.#isClosed) return
    if (clock.aheadMs !== this.#aheadMs) alarm.clear()
    this.#aheadMs = clock.aheadMs
    const turnAt = loop.turnAt()
    const now = clock.now()
    if (turnAt !== null) alarm.set(turnAt <= now ? now + askAgainMs : turnAt)
  }

  #watch(): void {
    const { loop, contact, means } = this.#parts
    const now = means.elapsedMs()
    if (now > this.#nextWatchMs + asleepMs) contact.excuse()
    this.#nextWatchMs = now + (this.#isQuiet() ? quietWatchMs : watchMs)
    if (contact.silentMs > staleAfterMs) {
      const silent = `the log has not answered for ${Math.round(contact.silentMs)} ms`
      const told = `${silent}: nobody knows what has happened since`
      loop.trouble.begin(new DeskError('stale', told))
    }
    loop.expire()
    loop.look(true)
    this.wakeWhenDue()
  }

  /** Nobody is here and nothing is open. */
  #isQuiet(): boolean {
    const { kernel, roll } = this.#parts
    return kernel.state.requests.size === 0 && !roll.holdsSessions
  }

  #callRoll(): void {
    const { roll, loop } = this.#parts
    if (roll.holdsSessions || roll.others().length > 0) loop.callRoll()
  }

  #every(ms: () => number, act: () => void): void {
    const index = this.#leave.push(() => {}) - 1
    const arm = () => {
      this.#leave[index] = this.#parts.means.after(ms(), () => {
        arm()
        act()
      })
    }
    arm()
  }
}
