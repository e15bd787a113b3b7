/** Jobs done before their places are given free, so that taking one costs the same at any length. */
const doneMax = 1_024

/** What waits in a mailbox: does its work and answers whoever put it there; never throws. */
export type Job = () => void | Promise<void>

/**
 * One job at a time, in the order of arrival. A job that needs no promise is done inside `post`, unless another one is
 * being done: so a listener that gives commands has them queued, never nested.
 */
export class Mailbox {
  readonly #waiting: Job[] = []
  #next = 0
  #isBusy = false
  #onceEmpty: (() => void)[] = []

  get isEmpty(): boolean {
    return !this.#isBusy
  }

  post(job: Job): void {
    if (this.#isBusy) {
      this.#waiting.push(job)
      return
    }
    this.#isBusy = true
    this.#work(job)
  }

  /** Resolves when everything posted so far, and by then, is done. */
  empty(): Promise<void> {
    if (!this.#isBusy) return Promise.resolve()
    return new Promise((resolve) => this.#onceEmpty.push(resolve))
  }

  #work(first: Job | undefined): void {
    for (let job = first; job !== undefined; job = this.#take()) {
      const more = job()
      if (more !== undefined) {
        more.then(() => this.#work(this.#take()))
        return
      }
    }
    this.#isBusy = false
    if (this.#onceEmpty.length > 0) for (const resolve of this.#onceEmpty.splice(0)) resolve()
  }

  #take(): Job | undefined {
    if (this.#waiting.length === 0) return undefined
    const job = this.#waiting[this.#next]
    this.#next += 1
    if (job === undefined || this.#next > doneMax) {
      this.#waiting.splice(0, this.#next)
      this.#next = 0
    }
    return job
  }
}
