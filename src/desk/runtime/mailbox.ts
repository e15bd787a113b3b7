/** A function that is called at its turn. While a promise that it returns is pending, the next job waits. */
export type Job<Value> = () => Value | Promise<Value>

/** Jobs done before their places in the list are freed, so that removing one costs the same at any length. */
const completedJobsMax = 1_024

/**
 * Does one job at a time, in the order of arrival. A job that needs no promise is done inside the call, unless another
 * one is being done: so a command that a listener gives is queued, never nested.
 */
export class Mailbox {
  /** Whether a job is being done. To do one without a function, set it to `true` and call `leave` with the result. */
  isBusy = false
  readonly #waiting: Job<unknown>[] = []
  #next = 0
  #onEmpty: (() => void)[] = []

  /** Resolves with what the job returns, or rejects with what it throws. */
  run<Value>(job: Job<Value>): Promise<Value> {
    if (this.isBusy) return new Promise((resolve) => this.#waiting.push(() => runAndResolve(job, resolve)))
    this.isBusy = true
    return this.leave(runGuarded(job))
  }

  /** Ends a job with its result; the jobs given meanwhile are done now, or after its promise. */
  leave<Value>(result: Value | Promise<Value>): Promise<Value> {
    if (result instanceof Promise) {
      result.then(this.#runWaiting, this.#runWaiting)
      return result
    }
    if (this.#waiting.length > 0 || this.#onEmpty.length > 0) this.#runWaiting()
    else this.isBusy = false
    return Promise.resolve(result)
  }

  /** Resolves when all jobs are done, those given until then included. */
  drain(): Promise<void> {
    if (!this.isBusy) return Promise.resolve()
    return new Promise((resolve) => this.#onEmpty.push(resolve))
  }

  readonly #runWaiting = (): void => {
    for (let job = this.#dequeue(); job !== undefined; job = this.#dequeue()) {
      const result = job()
      if (result instanceof Promise) return void result.then(this.#runWaiting, this.#runWaiting)
    }
    this.isBusy = false
    if (this.#onEmpty.length > 0) for (const resolve of this.#onEmpty.splice(0)) resolve()
  }

  #dequeue(): Job<unknown> | undefined {
    if (this.#waiting.length === 0) return undefined
    const job = this.#waiting[this.#next]
    this.#next += 1
    if (job === undefined || this.#next > completedJobsMax) {
      this.#waiting.splice(0, this.#next)
      this.#next = 0
    }
    return job
  }
}

function runAndResolve<Value>(
  job: Job<Value>,
  resolve: (result: Value | Promise<Value>) => void,
): Value | Promise<Value> {
  const result = runGuarded(job)
  resolve(result)
  return result
}

function runGuarded<Value>(job: Job<Value>): Value | Promise<Value> {
  try {
    return job()
  } catch (error) {
    return Promise.reject(error)
  }
}
