import { InvalidInputError } from '../../core'

/** Where a desk gets the time from. Instants are milliseconds since the epoch. */
export interface Clock {
  now(): number
  /** Calls `wake` once `now()` has reached `at`, never inside this call. Returns the way out. */
  wakeAt(at: number, wake: () => void): () => void
}

/** The machine's clock. A waiting timer does not keep a Node process alive. */
export const systemClock: Clock = { now: () => Date.now(), wakeAt: wakeBySystemTimer }

/** The longest delay that timers take; beyond it they fire at once, so longer waits are chained. */
const timerDelayMsMax = 2 ** 31 - 1

function wakeBySystemTimer(at: number, wake: () => void): () => void {
  let timer = start()
  return () => clearTimeout(timer)

  function start(): ReturnType<typeof setTimeout> {
    const delayMs = Math.max(0, Math.min(at - Date.now(), timerDelayMsMax))
    const started = setTimeout(fire, delayMs)
    if (typeof started === 'object') started.unref()
    return started
  }

  /** Timers may fire a little early, and the clock may have been set back. */
  function fire(): void {
    if (Date.now() >= at) wake()
    else timer = start()
  }
}

/** A clock that stands still until it is moved by hand, for tests and simulations. */
export interface ManualClock extends Clock {
  /** Moves time on by so many milliseconds, 0 or more; what is due on the way is woken at its own instant, in order. */
  advance(ms: number): void
  /** Moves time to an instant. Going back is allowed, as it happens to real clocks, and wakes nobody. */
  set(at: number): void
}

/** After moving it, `await desk.idle()`: then everything that was due has happened. */
export function manualClock(startMs = 0): ManualClock {
  const sleepers = new Set<ScheduledWakeUp>()
  let time = checkMilliseconds('startMs', startMs)
  let moving = false

  return { now: () => time, wakeAt, advance: (ms) => set(time + checkMilliseconds('ms', ms)), set }

  function wakeAt(at: number, wake: () => void): () => void {
    const sleeper = { at, wake }
    sleepers.add(sleeper)
    return () => sleepers.delete(sleeper)
  }

  /** Whoever is woken may move the clock again; then the outer move has nothing left to do. */
  function set(at: number): void {
    checkMilliseconds('at', at)
    if (moving) throw new RangeError('manualClock: it cannot be moved by somebody whom it is waking')
    moving = true
    try {
      for (let next = earliest(at); next !== null; next = earliest(at)) {
        sleepers.delete(next)
        time = Math.max(time, next.at)
        next.wake()
      }
    } finally {
      moving = false
      time = at
    }
  }

  function earliest(until: number): ScheduledWakeUp | null {
    let first: ScheduledWakeUp | null = null
    for (const sleeper of sleepers) if (sleeper.at <= until && sleeper.at < (first?.at ?? Infinity)) first = sleeper
    return first
  }
}

interface ScheduledWakeUp {
  readonly at: number
  readonly wake: () => void
}

function checkMilliseconds(name: string, ms: number): number {
  if (Number.isSafeInteger(ms) && ms >= 0) return ms
  throw new InvalidInputError([
    { path: [name], expected: 'a whole number of milliseconds, 0 or more', got: String(ms) },
  ])
}

/**
 * The time of the log's engine as far as a node can know it: its own clock, moved by what the engine's answers say. It
 * is never ahead of the engine's by more than the own clock has drifted since the last answer, so that no deadline is
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

  /** How far the engine's clock is ahead of the own one. */
  get offsetMs(): number {
    return this.#aheadMs
  }

  /** The own clock's reading, for `heard`. */
  localNow(): number {
    return this.#own.now()
  }

  /** The engine gave the instant `t` somewhere between `sentAt`, a reading of the own clock, and now. */
  synchronize(t: number, sentAt: number): void {
    const [least, most] = [t - this.#own.now(), t - sentAt]
    if (this.#aheadMs < least || this.#aheadMs > most) this.#aheadMs = least
  }

  /** The engine has given the instant `t` at some time before now. */
  observe(t: number): void {
    this.#aheadMs = Math.max(this.#aheadMs, t - this.#own.now())
  }
}

/**
 * One real timer for the earliest deadline. Setting it to a later instant keeps the timer that is running: it rings
 * early, finds nothing due, and is set again. So a stream of commands costs no timer each.
 */
export class WakeUpTimer {
  readonly #clock: Clock
  readonly #ring: () => void
  #at = Number.POSITIVE_INFINITY
  #cancel: (() => void) | null = null

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** `null`: nothing is due. */
  scheduleAt(at: number | null): void {
    if (at === null || at >= this.#at) return
    this.cancel()
    this.#at = at
    this.#cancel = this.#clock.wakeAt(at, () => {
      this.#at = Number.POSITIVE_INFINITY
      this.#cancel = null
      this.#ring()
    })
  }

  cancel(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#at = Number.POSITIVE_INFINITY
  }
}
