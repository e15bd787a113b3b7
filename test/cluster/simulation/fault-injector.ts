import type { DeskError } from '../../../src'
import { type HistoryChecker, InvariantViolationError, violate } from './history-checker'
import type { SimulatedNode, SimulationEnvironment } from './simulated-node'

export interface FaultInjectorOptions extends SimulationEnvironment {
  readonly history: HistoryChecker
  readonly nodes: readonly SimulatedNode[]
  readonly onErased: () => void
}

type FaultKind = 'crash' | 'pause' | 'cut' | 'refuse' | 'lose' | 'flush' | 'trim' | 'clock' | 'erase'

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

/** How long after a loss the nodes that hold more may take to put it back. */
const repairWindowMs = 1_500

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
    const { scheduler } = this.#options
    if (error.code === 'store-diverged') this.counts.incidents = (this.counts.incidents ?? 0) + 1
    if (['store-damaged', 'store-newer-schema', 'listener-failed'].includes(error.code)) {
      return new InvariantViolationError(`L3: ${node.name}: ${error.message}`, { cause: error })
    }
    if (error.code !== 'closed') return null
    node.crash()
    scheduler.schedule(300, () => node.isCrashed && node.start())
    return null
  }

  /** Without another fault, and with a node that held everything, no loss may take an acknowledged request. */
  checkNoUnnoticedLoss(): void {
    const { checksVersions } = this.#options.safety
    if (this.hasLost && this.counts.unrepaired === undefined && checksVersions) violate('D5', 'a loss was not noticed')
  }

  #randomFault(): FaultKind {
    const { random } = this.#options
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
        node.isPartitioned = true
        return this.#repairAfter(random.next() * 5_000, () => {
          node.isPartitioned = false
        })
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
      default:
        return fault satisfies never
    }
  }

  /**
   * Loses the newest entries, or all. Without another fault, and with all nodes up, they must be put back before any
   * node writes in their place.
   */
  #loseEntries(fault: 'lose' | 'flush'): boolean {
    const { backend, random, nodes, scheduler, network, history } = this.#options
    const { head } = backend
    const isHealthy = this.#pendingRepairs.size === 0 && nodes.every(({ isUp, desk }) => isUp && desk !== null)
    const hasNoOtherFault = network.lossShare === 0 && network.slowShare === 0 && isHealthy
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
