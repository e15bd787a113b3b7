import type { Clock } from '../runtime/clock'

/**
 * The time of the store's backend as far as a node can know it: its own clock, corrected by the backend's answers. It
 * is never ahead of the backend's by more than its own clock has drifted since the last answer, so that no deadline is
 * tried early and nodes whose clocks differ agree on what is due.
 */
export class StoreClock implements Clock {
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

  /** How far the backend's clock is ahead of the node's own. */
  get offsetMs(): number {
    return this.#aheadMs
  }

  /** Returns the reading of the node's own clock, for `synchronize`. */
  localNow(): number {
    return this.#own.now()
  }

  /**
   * Corrects the time by an instant `t` that the backend gave between `sentAt`, a reading of the own clock, and now.
   */
  synchronize(t: number, sentAt: number): void {
    const [least, most] = [t - this.#own.now(), t - sentAt]
    if (this.#aheadMs < least || this.#aheadMs > most) this.#aheadMs = least
  }

  /** Corrects the time by an instant `t` that the backend gave at some time before now. */
  observe(t: number): void {
    this.#aheadMs = Math.max(this.#aheadMs, t - this.#own.now())
  }
}
