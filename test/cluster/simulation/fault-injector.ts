import type { DeskError } from '../../../src'
import { type HistoryChecker, InvariantViolationError, violate } from './history-checker'
import type { SimulatedNode, SimulationEnvironment } from './simulated-node'

export interface FaultInjectorOptions extends SimulationEnvironment {
  readonly witness: HistoryChecker
  readonly nodes: readonly SimulatedNode[]
  readonly erased: () => void
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

/** How long after a loss the nodes that hold more have to put it back. */
const repairWindowMs = 1_500

/** Breaks things while the history lasts, and mends them at its end. */
export class FaultInjector {
  readonly counts: Record<string, number> = {}
  isOver = false
  /** What was acknowledged may be gone: a loss came in a way that no node can be asked to heal. */
  hasLost = false
  readonly #parts: FaultInjectorOptions
  #noFaultsUntil = 0
  #wasErased = false
  readonly #pendingRepairs = new Set<() => void>()

  constructor(parts: FaultInjectorOptions) {
    this.#parts = parts
  }

  start(): void {
    const { agenda, chance } = this.#parts
    agenda.schedule(80 + chance.next() * 700, () => {
      if (this.isOver) return
      if (agenda.now >= this.#noFaultsUntil) this.#inject(this.#randomFault())
      this.start()
    })
  }

  stop(): void {
    const { nodes, troubles } = this.#parts
    this.isOver = true
    for (const mend of [...this.#pendingRepairs]) mend()
    Object.assign(troubles, { lossShare: 0, doubleShare: 0, slowShare: 0 })
    for (const node of nodes) if (node.isCrashed) node.start()
  }

  skewClock(node: SimulatedNode): void {
    const { chance } = this.#parts
    node.skewMs = chance.bernoulli(0.5) ? 0 : Math.floor((chance.next() - 0.5) * 10_000)
    node.rate = chance.pick([1, 1, 0.98, 1.02])
  }

  /** Returns what is wrong with it, if it must never be told. */
  onError(node: SimulatedNode, error: DeskError): Error | null {
    const { agenda } = this.#parts
    if (error.code === 'store-diverged') this.counts.incidents = (this.counts.incidents ?? 0) + 1
    if (['store-damaged', 'store-newer-schema', 'listener-failed'].includes(error.code)) {
      return new InvariantViolationError(`L3: ${node.name}: ${error.message}`, { cause: error })
    }
    if (error.code !== 'closed') return null
    node.crash()
    agenda.schedule(300, () => node.isCrashed && node.start())
    return null
  }

  /** Calm weather, and a node that held everything: then no loss may take anything that was acknowledged. */
  checkNoUnnoticedLoss(): void {
    const { checksVersions } = this.#parts.safety
    if (this.hasLost && this.counts.unhealed === undefined && checksVersions) violate('D5', 'a loss was not noticed')
  }

  #randomFault(): FaultKind {
    const { chance } = this.#parts
    return chance.bernoulli(0.01) ? 'erase' : chance.pick(frequentFaults)
  }

  #inject(fault: FaultKind): void {
    if (!this.#apply(fault)) return
    this.counts[fault] = (this.counts[fault] ?? 0) + 1
  }

  #apply(fault: FaultKind): boolean {
    const { chance, nodes, engine } = this.#parts
    const node = chance.pick(nodes)
    switch (fault) {
      case 'crash':
        if (node.isCrashed) return false
        node.crash()
        return this.#repairAfter(chance.next() * 2_500, () => node.isCrashed && node.start())
      case 'pause':
        node.pause()
        return this.#repairAfter(chance.next() * 5_000, () => node.resume())
      case 'cut':
        node.isPartitioned = true
        return this.#repairAfter(chance.next() * 5_000, () => {
          node.isPartitioned = false
        })
      case 'refuse':
        engine.isDown = true
        return this.#repairAfter(chance.next() * 1_500, () => {
          engine.isDown = false
        })
      case 'trim':
        engine.trim(engine.head.v)
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
   * The engine comes back without its newest entries. In calm weather, with everybody up, they must be back before
   * anybody writes in their place.
   */
  #loseEntries(fault: 'lose' | 'flush'): boolean {
    const { engine, chance, nodes, agenda, troubles, witness } = this.#parts
    const { head } = engine
    const isEmpty = this.#pendingRepairs.size === 0 && nodes.every(({ isUp, desk }) => isUp && desk !== null)
    const isCalm = troubles.lossShare === 0 && troubles.slowShare === 0 && isEmpty
    if (head.v === 0 || (!isCalm && chance.bernoulli(0.7))) return false
    const before = witness.entries
    const lost = fault === 'flush' ? engine.loseEverything() : engine.loseNewestEntries(1 + chance.integerBelow(12))
    engine.notifyAll()
    if (lost === 0) return false
    if (isCalm) this.#noFaultsUntil = agenda.now + repairWindowMs
    else this.hasLost = true
    agenda.schedule(repairWindowMs, () => {
      if (this.#wasErased || witness.entries[head.v - 1]?.h === before[head.v - 1]?.h) return
      this.counts.unhealed = (this.counts.unhealed ?? 0) + 1
      if (isCalm && witness.violation === null) {
        witness.violation = new Error(
          `D5: ${lost} entries up to ${head.v} were lost by ${fault}, and nobody put them back`,
        )
      }
    })
    if (!isCalm) this.counts.unhealed = (this.counts.unhealed ?? 0) + 0
    return true
  }

  #erase(): boolean {
    const { engine, agenda, nodes, erased } = this.#parts
    if (this.#wasErased || this.#pendingRepairs.size > 0) return false
    this.#wasErased = true
    engine.erase()
    engine.notifyAll()
    erased()
    this.#noFaultsUntil = agenda.now + 3_000
    for (const node of nodes) if (!node.isCrashed) agenda.schedule(2_500, () => node.desk?.sync().catch(() => {}))
    return true
  }

  #repairAfter(ms: number, mend: () => unknown): true {
    const { agenda } = this.#parts
    const once = () => {
      if (this.#pendingRepairs.delete(once)) mend()
    }
    this.#pendingRepairs.add(once)
    agenda.schedule(ms, once)
    return true
  }
}
