import { type DeskState, nextDueAt } from '../../../src/core'
import type { Clients } from './clients'
import { type HistoryChecker, violate } from './history-checker'
import type { SimulatedNode } from './simulated-node'
import type { SimulatedScreen } from './simulated-screen'
import type { SimulatedStore } from './simulated-store'
import type { VirtualScheduler } from './virtual-scheduler'
import { policy, roster } from './workload'

export interface QuiescenceOptions {
  readonly agenda: VirtualScheduler
  readonly engine: SimulatedStore
  readonly witness: HistoryChecker
  readonly nodes: readonly SimulatedNode[]
  readonly people: Clients
  readonly screens: () => readonly SimulatedScreen[]
  readonly trueTime: () => number
  /** A loss that no node could heal was reported. */
  readonly hasLost: () => boolean
  /** @throws as soon as something is wrong. */
  readonly mustHold: () => void
}

/** When nothing is broken any more, everything is answered within so long. */
const quiescentWithinMs = 60_000
const quiescentForMs = 300
/** A node that goes over to another history opens again what is missing in it, if need be after failures. */
const reopeningMs = 5_000

/** V3: with the faults over everything comes to rest. */
export class Quiescence {
  readonly #parts: QuiescenceOptions

  constructor(parts: QuiescenceOptions) {
    this.#parts = parts
  }

  async waitUntilQuiescent(): Promise<void> {
    const { agenda, mustHold, hasLost, nodes, people, engine } = this.#parts
    const until = agenda.now + quiescentWithinMs
    let firstAt = Number.POSITIVE_INFINITY
    const enoughMs = hasLost() ? reopeningMs : quiescentForMs
    while (await agenda.runNext(until)) {
      mustHold()
      if (!this.#isQuiescent()) continue
      firstAt = Math.min(firstAt, agenda.now)
      if (agenda.now >= firstAt + enoughMs) return
    }
    const versions = nodes.map(({ name, desk }) => `${name} ${desk?.version ?? 'down'}`).join(', ')
    const waiting = people.commands.filter(({ outcome }) => outcome === null).map(({ id, tries }) => `${id} (${tries})`)
    violate('V3', `not at rest after ${quiescentWithinMs} ms: ${versions}, log ${engine.head.v}, unanswered ${waiting}`)
  }

  #isQuiescent(): boolean {
    const { engine, screens, people, witness, trueTime, nodes } = this.#parts
    const { head } = engine
    const isTold = screens().every(({ isCurrent }) => isCurrent)
    const isIdle = isTold && people.unansweredCount === 0 && !isDue(witness.state, trueTime())
    if (!isIdle || !nodes.every(({ desk }) => desk?.version === head.v)) return false
    return nodes.every(({ desk }) => desk?.snapshot().h === head.h)
  }
}

/** Something is due, or will follow at once. */
function isDue(state: DeskState, at: number): boolean {
  return state.offerable.size > 0 || (nextDueAt(state) ?? Number.POSITIVE_INFINITY) <= at
}

export interface LivenessOptions {
  readonly agenda: VirtualScheduler
  readonly people: Clients
  readonly witness: HistoryChecker
  readonly nodes: readonly SimulatedNode[]
  readonly mustHold: () => void
}

/** Every step, every reminder and every return of a transfer has come by then. */
const servedWithinMs = 25_000
const checkIntervalMs = 250

/**
 * I11, V1: everybody comes, stays and accepts what rings, at any node. Then every request that anybody may take is
 * taken.
 */
export async function checkAllRequestsServed({
  agenda,
  people,
  witness,
  nodes,
  mustHold,
}: LivenessOptions): Promise<void> {
  const stay = { ...policy, sessionLeaseMs: null, abandonAfterMs: 86_400_000 }
  people.send({ type: 'setPolicy', policy: stay })
  for (const { id, ...staff } of roster) {
    people.send({ type: 'setStaff', staff: { id, ...staff, capacity: 1_000 } })
    people.send({ type: 'connect', staffId: id, sessionId: 'stays' })
    people.send({ type: 'setAvailability', staffId: id, availability: 'available' })
  }
  for (const { visitorId } of witness.state.requests.values()) people.send({ type: 'visitorArrived', visitorId })
  const until = agenda.now + servedWithinMs
  while (agenda.now < until) {
    const next = agenda.now + checkIntervalMs
    while (await agenda.runNext(next)) mustHold()
    agenda.now = next
    if (people.unansweredCount === 0 && openRequestIds(witness).length === 0) return
    acceptAll(people, nodes)
  }
  const [lost] = openRequestIds(witness).filter((requestId) => hasAudience(requestId, nodes))
  if (lost !== undefined) violate('I11', `${lost} is still open, and everybody accepts what rings`)
}

function openRequestIds({ state }: HistoryChecker): string[] {
  return [...state.requests.values()].filter(({ assignment }) => assignment === null).map(({ id }) => id)
}

function acceptAll(people: Clients, nodes: readonly SimulatedNode[]): void {
  const asked = new Set<string>()
  for (const { desk } of nodes) {
    for (const { id: staffId } of roster) {
      for (const requestId of desk?.ringing(staffId) ?? []) {
        if (!asked.has(requestId)) people.send({ type: 'accept', requestId, staffId })
        asked.add(requestId)
      }
    }
  }
}

function hasAudience(requestId: string, nodes: readonly SimulatedNode[]): boolean {
  return roster.some(({ id }) => nodes[0]?.desk?.awaiting(id).some((item) => item.requestId === requestId))
}
