/** The machine as a node uses it, apart from its store and its clock. A simulation supplies its own. */
export interface NodeEnvironment {
  /** Returns the milliseconds since a fixed instant; unlike a clock's time, they never decrease. */
  elapsedMs(): number
  /** Calls `act` after `ms` milliseconds, never inside this call. Returns a function that cancels it. */
  schedule(ms: number, act: () => void): () => void
  /** Returns a number of at least 0 and less than 1: it spreads the retries of nodes in conflict. */
  random(): number
  /** The id of this opening of the desk, unique among all nodes. */
  readonly nodeId: string
}

/** Returns the real environment. A timer of 300 ms or more does not keep a Node process alive. */
export function systemEnvironment(): NodeEnvironment {
  return {
    elapsedMs: () => performance.now(),
    schedule: setSystemTimer,
    random: () => Math.random(),
    nodeId: crypto.randomUUID(),
  }
}

/** Resolves after `ms` milliseconds. */
export function pause(environment: NodeEnvironment, ms: number): Promise<void> {
  return new Promise((resolve) => void environment.schedule(ms, resolve))
}

/** Lets a loop wait until it is woken. */
export class Waiter {
  readonly #environment: NodeEnvironment
  #wake: (() => void) | null = null
  #isTimed = false

  constructor(environment: NodeEnvironment) {
    this.#environment = environment
  }

  /** Whether the loop waits for nothing but to be woken. */
  get isWaiting(): boolean {
    return this.#wake !== null && !this.#isTimed
  }

  wake(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }

  wait(): Promise<void> {
    this.#isTimed = false
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  /** Waits until it is woken, or for so many milliseconds. */
  async waitAtMost(ms: number): Promise<void> {
    const cancelTimer = this.#environment.schedule(ms, () => this.wake())
    const woken = this.wait()
    this.#isTimed = true
    await woken
    cancelTimer()
  }
}

function setSystemTimer(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms)
  if (ms >= unrefTimersFromMs && typeof timer === 'object') timer.unref()
  return () => clearTimeout(timer)
}

/** Shorter timers are part of a command whose caller waits: these keep the process alive. */
const unrefTimersFromMs = 300

/** Settings of a node that a simulation changes. */
export interface NodeOptions {
  /** Minimum of entries held, to put back those that the backend loses. */
  readonly repairBufferEntriesMin: number
  /** Minimum of entries between two snapshots. */
  readonly entriesBetweenSnapshotsMin: number
  /** Maximum of pending commands that become one entry. */
  readonly commandsPerEntryMax: number
  /** A command is refused when it has waited for so long: a caller has its answer within five seconds. */
  readonly commandTimeoutMs: number
  /** Whether the node puts lost entries back. */
  readonly repairsStore: boolean
  /** Whether it waits, after a loss, for the nodes that may hold more. */
  readonly awaitsRoll: boolean
  /** Whether it saves a snapshot for a node that lacks entries in the middle. */
  readonly savesForOthers: boolean
  /** Whether it is stale while the store refuses writes. */
  readonly watchesWrites: boolean
}

export const nodeOptionsDefault: NodeOptions = {
  repairBufferEntriesMin: 2_000,
  entriesBetweenSnapshotsMin: 10_000,
  commandsPerEntryMax: 64,
  commandTimeoutMs: 4_500,
  repairsStore: true,
  awaitsRoll: true,
  savesForOthers: true,
  watchesWrites: true,
}
