import type { Desk } from '../../../src'
import type { DeskState } from '../../../src/core'
import { isFailure } from '../../../src/desk/api/outcome'
import { violate } from './history-checker'
import type { RandomStream } from './random-stream'
import type { SimulatedNode } from './simulated-node'
import type { VirtualScheduler } from './virtual-scheduler'

export interface PageOptions {
  readonly scheduler: VirtualScheduler
  readonly random: RandomStream
  readonly nodes: readonly SimulatedNode[]
}

interface PageConnection {
  readonly node: SimulatedNode
  readonly incarnation: string
  readonly desk: Desk
  readonly sessionId: string
  readonly deliver: (act: () => void) => void
}

const heartbeatIntervalMs = 800

/** A visitor's page: a session at one of the nodes, with heartbeats, which connects elsewhere when its node is gone. */
export class SimulatedPage {
  readonly visitorId: string
  readonly #options: PageOptions
  #connection: PageConnection | null = null
  #connectionCount = 0
  #isClosed = false
  #hasAsked = false

  constructor(visitorId: string, options: PageOptions) {
    this.visitorId = visitorId
    this.#options = options
    this.#connect()
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Ends without a message, as a laptop that is shut; or says goodbye. */
  close(isSilent: boolean): void {
    const connection = this.#connection
    this.#isClosed = true
    this.#connection = null
    if (isSilent || connection === null) return
    const { desk, sessionId, deliver } = connection
    deliver(() => void desk.visitorLeft(this.visitorId, { sessionId }))
  }

  /** Asks for a chat again, where the one it had was abandoned while no node could be reached. */
  ask(): void {
    const connection = this.#connection
    const { visitorId } = this
    connection?.deliver(() => void connection.desk.requestChat({ visitorId }))
  }

  /** Connects at another node, or at the same one, under a new session; the old one gets no goodbye. */
  reconnect(): void {
    if (this.#connection !== null) this.#lose(this.#connection)
  }

  /** I16: an open page is present and not abandoned; a closed one rings for nobody. */
  check(state: DeskState): void {
    const { visitorId } = this
    const isPresent = state.visitors.get(visitorId)?.isPresent === true
    const open = [...state.requests.values()].find((each) => each.visitorId === visitorId && each.assignment === null)
    if (this.#isClosed && isPresent) violate('I16', `${visitorId} has gone and is still present`)
    if (this.#isClosed && open !== undefined) violate('I16', `${open.id} is open, and ${visitorId} has gone`)
    if (this.#isClosed) return
    if (!isPresent) violate('I16', `${visitorId} has an open page and is not present`)
    const isKept = [...state.requests.values()].some((each) => each.visitorId === visitorId)
    if (!isKept) violate('I16', `the request of ${visitorId} is gone, whose page is open`)
  }

  #connect(): void {
    const { scheduler, random, nodes } = this.#options
    if (this.#isClosed) return
    const up = nodes.filter(({ isUp }) => isUp)
    const node = up.length === 0 ? null : random.pick(up)
    if (node?.desk == null) return void scheduler.schedule(100, () => this.#connect())
    this.#connectionCount += 1
    const { incarnation, desk } = node
    const sessionId = `${this.visitorId}-${this.#connectionCount}`
    const connection = { node, incarnation, desk, sessionId, deliver: node.messageHandler() }
    this.#connection = connection
    connection.deliver(() => this.#arrive(connection))
    this.#beat(connection)
  }

  /** Asks for a chat once the session is known: one who asks without a session is here until the host says goodbye. */
  async #arrive(connection: PageConnection): Promise<void> {
    const { visitorId } = this
    const { desk, sessionId } = connection
    const outcomes = [await desk.visitorArrived({ visitorId, sessionId })]
    if (outcomes.every(({ ok }) => ok) && !this.#hasAsked) {
      this.#hasAsked = true
      const outcome = await desk.requestChat({ visitorId })
      this.#hasAsked = !isFailure(outcome)
      outcomes.push(outcome)
    }
    if (outcomes.some(isFailure)) this.#lose(connection)
  }

  #beat(connection: PageConnection): void {
    this.#options.scheduler.schedule(heartbeatIntervalMs, () => {
      if (this.#connection !== connection) return
      const { node, incarnation, desk, sessionId, deliver } = connection
      if (!node.isUp || node.incarnation !== incarnation) return this.#lose(connection)
      deliver(async () => isFailure(await desk.visitorHeartbeat(this.visitorId, sessionId)) && this.#lose(connection))
      this.#beat(connection)
    })
  }

  #lose(connection: PageConnection): void {
    if (this.#connection !== connection) return
    this.#connection = null
    this.#options.scheduler.schedule(50, () => this.#connect())
  }
}
