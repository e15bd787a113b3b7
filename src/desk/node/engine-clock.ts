import type { Clock } from '../clock'

/**
 * The time of the log's engine as far as a node can know it: its own clock, moved by what the engine's answers say. It
 * is never ahead of the engine's by more than the own clock has drifted since the last answer, so that no deadline is
 * tried early and nodes whose clocks differ agree on what is due.
 */
export class EngineClock implements Clock {
  readonly #own: Clock
  #aheadMs = 0

  constructor(own: Clock) {
    this.#own = own
  }

  now(): number {
    return Math.floor(this.#own.now() + this.#aheadMs)
  }

  wakeAt(at: number, wake: () => void): () => void {
    return this.#own.wakeAt(Math.ceil(at - this.#aheadMs), wake)
  }

  /** How far the engine's clock is ahead of the own one. */
  get aheadMs(): number {
    return this.#aheadMs
  }

  /** The own clock's reading, for `heard`. */
  own(): number {
    return this.#own.now()
  }

  /** The engine gave the instant `t` somewhere between `sentAt`, a reading of the own clock, and now. */
  heard(t: number, sentAt: number): void {
    const [least, most] = [t - this.#own.now(), t - sentAt]
    if (this.#aheadMs < least || this.#aheadMs > most) this.#aheadMs = least
  }

  /** The engine has given the instant `t` at some time before now. */
  heardOf(t: number): void {
    this.#aheadMs = Math.max(this.#aheadMs, t - this.#own.now())
  }
}
