import type { NodeEnvironment } from '../../../src/desk/cluster/environment'

const speedFactor = 25

/** The machine's time, but faster: seconds of waiting for a log that fails take a moment. */
export function fastEnvironment(node: string): NodeEnvironment {
  return {
    elapsedMs: () => performance.now() * speedFactor,
    schedule(ms, then) {
      const timer = setTimeout(then, ms / speedFactor)
      return () => clearTimeout(timer)
    },
    random: Math.random,
    nodeId: node,
  }
}
