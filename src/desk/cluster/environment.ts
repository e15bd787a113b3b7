/** What a node takes from its surroundings besides its log and its clock. A simulation brings its own. */
export interface NodeEnvironment {
  /** Milliseconds since some instant; unlike a clock they never go back. */
  elapsedMs(): number
  /** Calls once so many milliseconds have passed, never inside this call. Returns the way out. */
  schedule(ms: number, then: () => void): () => void
  /** At least 0 and less than 1: spreads nodes that would meet again. */
  random(): number
  /** The name of this opening of the desk; no two share one. */
  readonly nodeId: string
}

/** The machine's. A waiting timer does not keep a Node process alive: open connections do. */
export function systemEnvironment(): NodeEnvironment {
  return {
    elapsedMs: () => performance.now(),
    schedule: setSystemTimer,
    random: () => Math.random(),
    nodeId: crypto.randomUUID(),
  }
}

export function pause(means: NodeEnvironment, ms: number): Promise<void> {
  return new Promise((resolve) => void means.schedule(ms, resolve))
}

function setSystemTimer(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms)
  if (ms >= unrefTimersFromMs && typeof timer === 'object') timer.unref()
  return () => clearTimeout(timer)
}

/** Shorter waits are part of a command that somebody is waiting for. */
const unrefTimersFromMs = 300

/** What a simulation sets otherwise. */
export interface NodeOptions {
  /** Entries held at least, to put back what the engine loses. */
  readonly repairBufferEntriesMin: number
  /** Entries between two snapshots at least. */
  readonly entriesBetweenSnapshotsMin: number
  /** How many commands that wait become one entry at most. */
  readonly commandsPerEntryMax: number
  /** Whether lost entries are put back. */
  readonly repairsStore: boolean
}

export const nodeOptionsDefault: NodeOptions = {
  repairBufferEntriesMin: 2_000,
  entriesBetweenSnapshotsMin: 10_000,
  commandsPerEntryMax: 64,
  repairsStore: true,
}
