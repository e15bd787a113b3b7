import { type DeskState, nextDueAt } from '../../../src/core'
import type { Agenda } from './agenda'
import type { Engine } from './engine'
import type { People } from './people'
import type { SimNode } from './sim-node'
import type { SimScreen } from './sim-screen'
import { broken, type Witness } from './witness'

export interface RestParts {
  readonly agenda: Agenda
  readonly engine: Engine
  readonly witness: Witness
  readonly nodes: readonly SimNode[]
  readonly people: People
  readonly screens: () => readonly SimScreen[]
  readonly trueTime: () => number
  /** A loss that no node could heal was reported. */
  readonly hasLost: () => boolean
  /** @throws as soon as something is wrong. */
  readonly mustHold: () => void
}

/** When nothing is broken any more, everything is answered within so long. */
const settleMs = 60_000
const leastMs = 300
/** A node that goes over to another history opens again what is missing in it, if need be after failures. */
const reopeningMs = 5_000

/** V3: with the faults over everything comes to rest. */
export class Rest {
  readonly #parts: RestParts

  constructor(parts: RestParts) {
    this.#parts = parts
  }

  async settle(): Promise<void> {
    const { agenda, mustHold, hasLost, nodes, people, engine } = this.#parts
    const until = agenda.now + settleMs
    let firstAt = Number.POSITIVE_INFINITY
    const enoughMs = hasLost() ? reopeningMs : leastMs
    while (await agenda.step(until)) {
      mustHold()
      if (!this.#isAtRest()) continue
      firstAt = Math.min(firstAt, agenda.now)
      if (agenda.now >= firstAt + enoughMs) return
    }
    const versions = nodes.map(({ name, desk }) => `${name} ${desk?.version ?? 'down'}`).join(', ')
    const waiting = people.asked.filter(({ outcome }) => outcome === null).map(({ id, tries }) => `${id} (${tries})`)
    broken('V3', `not at rest after ${settleMs} ms: ${versions}, log ${engine.head.v}, unanswered ${waiting}`)
  }

  #isAtRest(): boolean {
    const { engine, screens, people, witness, trueTime, nodes } = this.#parts
    const { head } = engine
    const isTold = screens().every(({ isCurrent }) => isCurrent)
    const isIdle = isTold && people.open === 0 && !isDue(witness.state, trueTime())
    if (!isIdle || !nodes.every(({ desk }) => desk?.version === head.v)) return false
    return nodes.every(({ desk }) => desk?.snapshot().h === head.h)
  }
}

/** Something is due, or will follow at once. */
function isDue(state: DeskState, at: number): boolean {
  return state.matchable.size > 0 || (nextDueAt(state) ?? Number.POSITIVE_INFINITY) <= at
}
