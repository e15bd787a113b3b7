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
  readonly scheduler: VirtualScheduler
  readonly backend: SimulatedStore
  readonly random: RandomStream
  readonly safety: SafetyChecks
  /** The true time, in milliseconds since the epoch. */
  readonly trueTime: () => number
  readonly options: Omit<DeskOptions, 'store' | 'clock' | 'newId'>
  readonly network: { lossShare: number; doubleShare: number; slowShare: number }
  readonly snapshotEntries: number
  /** Called with a desk that was opened, before any command. */
  readonly onOpened: (node: SimulatedNode, desk: Desk) => void
  readonly onFailed: (node: SimulatedNode, error: unknown) => void
}

/** A simulated process of the host with one desk. */
export class SimulatedNode {
  readonly name: string
  desk: Desk | null = null
  isCrashed = true
  isPartitioned = false
  /** How far its clock is ahead of the true time. */
  skewMs = 0
  rate = 1
  /** How long a message to the backend and its answer take at least. */
  roundTripMs = 0
  /** Its desk has reported that it is stale, and not that it has recovered. */
  isStale = false
  readonly #world: SimulationEnvironment
  #incarnationNumber = 0
  #isPaused = false
  #delayed: (() => void)[] = []

  constructor(name: string, world: SimulationEnvironment) {
    this.name = name
    this.#world = world
  }

  /** The name of this run of the process: unique among all starts. */
  get incarnation(): string {
    return `${this.name}.${this.#incarnationNumber}`
  }

  get isUp(): boolean {
    return !this.isCrashed && this.desk !== null
  }

  start(): void {
    const { random, safety, snapshotEntries, onOpened, onFailed } = this.#world
    this.#incarnationNumber += 1
    this.isCrashed = false
    this.isStale = false
    this.#isPaused = false
    this.isPartitioned = false
    this.#delayed = []
    const incarnation = this.#incarnationNumber
    const store = new UnreliableStore(this.#world, this)
    let idCount = 0
    const environment: NodeEnvironment = {
      elapsedMs: () => this.#world.scheduler.now,
      schedule: (ms, act) => this.schedule(ms, act),
      random: random.next,
      nodeId: this.incarnation,
    }
    const { repairsStore, awaitsRoll, savesForOthers, watchesWrites } = safety
    const switches = { repairsStore, awaitsRoll, savesForOthers, watchesWrites }
    const nodeOptions = { entriesBetweenSnapshotsMin: snapshotEntries, ...switches }
    const options = {
      ...this.#world.options,
      store,
      clock: this.#clock(),
      newId: () => `${this.incarnation}-${++idCount}`,
    }
    openDeskWithEnvironment({ environment, nodeOptions }, options).then(
      (desk) => {
        if (incarnation !== this.#incarnationNumber || this.isCrashed) return
        this.desk = desk
        onOpened(this, desk)
      },
      (error: unknown) => {
        if (incarnation !== this.#incarnationNumber || this.isCrashed) return
        this.isCrashed = true
        onFailed(this, error)
      },
    )
  }

  /** Stops at once: it receives no message and no timer any more. */
  crash(): void {
    this.isCrashed = true
    this.desk = null
    this.#delayed = []
  }

  pause(): void {
    this.#isPaused = true
  }

  /** Delivers all messages and timers that were due meanwhile. */
  resume(): void {
    this.#isPaused = false
    const delayed = this.#delayed
    this.#delayed = []
    for (const each of delayed) this.#world.scheduler.schedule(0, this.#inThisIncarnation(each))
  }

  schedule(ms: number, act: () => void): () => void {
    return this.#world.scheduler.schedule(ms / this.rate, this.#inThisIncarnation(act))
  }

  /** Returns a function that delivers messages to this run: lost on a crashed node, delayed on a paused one. */
  messageHandler(): (act: () => void) => void {
    const incarnation = this.#incarnationNumber
    return (act) => {
      if (incarnation === this.#incarnationNumber) this.#inThisIncarnation(act)()
    }
  }

  #inThisIncarnation(act: () => void): () => void {
    const incarnation = this.#incarnationNumber
    return () => {
      if (this.isCrashed || incarnation !== this.#incarnationNumber) return
      if (this.#isPaused) this.#delayed.push(act)
      else act()
    }
  }

  #clock(): Clock {
    const { trueTime } = this.#world
    const now = () => Math.floor(trueTime() * this.rate + this.skewMs)
    return { now, wakeAt: (at, wake) => this.schedule(Math.max(1, at - now()), wake) }
  }
}

const storeTimeoutMs = 1_000

/** A node's connection to the backend: messages take time, and get lost, duplicated or delayed. */
export class UnreliableStore implements EventStore {
  readonly #world: SimulationEnvironment
  readonly #node: SimulatedNode
  readonly #deliver: (act: () => void) => void
  #generation: number | null = null
  #epoch: number | null = null

  constructor(world: SimulationEnvironment, node: SimulatedNode) {
    this.#world = world
    this.#node = node
    this.#deliver = node.messageHandler()
  }

  append(expected: StoreHead, batch: StoreBatch): Promise<AppendResult> {
    const known = this.#epoch // The message carries it: a copy that arrives late is refused as well.
    return this.#call((backend) => {
      const isRestarted = known !== null && known !== backend.epoch
      this.#epoch = backend.epoch
      if (isRestarted) throw new Error('the backend was restarted')
      return backend.append(expected, batch)
    }, 'write')
  }

  read(after: number, limit: number): Promise<readonly StoreEntry[]> {
    return this.#call((backend) => backend.read(after, limit))
  }

  head(): Promise<StoreHead> {
    return this.#call(({ head: { v, h } }) => ({ v, h }))
  }

  restore(entries: readonly StoreEntry[]): Promise<void> {
    return this.#call((backend) => backend.restore(entries), 'write')
  }

  saveSnapshot(snapshot: StoreSnapshot): Promise<void> {
    const text = JSON.stringify(snapshot)
    return this.#call((backend) => backend.saveSnapshot(JSON.parse(text)), 'write')
  }

  loadSnapshot(): Promise<StoreSnapshot | null> {
    return this.#call(({ snapshot }) => structuredClone(snapshot))
  }

  barrier(): Promise<void> {
    return this.#call(() => {})
  }

  heartbeat(heartbeat: NodeHeartbeat): Promise<NodeLiveness> {
    return this.#call((backend) => backend.heartbeat(heartbeat), 'write')
  }

  subscribe(listener: (version?: number) => void): () => void {
    const { backend, scheduler, random, network } = this.#world
    const node = this.#node
    return backend.subscribe((version) => {
      if (node.isPartitioned || (network.lossShare > 0 && random.bernoulli(0.05))) return
      scheduler.schedule(this.#delayMs(), () => this.#deliver(() => listener(version)))
    })
  }

  async close(): Promise<void> {}

  #call<Answer>(
    operation: (backend: SimulationEnvironment['backend']) => Answer,
    kind: 'read' | 'write' = 'read',
  ): Promise<Answer> {
    const { scheduler, backend, random, network } = this.#world
    const node = this.#node
    return new Promise((resolved, rejected) => {
      const cancelTimeout = node.schedule(storeTimeoutMs, () => rejected(new Error('no answer in time')))
      const resolve = (answer: Answer) => {
        cancelTimeout()
        resolved(answer)
      }
      const reject = (error: unknown) => {
        cancelTimeout()
        rejected(error)
      }
      if (node.isPartitioned || random.bernoulli(network.lossShare)) return
      scheduler.schedule(this.#delayMs(), () => {
        if (backend.isDown) return this.#reply(() => reject(new Error('connection refused')))
        try {
          this.#assertNotErased()
          if (kind === 'write' && backend.isReadOnly) throw new Error('the backend is read-only')
          const answer = operation(backend)
          this.#reply(() => resolve(answer))
        } catch (error) {
          this.#reply(() => reject(error))
        }
        if (random.bernoulli(network.doubleShare))
          scheduler.schedule(this.#delayMs() * 3, () => this.#repeat(operation))
      })
    })
  }

  #reply(answer: () => void): void {
    const { scheduler, random, network } = this.#world
    const node = this.#node
    if (node.isPartitioned || random.bernoulli(network.lossShare)) return
    scheduler.schedule(this.#delayMs(), () => this.#deliver(answer))
  }

  /** Executes the same message once more, without an answer. */
  #repeat(operation: (backend: SimulationEnvironment['backend']) => unknown): void {
    if (this.#world.backend.isDown || this.#world.backend.isReadOnly) return
    try {
      this.#assertNotErased()
      operation(this.#world.backend)
    } catch {
      // The caller has the answer to the first message.
    }
  }

  #assertNotErased(): void {
    const { generation } = this.#world.backend
    this.#generation ??= generation
    this.#epoch ??= this.#world.backend.epoch
    if (this.#generation !== generation) throw new DeskError('closed', 'the desk was erased')
  }

  #delayMs(): number {
    const { random, network } = this.#world
    const distanceMs = this.#node.roundTripMs / 2
    return distanceMs + (random.bernoulli(network.slowShare) ? 20 + random.next() * 400 : 0.2 + random.next() * 2)
  }
}
