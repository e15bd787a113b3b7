import type { Desk } from '../../../src'
import { portalSnapshotOf, toStateSnapshot } from '../../../src/core'
import { EdgeFold } from '../../../src/testing/invariants/ringing'
import { AcknowledgementChecker } from './acknowledgement-checker'
import { Clients } from './clients'
import { FaultInjector } from './fault-injector'
import { checkNoOrphanedSessions, checkReplayedState, describeDifference } from './final-state-checks'
import { HistoryChecker, InvariantViolationError, violate } from './history-checker'
import { checkAllRequestsServed, Quiescence } from './liveness'
import { RandomStream } from './random-stream'
import { SimulatedNode } from './simulated-node'
import { SimulatedScreen } from './simulated-screen'
import { allSafetyChecks, type SafetyChecks, SimulatedStore } from './simulated-store'
import { VirtualScheduler } from './virtual-scheduler'
import { issueRandomCommand, policy, randomRoute, roster, staffIds } from './workload'

export interface SimulationResult {
  readonly steps: number
  /** Steps after the faults, until everything was answered and at rest. */
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
}

const startAt = 1_800_000_000_000
/** After so long a node that has gone is missed, and its sessions have ended. */
const sessionsEndWithinMs = 30_000

/** One history: the real runtime of several nodes in a simulated world. The same seed gives the same one. */
export async function simulate({
  seed,
  steps,
  safety = allSafetyChecks,
}: SimulationOptions): Promise<SimulationResult> {
  return new Simulation(seed, safety).run(steps).catch((error: unknown) => {
    throw new InvariantViolationError(`seed ${seed}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    })
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
  #screens: readonly SimulatedScreen[] = []
  #wasErased = false
  #violation: unknown = null

  constructor(seed: number, safety: SafetyChecks) {
    const [agenda, chance, witness] = [this.#scheduler, new RandomStream(seed), this.#history]
    this.#random = chance
    const trueTime = () => startAt + agenda.now
    this.#store = new SimulatedStore({ now: () => Math.floor(trueTime()), watcher: witness, safety })
    const troubles = {
      lossShare: chance.pick([0, 0, 0.01, 0.05]),
      doubleShare: chance.pick([0, 0.05]),
      slowShare: chance.pick([0, 0.02, 0.1]),
    }
    this.#hasLeases = !chance.bernoulli(0.05)
    const sessionLeaseMs = this.#hasLeases ? (policy.sessionLeaseMs ?? null) : null
    const options = {
      staff: roster,
      policy: { ...policy, sessionLeaseMs },
      routing: { defaultRoute: randomRoute(chance) },
    }
    const failed = (node: SimulatedNode) => void agenda.schedule(500, () => node.isCrashed && node.start())
    const opened = this.#onOpened.bind(this)
    const parts = { agenda, chance, safety, trueTime, options, troubles, opened, failed }
    const snapshotEntries = chance.pick([8, 25, 10_000])
    const world = { ...parts, engine: this.#store, snapshotEntries }
    this.#store.keepEntries = chance.pick([1, 4, 50])
    this.#nodes = ['n1', 'n2', 'n3', 'n4', 'n5']
      .slice(0, 3 + chance.integerBelow(3))
      .map((name) => new SimulatedNode(name, world))
    this.#faults = new FaultInjector({ ...world, witness, nodes: this.#nodes, erased: () => this.#onErased() })
    const hasLost = () => this.#faults.hasLost
    this.#acknowledgements = new AcknowledgementChecker({ witness, nodes: this.#nodes, hasLost })
    this.#clients = new Clients({ agenda, chance, witness, nodes: this.#nodes, hasLost })
    const [people, nodes, engine] = [this.#clients, this.#nodes, this.#store]
    const [screens, mustHold] = [() => this.#screens, () => this.#throwIfViolated()]
    this.#quiescence = new Quiescence({ agenda, engine, witness, nodes, people, screens, trueTime, hasLost, mustHold })
    this.#hasScreens = chance.bernoulli(0.2)
    this.#checksLiveness = this.#hasLeases && chance.bernoulli(0.1)
    this.#hasThrowingListeners = chance.bernoulli(0.2)
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
    this.#issueCommands()
    this.#faults.start()
    while (this.#scheduler.steps < steps && (await this.#scheduler.runNext())) this.#throwIfViolated()
    const { steps: done } = this.#scheduler
    this.#faults.stop()
    for (const screen of this.#screens) screen.stopReconnecting()
    await this.#quiescence.waitUntilQuiescent()
    this.#check()
    if (!this.#hasLeases) await this.#checkOrphanedSessions()
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

  /** Sessions without a lease end all the same when their node is gone, at whichever node looks first, once. */
  async #checkOrphanedSessions(): Promise<void> {
    for (const until = this.#scheduler.now + sessionsEndWithinMs; await this.#scheduler.runNext(until); )
      this.#throwIfViolated()
    await this.#quiescence.waitUntilQuiescent()
    this.#check()
    checkNoOrphanedSessions(this.#history, this.#nodes)
  }

  async #checkLiveness(): Promise<void> {
    const [people, witness, mustHold] = [this.#clients, this.#history, () => this.#throwIfViolated()]
    await checkAllRequestsServed({ agenda: this.#scheduler, people, witness, nodes: this.#nodes, mustHold })
    await this.#quiescence.waitUntilQuiescent()
    this.#check()
  }

  #openScreens(): void {
    const mayGoBack = () => this.#faults.hasLost || this.#wasErased
    const complain = (error: unknown) => {
      this.#violation ??= error
    }
    const parts = { agenda: this.#scheduler, chance: this.#random, nodes: this.#nodes, mayGoBack, complain }
    this.#screens = staffIds.slice(0, 2).map((staffId) => new SimulatedScreen(staffId, parts))
  }

  #onErased(): void {
    this.#wasErased = true
    this.#clients.reset()
  }

  #onOpened(node: SimulatedNode, desk: Desk): void {
    const fold = new EdgeFold()
    this.#edges.set(node, fold)
    const hear = (edges: Parameters<EdgeFold['apply']>[0]) => {
      const complaint = fold.apply(edges)
      if (complaint !== null) this.#violation ??= new InvariantViolationError(`P2: ${node.incarnation}: ${complaint}`)
    }
    for (const staffId of staffIds) {
      for (const requestId of desk.ringing(staffId)) hear([{ type: 'ring', requestId, staffIds: [staffId] }])
    }
    desk.on('ring', ({ requestId, staffIds: rung }) => hear([{ type: 'ring', requestId, staffIds: rung }]))
    desk.on('stop', ({ requestId, staffIds: rung, reason, by }) =>
      hear([{ type: 'stop', requestId, staffIds: rung, reason, by }]),
    )
    desk.on('assignment.revoked', ({ requestId, staffId }) =>
      this.#acknowledgements.recordRevocation(node.incarnation, requestId, staffId),
    )
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

  /** At rest every node shows what the one history says. */
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
            violate('P3', `${node.incarnation}: ${requestId} ${staffId} is untold`)
        }
      }
    }
    for (const screen of this.#screens) screen.check(state, version)
    this.#faults.checkNoUnnoticedLoss()
  }
}

/** I14: a listener that fails changes nothing for anybody else. */
const listenerError = new Error('a listener that always throws')
const throwingListener = (): never => {
  throw listenerError
}
