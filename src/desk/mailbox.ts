/** Jobs done before their places are given free, so that taking one costs the same at any length. */
const doneMax = 1_024

/** What is done when its turn has come. A promise lets those after it wait. */
export type Job<Value> = () => Value | Promise<Value>

/**
 * One job at a time, in the order of arrival. A job that needs no promise is done inside `do`, unless another one is
 * being done: so a listener that gives commands has them queued, never nested.
 */
export class Mailbox {
  readonly #waiting: Job<unknown>[] = []
  #next = 0
  #isBusy = false
  #onceEmpty: (() => void)[] = []

  get isEmpty(): boolean {
    return !this.#isBusy
  }

  /** Resolves with what the job returns, or rejects with what it throws. */
  do<Value>(job: Job<Value>): Promise<Value> {
    if (this.#isBusy) return new Promise((resolve) => this.#waiting.push(() => answering(job, resolve)))
    this.#isBusy = true
    const answer = attempt(job)
    if (answer instanceof Promise) {
      answer.then(this.#goOn, this.#goOn)
      return answer
    }
    this.#goOn()
    return Promise.resolve(answer)
  }

  /** Resolves when everything given so far, and by then, is done. */
  empty(): Promise<void> {
    if (!this.#isBusy) return Promise.resolve()
    return new Promise((resolve) => this.#onceEmpty.push(resolve))
  }

  readonly #goOn = (): void => {
    for (let job = this.#take(); job !== undefined; job = this.#take()) {
      const answer = job()
      if (answer instanceof Promise) return void answer.then(this.#goOn, this.#goOn)
    }
    this.#isBusy = false
    if (this.#onceEmpty.length > 0) for (const resolve of this.#onceEmpty.splice(0)) resolve()
  }

  #take(): Job<unknown> | undefined {
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

function answering<Value>(job: Job<Value>, resolve: (answer: Value | Promise<Value>) => void): Value | Promise<Value> {
  const answer = attempt(job)
  resolve(answer)
  return answer
}

function attempt<Value>(job: Job<Value>): Value | Promise<Value> {
  try {
    return job()
  } catch (error) {
    return Promise.reject(error)
  }
}
