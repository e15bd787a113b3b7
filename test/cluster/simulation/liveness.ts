import { type DeskState, nextDueAt } from '../../../src/core'
import type { Clients } from './clients'
import { type HistoryChecker, violate } from './history-checker'
import type { SimulatedNode } from './simulated-node'
import type { SimulatedScreen } from './simulated-screen'
import type { SimulatedStore } from './simulated-store'
import type { VirtualScheduler } from './virtual-scheduler'
import { policy, roster, staffIds } from './workload'

export interface QuiescenceOptions {
  readonly scheduler: VirtualScheduler
  readonly backend: SimulatedStore
  readonly history: HistoryChecker
  readonly nodes: readonly SimulatedNode[]
  readonly clients: Clients
  readonly screens: () => readonly SimulatedScreen[]
  readonly trueTime: () => number
  /** Returns whether a loss that no node could repair was reported. */
  readonly hasLost: () => boolean
  /** @throws the first violation. */
  readonly throwIfViolated: () => void
}

/** After the last fault all commands are answered within so long. */
const quiescentWithinMs = 60_000
/**
 * Where far nodes serve a route that offers in turns, an entry follows another faster than all nodes read it, for as
 * long as nobody accepts. After so long all staff go away, which ends the offers.
 */
const offersForMs = 30_000
const quiescentForMs = 300
/** A node that continues from another history opens missing requests again, possibly after failures. */
const reopeningMs = 5_000

/** V3: after the last fault all commands are answered and all nodes reach the same state. */
export class Quiescence {
  readonly #options: QuiescenceOptions

  constructor(options: QuiescenceOptions) {
    this.#options = options
  }

  async waitUntilQuiescent(): Promise<void> {
    const { scheduler, throwIfViolated, hasLost, nodes, clients, backend } = this.#options
    const until = scheduler.now + quiescentWithinMs
    const endsOffers = scheduler.schedule(offersForMs, () => {
      for (const staffId of staffIds) clients.send({ type: 'setAvailability', staffId, availability: 'away' })
    })
    let firstAt = Number.POSITIVE_INFINITY
    const enoughMs = hasLost() ? reopeningMs : quiescentForMs
    while (await scheduler.runNext(until)) {
      throwIfViolated()
      if (!this.#isQuiescent()) continue
      firstAt = Math.min(firstAt, scheduler.now)
      if (scheduler.now >= firstAt + enoughMs) return endsOffers()
    }
    const versions = nodes.map(({ name, desk }) => `${name} ${desk?.version ?? 'down'}`).join(', ')
    const unanswered = clients.commands
      .filter(({ outcome }) => outcome === null)
      .map(({ id, attempts }) => `${id} (${attempts})`)
    violate(
      'V3',
      `not quiescent after ${quiescentWithinMs} ms: ${versions}, store ${backend.head.v}, unanswered ${unanswered}`,
    )
  }

  #isQuiescent(): boolean {
    const { backend, screens, clients, history, trueTime, nodes } = this.#options
    const { head } = backend
    const isShown = screens().every(({ isCurrent }) => isCurrent)
    const isIdle = isShown && clients.unansweredCount === 0 && !isDue(history.state, trueTime())
    if (!isIdle || !nodes.every(({ desk }) => desk?.version === head.v)) return false
    return nodes.every(({ desk }) => desk?.snapshot().h === head.h)
  }
}

/** Returns whether a deadline is due, or an offer follows at once. */
function isDue(state: DeskState, at: number): boolean {
  return state.offerable.size > 0 || (nextDueAt(state) ?? Number.POSITIVE_INFINITY) <= at
}

export interface LivenessOptions {
  readonly scheduler: VirtualScheduler
  readonly clients: Clients
  readonly history: HistoryChecker
  readonly nodes: readonly SimulatedNode[]
  readonly throwIfViolated: () => void
}

/** By then every step has started, every reminder was sent and every transfer has returned. */
const servedWithinMs = 25_000
const checkIntervalMs = 250

/**
 * I11, V1: all staff connect, stay and accept what rings, at any node. Then every request that a staff member may
 * accept is accepted.
 */
export async function checkAllRequestsServed({
  scheduler,
  clients,
  history,
  nodes,
  throwIfViolated,
}: LivenessOptions): Promise<void> {
  const stay = { ...policy, sessionLeaseMs: null, visitorLeaseMs: null, abandonAfterMs: 86_400_000 }
  clients.send({ type: 'setPolicy', policy: stay })
  for (const { id, ...staff } of roster) {
    clients.send({ type: 'setStaff', staff: { id, ...staff, capacity: 1_000 } })
    clients.send({ type: 'connect', staffId: id, sessionId: 'stays' })
    clients.send({ type: 'setAvailability', staffId: id, availability: 'available' })
  }
  for (const { visitorId } of history.state.requests.values()) clients.send({ type: 'visitorArrived', visitorId })
  const until = scheduler.now + servedWithinMs
  while (scheduler.now < until) {
    await scheduler.runFor(checkIntervalMs, throwIfViolated)
    if (clients.unansweredCount === 0 && openRequestIds(history).length === 0) return
    acceptAll(clients, nodes)
  }
  const [lost] = openRequestIds(history).filter((requestId) => hasAudience(requestId, nodes))
  if (lost !== undefined) violate('I11', `${lost} is still open, and all staff accept what rings`)
}

function openRequestIds({ state }: HistoryChecker): string[] {
  return [...state.requests.values()].filter(({ assignment }) => assignment === null).map(({ id }) => id)
}

function acceptAll(clients: Clients, nodes: readonly SimulatedNode[]): void {
  const accepted = new Set<string>()
  for (const { desk } of nodes) {
    for (const { id: staffId } of roster) {
      for (const requestId of desk?.ringing(staffId) ?? []) {
        if (!accepted.has(requestId)) clients.send({ type: 'accept', requestId, staffId })
        accepted.add(requestId)
      }
    }
  }
}

function hasAudience(requestId: string, nodes: readonly SimulatedNode[]): boolean {
  return roster.some(({ id }) => nodes[0]?.desk?.awaiting(id).some((item) => item.requestId === requestId))
}
