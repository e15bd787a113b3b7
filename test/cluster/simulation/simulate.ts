import type { Desk } from '../../../src'
import { errorMessageOf, portalSnapshotOf, toStateSnapshot } from '../../../src/core'
import { EdgeFold } from '../../../src/testing/invariants/ringing'
import { AcknowledgementChecker } from './acknowledgement-checker'
import { Clients } from './clients'
import { FaultInjector, type FaultKind, singleFaults } from './fault-injector'
import { checkNoOrphanedSessions, checkReplayedState, describeDifference } from './final-state-checks'
import { HistoryChecker, InvariantViolationError, violate } from './history-checker'
import { checkAllRequestsServed, Quiescence } from './liveness'
import { RandomStream } from './random-stream'
import { SimulatedNode } from './simulated-node'
import { SimulatedPage } from './simulated-page'
import { SimulatedScreen } from './simulated-screen'
import { allSafetyChecks, type SafetyChecks, SimulatedStore } from './simulated-store'
import { VirtualScheduler } from './virtual-scheduler'
import { issueRandomCommand, policy, randomRoute, roster, staffIds } from './workload'

export interface SimulationResult {
  readonly steps: number
  /** Steps after the last fault, until all nodes were quiescent. */
  readonly stepsAfter: number
  readonly entries: number
  readonly faults: Readonly<Record<string, number>>
  readonly timers: number
  readonly answers: number
}

export interface SimulationOptions {
  readonly seed: number
  readonly steps: number
  readonly safety?: SafetyChecks
  /** Default true. Without leases nobody notices that a visitor's page has gone. */
  readonly hasVisitorLeases?: boolean
  /** The only kind of fault; drawn when left out. */
  readonly only?: FaultKind
}

const startAt = 1_800_000_000_000
/** How far the nodes are from the backend, in some of the histories. */
const roundTripsMs = [0, 0, 50, 100, 200]
const distanceSeed = 7_000_000
const farLeaseMs = 10_000 // A far node may need five seconds for a heartbeat.
/** After so long the sessions of a node that ended have ended. */
const sessionsEndWithinMs = 30_000
/** After so long the visitors whose pages have gone have left, and their requests are abandoned. */
const visitorsGoneWithinMs = 30_000

/** Simulates one history: the real runtime of several nodes in a simulated world. The same seed gives the same one. */
export async function simulate({ seed, steps, ...options }: SimulationOptions): Promise<SimulationResult> {
  return new Simulation(seed, options).run(steps).catch((error: unknown) => {
    throw new InvariantViolationError(`seed ${seed}: ${errorMessageOf(error)}`, { cause: error })
  })
}

class Simulation {
  readonly #scheduler = new VirtualScheduler()
  readonly #random: RandomStream
  readonly #history = new HistoryChecker()
  readonly #store: SimulatedStore
  readonly #nodes: SimulatedNode[]
  readonly #clients: Clients
  readonly #acknowledgements: AcknowledgementChecker
  readonly #quiescence: Quiescence
  readonly #faults: FaultInjector
  readonly #edges = new Map<SimulatedNode, EdgeFold>()
  readonly #hasLeases: boolean
  readonly #hasScreens: boolean
  readonly #checksLiveness: boolean
  readonly #hasThrowingListeners: boolean
  readonly #hasPages: boolean
  #pages: readonly SimulatedPage[] = []
  #screens: readonly SimulatedScreen[] = []
  #wasErased = false
  #violation: unknown = null

  constructor(seed: number, given: Omit<SimulationOptions, 'seed' | 'steps'>) {
    const { safety = allSafetyChecks, hasVisitorLeases = true } = given
    const [scheduler, random, history] = [this.#scheduler, new RandomStream(seed), this.#history]
    this.#random = random
    const trueTime = () => startAt + scheduler.now
    this.#store = new SimulatedStore({ now: () => Math.floor(trueTime()), observer: history, safety })
    const only = given.only ?? (random.bernoulli(0.12) ? random.pick(singleFaults) : null)
    const network = {
      lossShare: only === null ? random.pick([0, 0, 0.01, 0.05]) : 0,
      doubleShare: random.pick([0, 0.05]),
      slowShare: only === null ? random.pick([0, 0.02, 0.1]) : 0,
    }
    this.#hasLeases = !random.bernoulli(0.05)
    const sessionLeaseMs = this.#hasLeases ? (policy.sessionLeaseMs ?? null) : null
    const distances = new RandomStream(seed + distanceSeed)
    const isFar = distances.bernoulli(0.3)
    const visitorLeaseMs = this.#hasLeases ? (isFar ? farLeaseMs : (policy.visitorLeaseMs ?? null)) : null
    const options = {
      staff: roster,
      policy: { ...policy, sessionLeaseMs, visitorLeaseMs: hasVisitorLeases ? visitorLeaseMs : null },
      routing: { defaultRoute: randomRoute(random) },
    }
    const onFailed = (node: SimulatedNode) => void scheduler.schedule(500, () => node.isCrashed && node.start())
    const onOpened = this.#onOpened.bind(this)
    const parts = { scheduler, random, safety, trueTime, options, network, onOpened, onFailed }
    const snapshotEntries = random.pick([8, 25, 10_000])
    const world = { ...parts, backend: this.#store, snapshotEntries }
    this.#store.keepEntries = random.pick([1, 4, 50])
    this.#nodes = ['n1', 'n2', 'n3', 'n4', 'n5']
      .slice(0, 3 + random.integerBelow(3))
      .map((name) => new SimulatedNode(name, world))
    if (isFar) for (const node of this.#nodes) node.roundTripMs = distances.pick(roundTripsMs)
    const onErased = () => this.#onErased()
    this.#faults = new FaultInjector({ ...world, history, nodes: this.#nodes, onErased, only })
    const hasLost = () => this.#faults.hasLost
    this.#acknowledgements = new AcknowledgementChecker({ history, nodes: this.#nodes, hasLost })
    this.#clients = new Clients({ scheduler, random, history, nodes: this.#nodes, hasLost })
    const [clients, nodes, backend] = [this.#clients, this.#nodes, this.#store]
    const [screens, throwIfViolated] = [() => this.#screens, () => this.#throwIfViolated()]
    const watched = { scheduler, backend, history, nodes, clients, screens }
    this.#quiescence = new Quiescence({ ...watched, trueTime, hasLost, throwIfViolated })
    this.#hasScreens = random.bernoulli(0.2)
    this.#checksLiveness = this.#hasLeases && random.bernoulli(0.1)
    this.#hasThrowingListeners = random.bernoulli(0.2)
    this.#hasPages = this.#hasLeases && random.bernoulli(0.25)
  }

  async run(steps: number): Promise<SimulationResult> {
    try {
      return await this.#run(steps)
    } finally {
      for (const screen of this.#screens) screen.close()
    }
  }

  async #run(steps: number): Promise<SimulationResult> {
    for (const node of this.#nodes) {
      this.#faults.skewClock(node)
      node.start()
    }
    if (this.#hasScreens) this.#openScreens()
    if (this.#hasPages) this.#openPages()
    this.#issueCommands()
    this.#faults.start()
    while (this.#scheduler.steps < steps || this.#faults.isUnderWay) {
      if (!(await this.#scheduler.runNext())) break
      this.#throwIfViolated()
    }
    const { steps: done } = this.#scheduler
    this.#faults.stop()
    for (const screen of this.#screens) screen.stopReconnecting()
    await this.#quiescence.waitUntilQuiescent()
    this.#check()
    if (!this.#hasLeases) await this.#checkOrphanedSessions()
    if (this.#hasPages) await this.#checkPages()
    if (this.#checksLiveness) await this.#checkLiveness()
    return {
      steps: done,
      stepsAfter: this.#scheduler.steps - done,
      entries: this.#history.entries.length,
      faults: this.#faults.counts,
      timers: this.#history.timers,
      answers: this.#clients.commands.length,
    }
  }

  #issueCommands(): void {
    this.#scheduler.schedule(this.#random.bernoulli(0.04) ? 1_500 : this.#random.next() * 40, () => {
      if (this.#faults.isOver) return
      issueRandomCommand(this.#clients, this.#random)
      this.#issueCommands()
    })
  }

  /** Sessions without a lease end when their node has ended, once, by the node that notices it first. */
  async #checkOrphanedSessions(): Promise<void> {
    for (const until = this.#scheduler.now + sessionsEndWithinMs; await this.#scheduler.runNext(until); )
      this.#throwIfViolated()
    await this.#quiescence.waitUntilQuiescent()
    this.#check()
    checkNoOrphanedSessions(this.#history, this.#nodes)
  }

  /** I16: the visitors whose pages are open are present, and those whose pages have gone wait for nobody. */
  async #checkPages(): Promise<void> {
    for (const page of this.#pages) page.ask()
    for (const until = this.#scheduler.now + visitorsGoneWithinMs; await this.#scheduler.runNext(until); )
      this.#throwIfViolated()
    const { state } = this.#history
    for (const page of this.#pages) page.check(state)
    for (const page of this.#pages) page.close(true)
    await this.#quiescence.waitUntilQuiescent()
    this.#check()
  }

  #openPages(): void {
    const [scheduler, random, nodes] = [this.#scheduler, this.#random, this.#nodes]
    this.#pages = ['page-1', 'page-2', 'page-3', 'page-4'].map(
      (id) => new SimulatedPage(id, { scheduler, random, nodes }),
    )
    const disturb = () => {
      if (this.#faults.isOver) return
      const page = random.pick(this.#pages.slice(1))
      if (random.bernoulli(0.15)) page.close(random.bernoulli(0.7))
      else page.reconnect()
      scheduler.schedule(random.next() * 3_000, disturb)
    }
    scheduler.schedule(500, disturb)
  }

  async #checkLiveness(): Promise<void> {
    const [clients, history, throwIfViolated] = [this.#clients, this.#history, () => this.#throwIfViolated()]
    await checkAllRequestsServed({ scheduler: this.#scheduler, clients, history, nodes: this.#nodes, throwIfViolated })
    await this.#quiescence.waitUntilQuiescent()
    this.#check()
  }

  #openScreens(): void {
    const mayRegress = () => this.#faults.hasLost || this.#wasErased
    const onViolation = (error: unknown) => {
      this.#violation ??= error
    }
    const parts = { scheduler: this.#scheduler, random: this.#random, nodes: this.#nodes, mayRegress, onViolation }
    this.#screens = staffIds.slice(0, 2).map((staffId) => new SimulatedScreen(staffId, parts))
  }

  #onErased(): void {
    this.#wasErased = true
    this.#clients.reset()
  }

  #onOpened(node: SimulatedNode, desk: Desk): void {
    const fold = new EdgeFold()
    this.#edges.set(node, fold)
    const applyEdges = (edges: Parameters<EdgeFold['apply']>[0]) => {
      const violation = fold.apply(edges)
      if (violation !== null) this.#violation ??= new InvariantViolationError(`P2: ${node.incarnation}: ${violation}`)
    }
    for (const staffId of staffIds) {
      for (const requestId of desk.ringing(staffId)) applyEdges([{ type: 'ring', requestId, staffIds: [staffId] }])
    }
    desk.on('ring', ({ requestId, staffIds: staff }) => applyEdges([{ type: 'ring', requestId, staffIds: staff }]))
    desk.on('stop', ({ requestId, staffIds: staff, reason, by }) =>
      applyEdges([{ type: 'stop', requestId, staffIds: staff, reason, by }]),
    )
    desk.on('assignment.revoked', ({ requestId, staffId }) =>
      this.#acknowledgements.recordRevocation(node.incarnation, requestId, staffId),
    )
    desk.on('node.stale', () => void Object.assign(node, { isStale: true }))
    desk.on('node.recovered', () => void Object.assign(node, { isStale: false }))
    desk.on('error', (error) => {
      if (error.cause !== listenerError) this.#violation ??= this.#faults.onError(node, error)
    })
    if (this.#hasThrowingListeners)
      for (const type of ['event', 'ring', 'stop'] as const) desk.on(type, throwingListener)
  }

  #throwIfViolated(): void {
    if (this.#history.violation !== null) throw this.#history.violation
    if (this.#violation !== null) throw this.#violation
  }

  /** Checks that every node shows the state of the one history. */
  #check(): void {
    this.#throwIfViolated()
    this.#acknowledgements.check(this.#clients.commands)
    const { state, entries } = this.#history
    if (entries.length > 0) this.#history.checkQuiescentState()
    checkReplayedState(entries, this.#random.integerBelow(entries.length + 1), state)
    const expected = JSON.stringify(toStateSnapshot(state))
    const version = this.#store.head.v
    for (const node of this.#nodes) {
      const { desk } = node
      if (desk === null) continue
      const shown = JSON.stringify(desk.snapshot().state.desk)
      if (shown !== expected)
        violate('D1', `${node.incarnation} at ${desk.version}: ${describeDifference(shown, expected)}`)
      const fold = this.#edges.get(node)
      for (const staffId of staffIds) {
        const screen = JSON.stringify(desk.portal(staffId))
        const due = JSON.stringify(portalSnapshotOf(state, staffId, version))
        if (screen !== due) violate('P3', `${node.incarnation}, ${staffId}: ${describeDifference(screen, due)}`)
        for (const requestId of desk.ringing(staffId)) {
          if (!fold?.ringing.has(`${requestId} ${staffId}`))
            violate('P3', `${node.incarnation}: ${requestId} ${staffId} was not emitted`)
        }
      }
    }
    for (const screen of this.#screens) screen.check(state, version)
    this.#faults.checkNoUnnoticedLoss()
  }
}

/** I14: a listener that fails affects no other. */
const listenerError = new Error('a listener that always throws')
const throwingListener = (): never => {
  throw listenerError
}
