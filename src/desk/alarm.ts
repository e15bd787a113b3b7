import type { Clock } from './clock'

/**
 * One real timer for the earliest deadline. Setting it to a later instant keeps the timer that is running: it rings
 * early, finds nothing due, and is set again. So a stream of commands costs no timer each.
 */
export class Alarm {
  readonly #clock: Clock
  readonly #ring: () => void
  #at = Number.POSITIVE_INFINITY
  #cancel: (() => void) | null = null

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** `null`: nothing is due. */
  set(at: number | null): void {
    if (at === null || at >= this.#at) return
    this.clear()
    this.#at = at
    this.#cancel = this.#clock.wakeAt(at, () => {
      this.#at = Number.POSITIVE_INFINITY
      this.#cancel = null
      this.#ring()
    })
  }

  clear(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#at = Number.POSITIVE_INFINITY
  }
}
