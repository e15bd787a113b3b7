import type { Clock, Desk, DeskOptions } from '../../../src'
import { DeskError } from '../../../src'
import type { NodeEnvironment } from '../../../src/desk/cluster/environment'
import { openDeskWithEnvironment } from '../../../src/desk/open-desk'
import type {
  AppendResult,
  EventStore,
  NodeHeartbeat,
  NodeLiveness,
  StoreBatch,
  StoreEntry,
  StoreHead,
  StoreSnapshot,
} from '../../../src/store'
import type { RandomStream } from './random-stream'
import type { SafetyChecks, SimulatedStore } from './simulated-store'
import type { VirtualScheduler } from './virtual-scheduler'

export interface SimulationEnvironment {
  readonly agenda: VirtualScheduler
  readonly engine: SimulatedStore
  readonly chance: RandomStream
  readonly safety: SafetyChecks
  /** The true time, in milliseconds since the epoch. */
  readonly trueTime: () => number
  readonly options: Omit<DeskOptions, 'store' | 'clock' | 'newId'>
  readonly troubles: { lossShare: number; doubleShare: number; slowShare: number }
  readonly snapshotEntries: number
  /** A desk is open; nobody has asked it anything yet. */
  readonly opened: (node: SimulatedNode, desk: Desk) => void
  readonly failed: (node: SimulatedNode, error: unknown) => void
}

/** One process of the host, as far as a desk can tell. */
export class SimulatedNode {
  readonly name: string
  desk: Desk | null = null
  isCrashed = true
  isPartitioned = false
  /** Its clock against the true one. */
  skewMs = 0
  rate = 1
  readonly #world: SimulationEnvironment
  #incarnationNumber = 0
  #isPaused = false
  #delayed: (() => void)[] = []

  constructor(name: string, world: SimulationEnvironment) {
    this.name = name
    this.#world = world
  }

  /** The name of this life. */
  get incarnation(): string {
    return `${this.name}.${this.#incarnationNumber}`
  }

  get isUp(): boolean {
    return !this.isCrashed && this.desk !== null
  }

  start(): void {
    const { chance, safety, snapshotEntries, opened, failed } = this.#world
    this.#incarnationNumber += 1
    this.isCrashed = false
    this.#isPaused = false
    this.isPartitioned = false
    this.#delayed = []
    const life = this.#incarnationNumber
    const store = new UnreliableStore(this.#world, this)
    let made = 0
    const means: NodeEnvironment = {
      elapsedMs: () => this.#world.agenda.now,
      schedule: (ms, then) => this.schedule(ms, then),
      random: chance.next,
      nodeId: this.incarnation,
    }
    const node = { entriesBetweenSnapshotsMin: snapshotEntries, repairsStore: safety.heals }
    const options = {
      ...this.#world.options,
      store,
      clock: this.#clock(),
      newId: () => `${this.incarnation}-${++made}`,
    }
    openDeskWithEnvironment({ environment: means, nodeOptions: node }, options).then(
      (desk) => {
        if (life !== this.#incarnationNumber || this.isCrashed) return
        this.desk = desk
        opened(this, desk)
      },
      (error: unknown) => {
        if (life !== this.#incarnationNumber || this.isCrashed) return
        this.isCrashed = true
        failed(this, error)
      },
    )
  }

  /** Stops in the middle of whatever it was waiting for: nothing comes to it any more. */
  crash(): void {
    this.isCrashed = true
    this.desk = null
    this.#delayed = []
  }

  pause(): void {
    this.#isPaused = true
  }

  /** All that should have come meanwhile comes now. */
  resume(): void {
    this.#isPaused = false
    const late = this.#delayed
    this.#delayed = []
    for (const each of late) this.#world.agenda.schedule(0, this.#inThisIncarnation(each))
  }

  schedule(ms: number, then: () => void): () => void {
    return this.#world.agenda.schedule(ms / this.rate, this.#inThisIncarnation(then))
  }

  /** The door of this life for what comes from outside: lost on a dead node, late on a paused one. */
  messageHandler(): (then: () => void) => void {
    const life = this.#incarnationNumber
    return (then) => {
      if (life === this.#incarnationNumber) this.#inThisIncarnation(then)()
    }
  }

  #inThisIncarnation(then: () => void): () => void {
    const life = this.#incarnationNumber
    return () => {
      if (this.isCrashed || life !== this.#incarnationNumber) return
      if (this.#isPaused) this.#delayed.push(then)
      else then()
    }
  }

  #clock(): Clock {
    const { trueTime } = this.#world
    const now = () => Math.floor(trueTime() * this.rate + this.skewMs)
    return { now, wakeAt: (at, wake) => this.schedule(Math.max(1, at - now()), wake) }
  }
}

const storeTimeoutMs = 1_000

/** A node's way to the engine: it takes time, and messages get lost, come twice or come late. */
export class UnreliableStore implements EventStore {
  readonly #world: SimulationEnvironment
  readonly #node: SimulatedNode
  readonly #deliver: (then: () => void) => void
  #generation: number | null = null
  #epoch: number | null = null

  constructor(world: SimulationEnvironment, node: SimulatedNode) {
    this.#world = world
    this.#node = node
    this.#deliver = node.messageHandler()
  }

  append(expected: StoreHead, batch: StoreBatch): Promise<AppendResult> {
    return this.#call(() => {
      const { engine } = this.#world
      const isAnew = this.#epoch !== null && this.#epoch !== engine.epoch
      this.#epoch = engine.epoch
      if (isAnew) throw new Error('the engine was started anew')
      return engine.append(expected, batch)
    })
  }

  read(after: number, limit: number): Promise<readonly StoreEntry[]> {
    return this.#call((engine) => engine.read(after, limit))
  }

  head(): Promise<StoreHead> {
    return this.#call(({ head: { v, h } }) => ({ v, h }))
  }

  restore(entries: readonly StoreEntry[]): Promise<void> {
    return this.#call((engine) => engine.restore(entries))
  }

  saveSnapshot(snapshot: StoreSnapshot): Promise<void> {
    const text = JSON.stringify(snapshot)
    return this.#call((engine) => engine.saveSnapshot(JSON.parse(text)))
  }

  loadSnapshot(): Promise<StoreSnapshot | null> {
    return this.#call(({ snapshot }) => structuredClone(snapshot))
  }

  barrier(): Promise<void> {
    return this.#call(() => {})
  }

  heartbeat(call: NodeHeartbeat): Promise<NodeLiveness> {
    return this.#call((engine) => engine.heartbeat(call))
  }

  subscribe(listener: (version?: number) => void): () => void {
    const { engine, agenda, chance, troubles } = this.#world
    const node = this.#node
    return engine.subscribe((version) => {
      if (node.isPartitioned || (troubles.lossShare > 0 && chance.bernoulli(0.05))) return
      agenda.schedule(this.#delayMs(), () => this.#deliver(() => listener(version)))
    })
  }

  async close(): Promise<void> {}

  #call<Answer>(doing: (engine: SimulationEnvironment['engine']) => Answer): Promise<Answer> {
    const { agenda, engine, chance, troubles } = this.#world
    const node = this.#node
    return new Promise((resolved, rejected) => {
      const giveUp = node.schedule(storeTimeoutMs, () => rejected(new Error('no answer in time')))
      const resolve = (answer: Answer) => {
        giveUp()
        resolved(answer)
      }
      const reject = (error: unknown) => {
        giveUp()
        rejected(error)
      }
      if (node.isPartitioned || chance.bernoulli(troubles.lossShare)) return
      agenda.schedule(this.#delayMs(), () => {
        if (engine.isDown) return this.#reply(() => reject(new Error('connection refused')))
        try {
          this.#assertNotErased()
          const answer = doing(engine)
          this.#reply(() => resolve(answer))
        } catch (error) {
          this.#reply(() => reject(error))
        }
        if (chance.bernoulli(troubles.doubleShare)) agenda.schedule(this.#delayMs() * 3, () => this.#repeat(doing))
      })
    })
  }

  #reply(answer: () => void): void {
    const { agenda, chance, troubles } = this.#world
    const node = this.#node
    if (node.isPartitioned || chance.bernoulli(troubles.lossShare)) return
    agenda.schedule(this.#delayMs(), () => this.#deliver(answer))
  }

  /** The same message once more; nobody hears the answer. */
  #repeat(doing: (engine: SimulationEnvironment['engine']) => unknown): void {
    if (this.#world.engine.isDown) return
    try {
      this.#assertNotErased()
      doing(this.#world.engine)
    } catch {
      // As with the first: whoever asked has gone on.
    }
  }

  #assertNotErased(): void {
    const { generation } = this.#world.engine
    this.#generation ??= generation
    if (this.#generation !== generation) throw new DeskError('closed', 'the desk was erased')
  }

  #delayMs(): number {
    const { chance, troubles } = this.#world
    return chance.bernoulli(troubles.slowShare) ? 20 + chance.next() * 400 : 0.2 + chance.next() * 2
  }
}
