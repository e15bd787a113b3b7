import type { Means } from '../../../src/desk/node/means'

const timesAsFast = 25

/** The machine's time, but faster: seconds of waiting for a log that fails take a moment. */
export function quickMeans(node: string): Means {
  return {
    elapsedMs: () => performance.now() * timesAsFast,
    after(ms, then) {
      const timer = setTimeout(then, ms / timesAsFast)
      return () => clearTimeout(timer)
    },
    random: Math.random,
    node,
  }
}
