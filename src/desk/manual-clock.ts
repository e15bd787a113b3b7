import { InvalidInputError } from '../core'
import type { Clock } from './clock'

/** A clock that stands still until it is moved by hand, for tests and simulations. */
export interface ManualClock extends Clock {
  /** Moves time on by so many milliseconds, 0 or more; what is due on the way is woken at its own instant, in order. */
  advance(ms: number): void
  /** Moves time to an instant. Going back is allowed, as it happens to real clocks, and wakes nobody. */
  set(at: number): void
}

/** After moving it, `await desk.idle()`: then everything that was due has happened. */
export function manualClock(startMs = 0): ManualClock {
  const sleepers = new Set<Sleeper>()
  let time = whole('startMs', startMs)
  let moving = false

  return { now: () => time, wakeAt, advance: (ms) => set(time + whole('ms', ms)), set }

  function wakeAt(at: number, wake: () => void): () => void {
    const sleeper = { at, wake }
    sleepers.add(sleeper)
    return () => sleepers.delete(sleeper)
  }

  /** Whoever is woken may move the clock again; then the outer move has nothing left to do. */
  function set(at: number): void {
    whole('at', at)
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

  function earliest(until: number): Sleeper | null {
    let first: Sleeper | null = null
    for (const sleeper of sleepers) if (sleeper.at <= until && sleeper.at < (first?.at ?? Infinity)) first = sleeper
    return first
  }
}

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

function whole(name: string, ms: number): number {
  if (Number.isSafeInteger(ms) && ms >= 0) return ms
  throw new InvalidInputError([
    { path: [name], expected: 'a whole number of milliseconds, 0 or more', got: String(ms) },
  ])
}
