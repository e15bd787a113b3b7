import type { Desk } from '../../../src'
import { portalOf, snapshotOf } from '../../../src/core'
import { EdgeFold } from '../../../src/testing/invariants/edge-fold'
import { Agenda } from './agenda'
import { Chance } from './chance'
import { act, policy, roster, routeOf, staffIds } from './day'
import { difference } from './difference'
import { allSafe, Engine, type Safety } from './engine'
import { Faults } from './faults'
import { mustMissTheDead } from './must-miss-the-dead'
import { People } from './people'
import { refold } from './refold'
import { Rest } from './rest'
import { serveAll } from './serve-all'
import { SimNode } from './sim-node'
import { SimScreen } from './sim-screen'
import { Told } from './told'
import { BrokenPromiseError, broken, Witness } from './witness'

export interface Simulated {
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
  readonly safety?: Safety
}

const startAt = 1_800_000_000_000
/** After so long a node that has gone is missed, and its sessions have ended. */
const goneMs = 30_000

/** One history: the real runtime of several nodes in a simulated world. The same seed gives the same one. */
export async function simulate({ seed, steps, safety = allSafe }: SimulationOptions): Promise<Simulated> {
  return new Simulation(seed, safety).run(steps).catch((error: unknown) => {
    throw new BrokenPromiseError(`seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error })
  })
}

class Simulation {
  readonly #agenda = new Agenda()
  readonly #chance: Chance
  readonly #witness = new Witness()
  readonly #engine: Engine
  readonly #nodes: SimNode[]
  readonly #people: People
  readonly #told: Told
  readonly #rest: Rest
  readonly #faults: Faults
  readonly #edges = new Map<SimNode, EdgeFold>()
  readonly #hasLeases: boolean
  readonly #hasScreens: boolean
  readonly #isServed: boolean
  readonly #throws: boolean
  #screens: readonly SimScreen[] = []
  #wasErased = false
  #complaint: unknown = null

  constructor(seed: number, safety: Safety) {
    const [agenda, chance, witness] = [this.#agenda, new Chance(seed), this.#witness]
    this.#chance = chance
    const trueTime = () => startAt + agenda.now
    this.#engine = new Engine({ now: () => Math.floor(trueTime()), watcher: witness, safety })
    const troubles = {
      lossShare: chance.pick([0, 0, 0.01, 0.05]),
      doubleShare: chance.pick([0, 0.05]),
      slowShare: chance.pick([0, 0.02, 0.1]),
    }
    this.#hasLeases = !chance.of(0.05)
    const sessionLeaseMs = this.#hasLeases ? (policy.sessionLeaseMs ?? null) : null
    const options = { staff: roster, policy: { ...policy, sessionLeaseMs }, routing: { defaultRoute: routeOf(chance) } }
    const failed = (node: SimNode) => void agenda.after(500, () => node.isDead && node.start())
    const opened = this.#opened.bind(this)
    const parts = { agenda, chance, safety, trueTime, options, troubles, opened, failed }
    const snapshotEntries = chance.pick([8, 25, 10_000])
    const world = { ...parts, engine: this.#engine, snapshotEntries }
    this.#engine.keepEntries = chance.pick([1, 4, 50])
    this.#nodes = ['n1', 'n2', 'n3', 'n4', 'n5'].slice(0, 3 + chance.below(3)).map((name) => new SimNode(name, world))
    this.#faults = new Faults({ ...world, witness, nodes: this.#nodes, erased: () => this.#erased() })
    const hasLost = () => this.#faults.hasLost
    this.#told = new Told({ witness, nodes: this.#nodes, hasLost })
    this.#people = new People({ agenda, chance, witness, nodes: this.#nodes, hasLost })
    const [people, nodes, engine] = [this.#people, this.#nodes, this.#engine]
    const [screens, mustHold] = [() => this.#screens, () => this.#mustHold()]
    this.#rest = new Rest({ agenda, engine, witness, nodes, people, screens, trueTime, hasLost, mustHold })
    this.#hasScreens = chance.of(0.2)
    this.#isServed = this.#hasLeases && chance.of(0.1)
    this.#throws = chance.of(0.2)
  }

  async run(steps: number): Promise<Simulated> {
    try {
      return await this.#run(steps)
    } finally {
      for (const screen of this.#screens) screen.end()
    }
  }

  async #run(steps: number): Promise<Simulated> {
    for (const node of this.#nodes) {
      this.#faults.wrongClock(node)
      node.start()
    }
    if (this.#hasScreens) this.#openScreens()
    this.#live()
    this.#faults.begin()
    while (this.#agenda.steps < steps && (await this.#agenda.step())) this.#mustHold()
    const { steps: done } = this.#agenda
    this.#faults.end()
    for (const screen of this.#screens) screen.calm()
    await this.#rest.settle()
    this.#check()
    if (!this.#hasLeases) await this.#missTheDead()
    if (this.#isServed) await this.#serve()
    return {
      steps: done,
      stepsAfter: this.#agenda.steps - done,
      entries: this.#witness.entries.length,
      faults: this.#faults.counts,
      timers: this.#witness.timers,
      answers: this.#people.asked.length,
    }
  }

  #live(): void {
    this.#agenda.after(this.#chance.of(0.04) ? 1_500 : this.#chance.next() * 40, () => {
      if (this.#faults.isOver) return
      act(this.#people, this.#chance)
      this.#live()
    })
  }

  /** Sessions without a lease end all the same when their node is gone, at whichever node looks first, once. */
  async #missTheDead(): Promise<void> {
    for (const until = this.#agenda.now + goneMs; await this.#agenda.step(until); ) this.#mustHold()
    await this.#rest.settle()
    this.#check()
    mustMissTheDead(this.#witness, this.#nodes)
  }

  async #serve(): Promise<void> {
    const [people, witness, mustHold] = [this.#people, this.#witness, () => this.#mustHold()]
    await serveAll({ agenda: this.#agenda, people, witness, nodes: this.#nodes, mustHold })
    await this.#rest.settle()
    this.#check()
  }

  #openScreens(): void {
    const mayGoBack = () => this.#faults.hasLost || this.#wasErased
    const complain = (error: unknown) => {
      this.#complaint ??= error
    }
    const parts = { agenda: this.#agenda, chance: this.#chance, nodes: this.#nodes, mayGoBack, complain }
    this.#screens = staffIds.slice(0, 2).map((staffId) => new SimScreen(staffId, parts))
  }

  #erased(): void {
    this.#wasErased = true
    this.#people.forget()
  }

  #opened(node: SimNode, desk: Desk): void {
    const fold = new EdgeFold()
    this.#edges.set(node, fold)
    const hear = (edges: Parameters<EdgeFold['add']>[0]) => {
      const complaint = fold.add(edges)
      if (complaint !== null) this.#complaint ??= new BrokenPromiseError(`P2: ${node.incarnation}: ${complaint}`)
    }
    for (const staffId of staffIds) {
      for (const requestId of desk.ringing(staffId)) hear([{ type: 'ring', requestId, staffIds: [staffId] }])
    }
    desk.on('ring', ({ requestId, staffIds: rung }) => hear([{ type: 'ring', requestId, staffIds: rung }]))
    desk.on('stop', ({ requestId, staffIds: rung, reason, by }) =>
      hear([{ type: 'stop', requestId, staffIds: rung, reason, by }]),
    )
    desk.on('desk.revoked', ({ requestId, staffId }) => this.#told.revoked(node.incarnation, requestId, staffId))
    desk.on('error', (error) => {
      if (error.cause !== thrown) this.#complaint ??= this.#faults.heard(node, error)
    })
    if (this.#throws) for (const type of ['event', 'ring', 'stop'] as const) desk.on(type, throwing)
  }

  #mustHold(): void {
    if (this.#witness.complaint !== null) throw this.#witness.complaint
    if (this.#complaint !== null) throw this.#complaint
  }

  /** At rest every node shows what the one history says. */
  #check(): void {
    this.#mustHold()
    this.#told.check(this.#people.asked)
    const { state, entries } = this.#witness
    if (entries.length > 0) this.#witness.atRest()
    refold(entries, this.#chance.below(entries.length + 1), state)
    const expected = JSON.stringify(snapshotOf(state))
    const version = this.#engine.head.v
    for (const node of this.#nodes) {
      const { desk } = node
      if (desk === null) continue
      const shown = JSON.stringify(desk.snapshot().state.desk)
      if (shown !== expected) broken('D1', `${node.incarnation} at ${desk.version}: ${difference(shown, expected)}`)
      const fold = this.#edges.get(node)
      for (const staffId of staffIds) {
        const screen = JSON.stringify(desk.portal(staffId))
        const due = JSON.stringify(portalOf(state, staffId, version))
        if (screen !== due) broken('P3', `${node.incarnation}, ${staffId}: ${difference(screen, due)}`)
        for (const requestId of desk.ringing(staffId)) {
          if (!fold?.on.has(`${requestId} ${staffId}`))
            broken('P3', `${node.incarnation}: ${requestId} ${staffId} is untold`)
        }
      }
    }
    for (const screen of this.#screens) screen.check(state, version)
    this.#faults.check()
  }
}

/** I14: a listener that fails changes nothing for anybody else. */
const thrown = new Error('a listener that always throws')
const throwing = (): never => {
  throw thrown
}
