import type { Clock } from './clock'

/** The machine's clock. A waiting timer does not keep a Node process alive. */
export const systemClock: Clock = { now: () => Date.now(), wakeAt }

/** The longest delay that timers take; beyond it they fire at once, so longer waits are chained. */
const delayMsMax = 2 ** 31 - 1

function wakeAt(at: number, wake: () => void): () => void {
  let timer = start()
  return () => clearTimeout(timer)

  function start(): ReturnType<typeof setTimeout> {
    const delayMs = Math.max(0, Math.min(at - Date.now(), delayMsMax))
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
