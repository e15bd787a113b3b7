import { type DeskState, evolve, snapshotOf, stateFrom } from '../../core'
import type { Kernel } from '../kernel'
import type { Tail } from './tail'

/** Copying so many things of a state costs about as much as one answer of a log that is near. */
const thingsForOneAnswer = 128

/**
 * A second state beside the kernel's, on which several commands are decided one after another before the log has taken
 * them. What the log takes is in both; when it takes something else the draft is spoilt, and copied anew when that is
 * cheaper than asking the log once for each command.
 */
export class Draft {
  readonly #kernel: Kernel
  readonly #tail: Tail
  #state: DeskState | null = null
  #version = 0

  constructor(kernel: Kernel, tail: Tail) {
    this.#kernel = kernel
    this.#tail = tail
  }

  /** A state equal to the kernel's to decide so many commands on; `null` when it is not worth its while. */
  ready(commands: number): DeskState | null {
    if (this.#state !== null && this.#follow(this.#state)) return this.#state
    if (commands < 2 || things(this.#kernel.state) > thingsForOneAnswer * commands) return null
    this.#state = stateFrom(snapshotOf(this.#kernel.state))
    this.#version = this.#kernel.version
    return this.#state
  }

  /** All that was decided on it has become the log's entry of this version. */
  confirm(version: number): void {
    this.#version = version
  }

  /** What was decided on it is not in the log, or the kernel has another history now. */
  spoil(): void {
    this.#state = null
  }

  /** Folds what the kernel has taken meanwhile. */
  #follow(state: DeskState): boolean {
    if (this.#version === this.#kernel.version) return true
    const missed = this.#version < this.#kernel.version ? this.#tail.after(this.#version) : null
    if (missed === null) return false
    for (const { payload } of missed) for (const event of payload.events) evolve(state, event)
    this.#version = this.#kernel.version
    return true
  }
}

function things({ requests, staff, visitors, openedCount }: DeskState): number {
  return requests.size + staff.size + visitors.size + Math.min(openedCount, 20_000) / 8
}
