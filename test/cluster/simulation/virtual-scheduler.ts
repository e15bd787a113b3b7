interface ScheduledEvent {
  readonly at: number
  readonly order: number
  act: (() => void) | null
}

/** Schedules events in virtual time; all promises of one event resolve before the next event runs. */
export class VirtualScheduler {
  now = 0
  steps = 0
  #order = 0
  readonly #heap: ScheduledEvent[] = []

  /** Returns a function that cancels the event. */
  schedule(ms: number, act: () => void): () => void {
    const event: ScheduledEvent = { at: this.now + Math.max(0, ms), order: this.#order++, act }
    this.#heap.push(event)
    this.#siftUp(this.#heap.length - 1)
    return () => {
      event.act = null
    }
  }

  /** Runs the next event; returns `false` when there is none up to that instant. */
  async runNext(until = Number.POSITIVE_INFINITY): Promise<boolean> {
    for (;;) {
      const next = this.#heap[0]
      if (next === undefined || next.at > until) return false
      this.#removeFirst()
      if (next.act === null) continue
      this.now = next.at
      this.steps += 1
      next.act()
      await new Promise<void>((resolve) => setImmediate(resolve))
      return true
    }
  }

  /** Runs what is due within so many milliseconds, and lets all of them pass. */
  async runFor(ms: number, afterEach = () => {}): Promise<void> {
    const until = this.now + ms
    while (await this.runNext(until)) afterEach()
    this.now = until
  }

  #removeFirst(): void {
    const last = this.#heap.pop()
    if (last === undefined || this.#heap.length === 0) return
    this.#heap[0] = last
    let slot = 0
    for (;;) {
      const left = 2 * slot + 1
      const child = this.#isBefore(left + 1, left) ? left + 1 : left
      if (!this.#isBefore(child, slot)) return
      this.#swap(slot, child)
      slot = child
    }
  }

  #siftUp(from: number): void {
    for (let slot = from; slot > 0; ) {
      const parent = (slot - 1) >> 1
      if (!this.#isBefore(slot, parent)) return
      this.#swap(slot, parent)
      slot = parent
    }
  }

  #isBefore(slot: number, other: number): boolean {
    const [one, two] = [this.#heap[slot], this.#heap[other]]
    if (one === undefined || two === undefined) return false
    return one.at === two.at ? one.order < two.order : one.at < two.at
  }

  #swap(slot: number, other: number): void {
    const [one, two] = [this.#heap[slot], this.#heap[other]]
    if (one === undefined || two === undefined) return
    this.#heap[slot] = two
    this.#heap[other] = one
  }
}
