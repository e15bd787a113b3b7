import { DeskError } from '../../core'
import type { LogEntry } from '../../log'
import type { Task } from '../work'
import type { Aside } from './aside'
import { foldAside } from './aside'
import { Commits } from './commits'
import { History } from './history'
import type { LoopParts } from './loop-parts'
import { pause } from './means'
import { Taking } from './taking'
import { refusal, Trouble } from './trouble'

/** After a failure or a loss nobody appends for so long: nodes that hold more than the log does put that back first. */
const holdMs = 250
const retryMsMax = 1_000
/** Who waits for an answer while the log fails waits no longer than this. */
const patienceMs = 5_000
/** How long a node's sign of life lasts. */
const signMs = 10_000

/**
 * All that a node does with its log, one thing at a time: appending, reading, healing and folding anew never meet in
 * the middle. What comes in meanwhile waits and is appended together.
 */
export class NodeLoop {
  readonly trouble: Trouble
  readonly #parts: LoopParts
  readonly #taking: Taking
  readonly #history: History
  readonly #commits: Commits
  #mustRead = false
  #mustSync = false
  #mustCall = false
  #isThorough = false
  #isOver = false
  #isResting = false
  /** The newest version that the log's bell has spoken of. */
  #rungFor = 0
  #wakeUp: () => void = () => {}
  #onceAtRest: (() => void)[] = []
  #failures = 0
  #failure: unknown

  constructor(parts: LoopParts) {
    const { kernel, announcer, queue, clock } = parts
    this.#parts = parts
    this.trouble = new Trouble({ kernel, announcer, queue, now: () => clock.now() })
    this.#taking = new Taking(parts, (task) => this.ask(task))
    const take = (entry: LogEntry) => this.#taking.take(entry)
    const swap = (aside: Aside) => this.#taking.swap(aside)
    this.#history = new History({ ...parts, take, swap, heals: parts.options.heals })
    this.#commits = new Commits(parts, take)
  }

  /**
   * Reads the log to its end before anything else. An empty one may have lost everything a moment ago: then nothing is
   * written before the nodes that hold it had time to put it back. @throws what is wrong with the log.
   */
  async open(): Promise<void> {
    const { contact, kernel } = this.#parts
    await contact.with(() => this.#history.catchUp(true))
    this.#mustSync = kernel.version === 0
    await this.#callRoll()
    void this.#run()
  }

  /** A command of the node's own, whose answer nobody waits for. */
  ask(task: Task): void {
    this.#parts.queue.add(task, this.#parts.means.elapsedMs()).catch(() => {})
    this.wake()
  }

  /** There is something to do, or there may be. */
  wake(): void {
    this.#wakeUp()
  }

  /** Reads the log soon, in any case. */
  look(isThorough: boolean): void {
    this.#mustRead = true
    this.#isThorough ||= isThorough
    this.wake()
  }

  /** When this node sees to the earliest deadline. */
  turnAt(): number | null {
    return this.#commits.turnAt()
  }

  /** The log's bell has rung: for an entry that this node has taken already, or for one that it has to read. */
  rung(version: number): void {
    this.#rungFor = Math.max(this.#rungFor, version)
    this.wake()
  }

  /** Leaves a sign of life and asks for the others' soon. */
  callRoll(): void {
    this.#mustCall = true
    this.wake()
  }

  /** Gives up what has waited for too long while the log fails. */
  expire(): void {
    const { queue, means } = this.#parts
    if (this.#failures === 0) return
    const error = new DeskError('log-failed', `the log has been failing for ${patienceMs} ms`, this.#failure)
    for (const waiting of queue.first(queue.size)) {
      if (means.elapsedMs() - waiting.sinceMs >= patienceMs) queue.fail(waiting, refusal(waiting, error))
    }
  }

  /** Resolves when there is nothing to do, or nothing that can be done. */
  atRest(): Promise<void> {
    if (this.#isOver || this.#isStuck() || (this.#isResting && this.#next() === null)) return Promise.resolve()
    this.wake()
    return new Promise((resolve) => this.#onceAtRest.push(resolve))
  }

  end(): void {
    this.#isOver = true
    this.wake()
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      const step = this.#next()
      if (step === null) await this.#rest()
      else await step.call(this).catch((error: unknown) => this.#failed(error))
      if (this.#isStuck()) this.#tellAtRest()
    }
    this.#tellAtRest()
  }

  #isStuck(): boolean {
    return this.trouble.error !== null && this.#parts.queue.size === 0
  }

  #tellAtRest(): void {
    for (const resolve of this.#onceAtRest.splice(0)) resolve()
  }

  #rest(): Promise<void> {
    this.#isResting = true
    this.#parts.moved()
    this.#tellAtRest()
    return new Promise((resolve) => {
      this.#wakeUp = () => {
        this.#isResting = false
        this.#wakeUp = () => {}
        resolve()
      }
    })
  }

  #next(): (() => Promise<void>) | null {
    if (this.trouble.isFinal) return null
    if (this.#mustSync) return this.#sync
    if (this.#mustRead || this.#rungFor > this.#parts.kernel.version) return this.#read
    if (this.#mustCall) return this.#callRoll
    return this.trouble.error === null && this.#commits.hasWork ? this.#commit : null
  }

  async #commit(): Promise<void> {
    const after = await this.#commits.commit()
    this.#failures = 0
    if (after === 'read') this.#mustRead = true
    if (after === 'sync') this.#mustSync = true
    if (after === 'wait') return this.#waitForTurn()
    this.#parts.moved()
  }

  /** Until then, or until something comes that may change whose turn it is. */
  #waitForTurn(): Promise<void> {
    return new Promise((resolve) => {
      const leave = this.#parts.means.after(this.#commits.waitMs(), () => this.#wakeUp())
      this.#wakeUp = () => {
        this.#wakeUp = () => {}
        leave()
        resolve()
      }
    })
  }

  async #read(): Promise<void> {
    const { queue, contact } = this.#parts
    const { newest } = queue
    const isThorough = this.#isThorough || this.trouble.error !== null
    this.#mustRead = false
    this.#isThorough = false
    this.#rungFor = 0
    this.#mustSync = await contact.with(() => this.#history.catchUp(isThorough))
    if (!this.#mustSync) queue.freshUpTo(newest)
    if (isThorough) this.trouble.end()
  }

  /** After a failure or a loss: catches up, lets others heal, looks again; only then what was unknown is known. */
  async #sync(): Promise<void> {
    const { log, means, queue, contact } = this.#parts
    this.#taking.hold()
    await contact.with(() => this.#history.catchUp(true))
    await pause(means, holdMs)
    const { newest } = queue
    await contact.with(() => this.#history.catchUp(true))
    if (this.#taking.holdsAnswers) await contact.with(() => log.barrier())
    this.#mustSync = false
    queue.freshUpTo(newest)
    this.#taking.release()
    this.trouble.end()
  }

  async #callRoll(): Promise<void> {
    const { log, clock, roll, means, contact } = this.#parts
    this.#mustCall = false
    if (log.rollCall === undefined) return
    const call = { node: means.node, forMs: signMs, others: roll.others() }
    const sentAt = clock.own()
    const { t, alive } = await contact.with(async () => log.rollCall?.(call) ?? { t: 0, alive: [] })
    clock.heard(t, sentAt)
    for (const task of roll.called(alive, means.elapsedMs())) this.ask(task)
  }

  /** Whatever failed, what became of what was sent is unknown; what is wrong with the log itself is no such failure. */
  async #failed(error: unknown): Promise<void> {
    const { draft, means } = this.#parts
    draft.spoil()
    if (error instanceof DeskError && isAboutTheLog(error)) {
      this.#mustSync = false
      this.trouble.begin(error)
      this.#taking.release()
      return this.#mend()
    }
    this.#failures += 1
    this.#failure = error
    this.#mustSync = true
    const ms = Math.min(retryMsMax, 20 * 2 ** this.#failures)
    await pause(means, ms * (0.5 + means.random() / 2))
  }

  /** A state that holds half an entry is not shown. */
  async #mend(): Promise<void> {
    const { tornAt } = this.#taking
    if (tornAt === null) return
    const aside = await foldAside(this.#parts.log, tornAt - 1).catch(() => null)
    if (aside !== null) this.#taking.swap(aside)
  }
}

function isAboutTheLog({ code }: DeskError): boolean {
  return code === 'closed' || code === 'log-damaged' || code === 'log-newer-schema'
}
