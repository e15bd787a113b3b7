import { InvalidInputError } from '../../core'

/** The source of a desk's time. Instants are milliseconds since the epoch. */
export interface Clock {
  /** Returns the present instant. */
  now(): number
  /** Calls `wake` once `now()` has reached `at`, never inside this call. Returns a function that cancels it. */
  wakeAt(at: number, wake: () => void): () => void
}

/** At most so long passes between two comparisons with the wall clock while a wake-up is waited for. */
const compareEveryMsMax = 10_000
const compareEveryMsMin = 1_000
/** Time follows the wall clock by this share of what passes: it runs at half to one and a half of its speed. */
const followedShare = 0.5

/**
 * A clock that counts by a monotonic source and follows the wall clock slowly: one that is set, or is wrong for a
 * moment, makes no deadline due at once, and stops none. A difference counts once two comparisons have found it.
 */
export class SteadyClock {
  readonly #wallNow: () => number
  readonly #monotonicNow: () => number
  #offsetMs: number
  #comparedAtMs: number
  #latestDifferenceMs = 0
  #latest = 0

  constructor(wallNow: () => number, monotonicNow: () => number) {
    this.#wallNow = wallNow
    this.#monotonicNow = monotonicNow
    this.#comparedAtMs = monotonicNow()
    this.#offsetMs = wallNow() - this.#comparedAtMs
  }

  now(): number {
    const monotonicMs = this.#monotonicNow()
    if (monotonicMs - this.#comparedAtMs >= compareEveryMsMin) this.#follow(monotonicMs)
    this.#latest = Math.max(this.#latest, Math.floor(monotonicMs + this.#offsetMs))
    return this.#latest
  }

  #follow(monotonicMs: number): void {
    const stepMsMax = Math.min(monotonicMs - this.#comparedAtMs, compareEveryMsMax) * followedShare
    const differenceMs = Math.trunc(this.#wallNow() - monotonicMs - this.#offsetMs)
    const least = Math.min(this.#latestDifferenceMs, differenceMs)
    const most = Math.max(this.#latestDifferenceMs, differenceMs)
    const confirmedMs = least > 0 ? least : Math.min(most, 0)
    this.#comparedAtMs = monotonicMs
    this.#latestDifferenceMs = differenceMs
    this.#offsetMs += Math.max(-stepMsMax, Math.min(confirmedMs, stepMsMax))
  }
}

const machineDate = Date
const machineClock = new SteadyClock(machineDate.now, performance.now.bind(performance))

/**
 * The machine's time, steady where its clock is set: it counts by a monotonic source, and follows the wall clock at
 * half speed. A test that replaces `Date` sets the time. A waiting timer does not keep a Node process alive.
 */
export const systemClock: Clock = {
  now: () => (Date === machineDate ? machineClock.now() : Date.now()),
  wakeAt: (at, wake) => wakeByTimer(systemClock.now, at, wake),
}

/** A long wait is a chain of timers: the clock is compared at the end of each. */
function wakeByTimer(now: () => number, at: number, wake: () => void): () => void {
  let timer = start()
  return () => clearTimeout(timer)

  function start(): ReturnType<typeof setTimeout> {
    const delayMs = Math.max(0, Math.min(at - now(), compareEveryMsMax))
    const started = setTimeout(fire, delayMs)
    if (typeof started === 'object') started.unref()
    return started
  }

  /** Timers may fire a little early, and the time may have followed a wall clock that was set back. */
  function fire(): void {
    if (now() >= at) wake()
    else timer = start()
  }
}

/** A clock that stands still until it is moved by hand, for tests and simulations. */
export interface ManualClock extends Clock {
  /** Moves time forward by `ms`, 0 or more. Calls each wake-up that is due at its own instant, in order. */
  advance(ms: number): void
  /** Moves time to an instant. An earlier instant is allowed, as real clocks are set back, and calls no wake-up. */
  set(at: number): void
}

/** Returns a clock that is moved by hand. After moving it, `await desk.idle()`: then no deadline is due any more. */
export function manualClock(startMs = 0): ManualClock {
  const wakeUps = new Set<ScheduledWakeUp>()
  let time = checkMilliseconds('startMs', startMs)
  let moving = false

  return { now: () => time, wakeAt, advance: (ms) => set(time + checkMilliseconds('ms', ms)), set }

  function wakeAt(at: number, wake: () => void): () => void {
    const wakeUp = { at, wake }
    wakeUps.add(wakeUp)
    return () => wakeUps.delete(wakeUp)
  }

  function set(at: number): void {
    checkMilliseconds('at', at)
    if (moving) throw new RangeError('manualClock: expected to be moved after a wake-up, got a move inside one')
    moving = true
    try {
      for (let next = earliest(at); next !== null; next = earliest(at)) {
        wakeUps.delete(next)
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
    for (const wakeUp of wakeUps) if (wakeUp.at <= until && wakeUp.at < (first?.at ?? Infinity)) first = wakeUp
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
 * One real timer for the earliest deadline. Setting it to a later instant keeps the timer that is running: it fires
 * early, finds no deadline due, and is set again. So not every command of a series starts a timer.
 */
export class WakeUpTimer {
  readonly #clock: Clock
  readonly #onWakeUp: () => void
  #at = Number.POSITIVE_INFINITY
  #cancel: (() => void) | null = null

  constructor(clock: Clock, onWakeUp: () => void) {
    this.#clock = clock
    this.#onWakeUp = onWakeUp
  }

  /** `null`: there is no deadline. */
  scheduleAt(at: number | null): void {
    if (at === null || at >= this.#at) return
    this.cancel()
    this.#at = at
    this.#cancel = this.#clock.wakeAt(at, () => {
      this.#at = Number.POSITIVE_INFINITY
      this.#cancel = null
      this.#onWakeUp()
    })
  }

  cancel(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#at = Number.POSITIVE_INFINITY
  }
}

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
