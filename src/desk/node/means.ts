/** What a node takes from its surroundings besides its log and its clock. A simulation brings its own. */
export interface Means {
  /** Milliseconds since some instant; unlike a clock they never go back. */
  elapsedMs(): number
  /** Calls once so many milliseconds have passed, never inside this call. Returns the way out. */
  after(ms: number, then: () => void): () => void
  /** At least 0 and less than 1: spreads nodes that would meet again. */
  random(): number
  /** The name of this opening of the desk; no two share one. */
  readonly node: string
}

/** The machine's. A waiting timer does not keep a Node process alive: open connections do. */
export function systemMeans(): Means {
  return { elapsedMs: () => performance.now(), after, random: () => Math.random(), node: crypto.randomUUID() }
}

export function pause(means: Means, ms: number): Promise<void> {
  return new Promise((resolve) => void means.after(ms, resolve))
}

function after(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms)
  if (ms >= unrefMs && typeof timer === 'object') timer.unref()
  return () => clearTimeout(timer)
}

/** Shorter waits are part of a command that somebody is waiting for. */
const unrefMs = 300
