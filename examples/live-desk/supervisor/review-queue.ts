import type { Review } from './supervisor-protocol'

/** Reviews that wait at most; one more is not made. */
const waitingMax = 50

/** After a review this many times its duration passes before the next: the desk keeps three quarters of its time. */
const pauseFactor = 3

interface WaitingReview {
  readonly make: () => Promise<Review>
  readonly answer: (review: Review | null) => void
}

/**
 * Makes the reviews of all supervisors one after another. Of one supervisor only the newest waits: an older one, and
 * one that fails, is answered `null`.
 */
export class ReviewQueue {
  readonly #waiting = new Map<unknown, WaitingReview>()
  readonly #pause: (ms: number) => Promise<void>
  #isBusy = false

  constructor(pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))) {
    this.#pause = pause
  }

  review(supervisor: unknown, make: () => Promise<Review>): Promise<Review | null> {
    return new Promise((answer) => {
      this.#waiting.get(supervisor)?.answer(null)
      this.#waiting.delete(supervisor)
      if (this.#waiting.size >= waitingMax) return answer(null)
      this.#waiting.set(supervisor, { make, answer })
      if (!this.#isBusy) void this.#makeAll()
    })
  }

  async #makeAll(): Promise<void> {
    this.#isBusy = true
    for (const [supervisor, { make, answer }] of this.#waiting) {
      this.#waiting.delete(supervisor)
      const startedAt = performance.now()
      answer(await make().catch(() => null))
      await this.#pause((performance.now() - startedAt) * pauseFactor)
    }
    this.#isBusy = false
  }
}
