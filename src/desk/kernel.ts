import type { Command, Decision, DeskState, DomainEvent, Edge, Queue } from '../core'
import { DeskError, decide, emptyState, evolve, nextDueAt } from '../core'
import type { LogEntry, LogPayload } from '../log'
import type { Announcer } from './announcer'
import { Answers } from './answers'
import type { Clock } from './clock'
import { Notices } from './notices'

/** Hears every event right after it was folded, before anybody is told: metrics, positions, the router. */
export interface Follower {
  follow(event: DomainEvent, edges: readonly Edge[], state: DeskState): void
  /** Hears of a state that was restored, whose events nobody tells. */
  resume?(state: DeskState): void
}

export interface KernelParts {
  readonly clock: Clock
  readonly announcer: Announcer
  readonly followers: readonly Follower[]
  readonly queue: Queue
}

/** The desk's state at one version of the log: decides, takes entries, and tells what they changed. */
export class Kernel {
  state: DeskState = emptyState()
  answers = new Answers()
  version = 0
  /** The hash at `version`; `''` where the log is in this process and needs none. */
  hash = ''
  readonly #parts: KernelParts
  #latestAt = 0

  constructor(parts: KernelParts) {
    this.#parts = parts
  }

  /** The desk's time: the clock's, held where that one goes back. */
  now(): number {
    this.#latestAt = Math.max(this.#latestAt, this.state.at, Math.floor(this.#parts.clock.now()))
    return this.#latestAt
  }

  nextDueAt(): number | null {
    return nextDueAt(this.state)
  }

  isDueAt(at: number): boolean {
    const dueAt = nextDueAt(this.state)
    return dueAt !== null && dueAt <= at
  }

  decide(command: Command): Decision {
    return decide(this.state, command)
  }

  /** Goes on from a state that was restored. */
  resume(state: DeskState): void {
    this.state = state
    for (const follower of this.#parts.followers) follower.resume?.(state)
  }

  /** Folds one batch. Its notices go out when all of it is folded, in the order of its events. */
  take(version: number, { commands, events }: LogPayload): void {
    const notices = new Notices(this.#parts.announcer, version, events.length > 1)
    this.version = version
    for (const { id, outcome } of commands) this.answers.rememberLogged(id, outcome)
    for (const event of events) {
      const edges = evolve(this.state, event)
      for (const follower of this.#parts.followers) follower.follow(event, edges, this.state)
      notices.add(this.state, event, edges)
    }
    const { announcer, queue } = this.#parts
    if (announcer.hearsMoves) notices.addMoves(queue.moves(this.state), this.state.at)
    notices.tell()
  }

  /** An entry as the log tells it: one that is known already is passed over, one that leaves a gap is refused. */
  takeEntry({ v, h, payload }: LogEntry): void {
    if (v <= this.version) return
    if (v > this.version + 1) throw new DeskError('stale', `expected version ${this.version + 1} of the log, got ${v}`)
    this.hash = h
    this.take(v, payload)
  }
}
