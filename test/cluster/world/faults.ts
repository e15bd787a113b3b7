import type { DeskError } from '../../../src'
import type { NodeWorld, SimNode } from './sim-node'
import { BrokenPromiseError, broken, type Witness } from './witness'

export interface FaultParts extends NodeWorld {
  readonly witness: Witness
  readonly nodes: readonly SimNode[]
  readonly erased: () => void
}

type Fault = 'crash' | 'pause' | 'cut' | 'refuse' | 'lose' | 'flush' | 'trim' | 'clock' | 'erase'

const often: readonly Fault[] = [
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
const healingMs = 1_500

/** Breaks things while the history lasts, and mends them at its end. */
export class Faults {
  readonly counts: Record<string, number> = {}
  isOver = false
  /** What was acknowledged may be gone: a loss came in a way that no node can be asked to heal. */
  hasLost = false
  readonly #parts: FaultParts
  #calmUntil = 0
  #wasErased = false
  readonly #mending = new Set<() => void>()

  constructor(parts: FaultParts) {
    this.#parts = parts
  }

  begin(): void {
    const { agenda, chance } = this.#parts
    agenda.after(80 + chance.next() * 700, () => {
      if (this.isOver) return
      if (agenda.now >= this.#calmUntil) this.#inflict(this.#drawn())
      this.begin()
    })
  }

  end(): void {
    const { nodes, troubles } = this.#parts
    this.isOver = true
    for (const mend of [...this.#mending]) mend()
    Object.assign(troubles, { lossShare: 0, doubleShare: 0, slowShare: 0 })
    for (const node of nodes) if (node.isDead) node.start()
  }

  wrongClock(node: SimNode): void {
    const { chance } = this.#parts
    node.skewMs = chance.of(0.5) ? 0 : Math.floor((chance.next() - 0.5) * 10_000)
    node.rate = chance.pick([1, 1, 0.98, 1.02])
  }

  /** Returns what is wrong with it, if it must never be told. */
  heard(node: SimNode, error: DeskError): Error | null {
    const { agenda } = this.#parts
    if (error.code === 'log-diverged') this.counts.incidents = (this.counts.incidents ?? 0) + 1
    if (['log-damaged', 'log-newer-schema', 'listener-failed'].includes(error.code)) {
      return new BrokenPromiseError(`L3: ${node.name}: ${error.message}`, { cause: error })
    }
    if (error.code !== 'closed') return null
    node.crash()
    agenda.after(300, () => node.isDead && node.start())
    return null
  }

  /** Calm weather, and a node that held everything: then no loss may take anything that was acknowledged. */
  check(): void {
    const { checksVersions } = this.#parts.safety
    if (this.hasLost && this.counts.unhealed === undefined && checksVersions) broken('D5', 'a loss was not noticed')
  }

  #drawn(): Fault {
    const { chance } = this.#parts
    return chance.of(0.01) ? 'erase' : chance.pick(often)
  }

  #inflict(fault: Fault): void {
    if (!this.#done(fault)) return
    this.counts[fault] = (this.counts[fault] ?? 0) + 1
  }

  #done(fault: Fault): boolean {
    const { chance, nodes, engine } = this.#parts
    const node = chance.pick(nodes)
    switch (fault) {
      case 'crash':
        if (node.isDead) return false
        node.crash()
        return this.#mendAfter(chance.next() * 2_500, () => node.isDead && node.start())
      case 'pause':
        node.pause()
        return this.#mendAfter(chance.next() * 5_000, () => node.resume())
      case 'cut':
        node.isCut = true
        return this.#mendAfter(chance.next() * 5_000, () => {
          node.isCut = false
        })
      case 'refuse':
        engine.isDown = true
        return this.#mendAfter(chance.next() * 1_500, () => {
          engine.isDown = false
        })
      case 'trim':
        engine.trim(engine.head.v)
        return true
      case 'clock':
        this.wrongClock(node)
        return true
      case 'lose':
      case 'flush':
        return this.#lose(fault)
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
  #lose(fault: 'lose' | 'flush'): boolean {
    const { engine, chance, nodes, agenda, troubles, witness } = this.#parts
    const { head } = engine
    const isQuiet = this.#mending.size === 0 && nodes.every(({ isUp, desk }) => isUp && desk !== null)
    const isCalm = troubles.lossShare === 0 && troubles.slowShare === 0 && isQuiet
    if (head.v === 0 || (!isCalm && chance.of(0.7))) return false
    const before = witness.entries
    const lost = fault === 'flush' ? engine.flush() : engine.loseTail(1 + chance.below(12))
    engine.ringAll()
    if (lost === 0) return false
    if (isCalm) this.#calmUntil = agenda.now + healingMs
    else this.hasLost = true
    agenda.after(healingMs, () => {
      if (this.#wasErased || witness.entries[head.v - 1]?.h === before[head.v - 1]?.h) return
      this.counts.unhealed = (this.counts.unhealed ?? 0) + 1
      if (isCalm && witness.complaint === null) {
        witness.complaint = new Error(
          `D5: ${lost} entries up to ${head.v} were lost by ${fault}, and nobody put them back`,
        )
      }
    })
    if (!isCalm) this.counts.unhealed = (this.counts.unhealed ?? 0) + 0
    return true
  }

  #erase(): boolean {
    const { engine, agenda, nodes, erased } = this.#parts
    if (this.#wasErased || this.#mending.size > 0) return false
    this.#wasErased = true
    engine.erase()
    engine.ringAll()
    erased()
    this.#calmUntil = agenda.now + 3_000
    for (const node of nodes) if (!node.isDead) agenda.after(2_500, () => node.desk?.fresh().catch(() => {}))
    return true
  }

  #mendAfter(ms: number, mend: () => unknown): true {
    const { agenda } = this.#parts
    const once = () => {
      if (this.#mending.delete(once)) mend()
    }
    this.#mending.add(once)
    agenda.after(ms, once)
    return true
  }
}
