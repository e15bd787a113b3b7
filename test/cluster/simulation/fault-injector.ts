import type { DeskError } from '../../../src'
import { type HistoryChecker, InvariantViolationError, violate } from './history-checker'
import type { SimulatedNode, SimulationEnvironment } from './simulated-node'

export interface FaultInjectorOptions extends SimulationEnvironment {
  readonly history: HistoryChecker
  readonly nodes: readonly SimulatedNode[]
  readonly onErased: () => void
  /** The only fault of this history; `null` for all kinds. */
  readonly only: FaultKind | null
}

export type FaultKind =
  | 'crash'
  | 'pause'
  | 'cut'
  | 'refuse'
  | 'lose'
  | 'flush'
  | 'trim'
  | 'clock'
  | 'erase'
  | 'open-after-loss'
  | 'lose-beginning'
  | 'read-only'

const frequentFaults: readonly FaultKind[] = [
  'crash',
  'crash',
  'pause',
  'pause',
  'cut',
  'refuse',
  'trim',
  'clock',
  'lose',
  'lose',
  'flush',
]

/** Each needs a history of its own, without another fault: then nothing may be lost, and every node must notice. */
export const singleFaults: readonly FaultKind[] = ['open-after-loss', 'lose-beginning', 'read-only']

/** How long after a loss the nodes that hold more may take to put it back. */
const repairWindowMs = 1_500
/** So long the clients of the nodes wait at most before they connect again. */
const backOffMsMax = 2_000
/** A node in back-off has a call without an answer, and a pause between two attempts, before it puts entries back. */
const repairAfterBackOffMs = backOffMsMax + 4_000
/** So long after the store refuses to be written every node is stale. */
const staleWithinMs = 5_000
const readOnlyMs = 6_000
const singleFaultWithinMs = 60_000

/** Injects faults while the simulation runs, and ends them at its end. */
export class FaultInjector {
  readonly counts: Record<string, number> = {}
  isOver = false
  /** Acknowledged requests may be lost: a loss happened while no node was able to repair it. */
  hasLost = false
  readonly #options: FaultInjectorOptions
  #noFaultsUntil = 0
  #wasErased = false
  readonly #pendingRepairs = new Set<() => void>()

  constructor(options: FaultInjectorOptions) {
    this.#options = options
  }

  start(): void {
    const { scheduler, random } = this.#options
    scheduler.schedule(80 + random.next() * 700, () => {
      if (this.isOver) return
      if (scheduler.now >= this.#noFaultsUntil) this.#inject(this.#randomFault())
      this.start()
    })
  }

  /** Whether the only fault was not injected yet, or what it must lead to has not been checked. */
  get isUnderWay(): boolean {
    const { only, scheduler } = this.#options
    if (only === null || scheduler.now > singleFaultWithinMs) return scheduler.now <= this.#noFaultsUntil
    return this.counts[only] === undefined || scheduler.now <= this.#noFaultsUntil
  }

  stop(): void {
    const { nodes, network } = this.#options
    this.isOver = true
    for (const repair of [...this.#pendingRepairs]) repair()
    Object.assign(network, { lossShare: 0, doubleShare: 0, slowShare: 0 })
    for (const node of nodes) if (node.isCrashed) node.start()
  }

  skewClock(node: SimulatedNode): void {
    const { random } = this.#options
    node.skewMs = random.bernoulli(0.5) ? 0 : Math.floor((random.next() - 0.5) * 10_000)
    node.rate = random.pick([1, 1, 0.98, 1.02])
  }

  /** Returns a violation for an error that no node may report. */
  onError(node: SimulatedNode, error: DeskError): Error | null {
    if (error.code === 'store-diverged') this.counts.incidents = (this.counts.incidents ?? 0) + 1
    if (['store-damaged', 'store-newer-schema', 'listener-failed'].includes(error.code)) {
      return new InvariantViolationError(`L3: ${node.name}: ${error.message}`, { cause: error })
    }
    if (error.code !== 'closed') return null
    this.#restart(node, 300)
    return null
  }

  /** Without another fault, and with a node that held everything, no loss may take an acknowledged request. */
  checkNoUnnoticedLoss(): void {
    const { checksVersions } = this.#options.safety
    if (this.hasLost && this.counts.unrepaired === undefined && checksVersions) violate('D5', 'a loss was not noticed')
  }

  #randomFault(): FaultKind {
    const { random, only } = this.#options
    if (only !== null) return only
    return random.bernoulli(0.01) ? 'erase' : random.pick(frequentFaults)
  }

  #inject(fault: FaultKind): void {
    if (!this.#apply(fault)) return
    this.counts[fault] = (this.counts[fault] ?? 0) + 1
  }

  #apply(fault: FaultKind): boolean {
    const { random, nodes, backend } = this.#options
    const node = random.pick(nodes)
    switch (fault) {
      case 'crash':
        if (node.isCrashed) return false
        node.crash()
        return this.#repairAfter(random.next() * 2_500, () => node.isCrashed && node.start())
      case 'pause':
        node.pause()
        return this.#repairAfter(random.next() * 5_000, () => node.resume())
      case 'cut':
        return this.#cut(node, random.next() * 5_000)
      case 'refuse':
        backend.isDown = true
        return this.#repairAfter(random.next() * 1_500, () => {
          backend.isDown = false
        })
      case 'trim':
        backend.trim(backend.head.v)
        return true
      case 'clock':
        this.skewClock(node)
        return true
      case 'lose':
      case 'flush':
        return this.#loseEntries(fault)
      case 'erase':
        return this.#erase()
      case 'open-after-loss':
        return this.#openAfterLoss(node)
      case 'lose-beginning':
        return this.#loseBeginning(node)
      case 'read-only':
        return this.#refuseWrites()
      default:
        return fault satisfies never
    }
  }

  /**
   * Loses the newest entries, or all. Without another fault, and with all nodes up, they must be put back before any
   * node writes in their place.
   */
  #loseEntries(fault: 'lose' | 'flush'): boolean {
    const { backend, random, scheduler, history } = this.#options
    const { head } = backend
    const hasNoOtherFault = this.#isHealthy
    if (head.v === 0 || (!hasNoOtherFault && random.bernoulli(0.7))) return false
    const before = history.entries
    const lost = fault === 'flush' ? backend.loseEverything() : backend.loseNewestEntries(1 + random.integerBelow(12))
    backend.notifyAll()
    if (lost === 0) return false
    if (hasNoOtherFault) this.#noFaultsUntil = scheduler.now + repairWindowMs
    else this.hasLost = true
    scheduler.schedule(repairWindowMs, () => {
      if (this.#wasErased || history.entries[head.v - 1]?.h === before[head.v - 1]?.h) return
      this.counts.unrepaired = (this.counts.unrepaired ?? 0) + 1
      if (hasNoOtherFault && history.violation === null) {
        history.violation = new Error(
          `D5: ${lost} entries up to ${head.v} were lost by ${fault}, and no node put them back`,
        )
      }
    })
    if (!hasNoOtherFault) this.counts.unrepaired = (this.counts.unrepaired ?? 0) + 0
    return true
  }

  get #isHealthy(): boolean {
    const { nodes, network } = this.#options
    const areAllUp = this.#pendingRepairs.size === 0 && nodes.every(({ isUp, desk }) => isUp && desk !== null)
    return areAllUp && network.lossShare === 0 && network.slowShare === 0
  }

  /**
   * Loses the newest entries while all nodes that hold them wait to connect again, and a node opens. It must append
   * nothing in their place.
   */
  #openAfterLoss(opener: SimulatedNode): boolean {
    const { backend, random, nodes, scheduler, history } = this.#options
    const { head } = backend
    const holders = nodes.filter((node) => node !== opener)
    if (!this.#isHealthy || !holders.some(({ desk }) => desk?.version === head.v)) return false
    const before = history.entries
    const lost = backend.loseNewestEntries(1 + random.integerBelow(12))
    if (lost === 0) return false
    this.#noFaultsUntil = scheduler.now + repairAfterBackOffMs
    this.#restart(opener, 1)
    for (const node of holders) this.#cut(node, random.next() * backOffMsMax)
    scheduler.schedule(repairAfterBackOffMs, () => {
      if (this.#wasErased || history.violation !== null) return
      if (history.entries[head.v - 1]?.h === before[head.v - 1]?.h) return
      history.violation = new Error(`D5: ${lost} entries up to ${head.v} were lost, and ${opener.incarnation} appended`)
    })
    return true
  }

  /** Loses the oldest entries while a node is away, which lacks them when it opens. */
  #loseBeginning(opener: SimulatedNode): boolean {
    const { backend, random, nodes, scheduler } = this.#options
    const { head } = backend
    if (!this.#isHealthy || nodes.some(({ desk }) => desk?.version !== head.v)) return false
    if (backend.loseOldestEntries(head.v - 1 - random.integerBelow(4)) === 0) return false
    this.#noFaultsUntil = scheduler.now + repairAfterBackOffMs
    this.#restart(opener, 1)
    return true
  }

  /** Refuses writes, and answers reads: every node with something to do must be stale soon. */
  #refuseWrites(): boolean {
    const { backend, nodes, scheduler, history } = this.#options
    if (!this.#isHealthy) return false
    backend.isReadOnly = true
    this.#noFaultsUntil = scheduler.now + readOnlyMs
    scheduler.schedule(staleWithinMs, () => {
      const current = nodes.find((node) => node.isUp && !node.isStale && hasWork(node))
      if (current !== undefined && backend.isReadOnly)
        history.violation ??= new Error(
          `ND46: ${current.incarnation} is not stale, and the store refuses to be written`,
        )
    })
    return this.#repairAfter(readOnlyMs, () => {
      backend.isReadOnly = false
    })
  }

  #erase(): boolean {
    const { backend, scheduler, nodes, onErased } = this.#options
    if (this.#wasErased || this.#pendingRepairs.size > 0) return false
    this.#wasErased = true
    backend.erase()
    backend.notifyAll()
    onErased()
    this.#noFaultsUntil = scheduler.now + 3_000
    for (const node of nodes) if (!node.isCrashed) scheduler.schedule(2_500, () => node.desk?.sync())
    return true
  }

  #restart(node: SimulatedNode, afterMs: number): void {
    node.crash()
    this.#options.scheduler.schedule(afterMs, () => node.isCrashed && node.start())
  }

  #cut(node: SimulatedNode, forMs: number): true {
    node.isPartitioned = true
    return this.#repairAfter(forMs, () => {
      node.isPartitioned = false
    })
  }

  #repairAfter(ms: number, repair: () => unknown): true {
    const { scheduler } = this.#options
    const once = () => {
      if (this.#pendingRepairs.delete(once)) repair()
    }
    this.#pendingRepairs.add(once)
    scheduler.schedule(ms, once)
    return true
  }
}

/** An idle node sends heartbeats too rarely to notice. */
function hasWork({ desk }: SimulatedNode): boolean {
  return (desk?.snapshot().state.desk.requests.length ?? 0) > 0
}
