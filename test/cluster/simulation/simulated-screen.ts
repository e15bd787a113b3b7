import type { Desk } from '../../../src'
import { type DeskState, portalSnapshotOf, type StaffId } from '../../../src/core'
import { PortalSession } from '../../../src/host/portal-session'
import { ScreenBroadcast } from '../../../src/host/screen-stream'
import { createPortal, type Portal, type ServerConnection } from '../../../src/portal'
import { violate } from './history-checker'
import type { RandomStream } from './random-stream'
import type { SimulatedNode } from './simulated-node'
import type { VirtualScheduler } from './virtual-scheduler'

export interface ScreenOptions {
  readonly scheduler: VirtualScheduler
  readonly random: RandomStream
  readonly nodes: readonly SimulatedNode[]
  /** Returns whether the one history may have gone back: by a loss that no node could repair, or an erasure. */
  readonly mayRegress: () => boolean
  readonly onViolation: (error: unknown) => void
}

/** A portal closes a connection after two and a half of these without a message, by a real timer: never, here. */
const pingIntervalDisabledMs = 2 ** 29
const pingIntervalMs = 2_000
const flushDelayMsMax = 40

interface ScreenConnection {
  readonly feed: PortalSession
  readonly link: ServerConnection
  readonly node: SimulatedNode
  readonly incarnation: string
  readonly deliver: (act: () => void) => void
  readonly close: () => void
}

/** A staff member's screen: the real portal and the real session at one of the nodes, over a connection that breaks. */
export class SimulatedScreen {
  readonly #options: ScreenOptions
  readonly #portal: Portal
  #connection: ScreenConnection | null = null
  #lastVersion = 0
  #count = 0
  /** Messages on their way, and changes that were noticed and not sent yet. */
  #pending = 0
  #isStable = false

  constructor(staffId: StaffId, options: ScreenOptions) {
    this.#options = options
    this.#portal = createPortal(staffId, { now: () => options.scheduler.now, page: undefined })
    this.#portal.subscribe(() => this.#checkVersion())
    this.#connect()
  }

  /** Keeps its connection from now on. */
  stopReconnecting(): void {
    this.#isStable = true
  }

  /** Whether it is connected, and shows all that its node knows. */
  get isCurrent(): boolean {
    return this.#pending === 0 && this.#portal.getSnapshot().connection === 'live' && this.#isLinked
  }

  /** P1, P3: once quiescent it shows the state of the one history. */
  check(state: DeskState, version: number): void {
    const shown = this.#portal.getSnapshot()
    const due = portalSnapshotOf(state, this.#portal.staffId, version)
    for (const list of ['ringing', 'awaiting', 'chats', 'visitors'] as const) {
      const [is, should] = [JSON.stringify(shown[list]), JSON.stringify(due?.[list])]
      if (is !== should) violate('P1', `the screen of ${this.#portal.staffId} shows ${list} ${is}, expected ${should}`)
    }
    const bell = (due?.ringing.length ?? 0) > 0 ? 'ringing' : 'silent'
    if (shown.bell !== bell) violate('P3', `the bell of ${this.#portal.staffId} is ${shown.bell}, expected ${bell}`)
  }

  close(): void {
    this.#disconnect()
  }

  get #isLinked(): boolean {
    return this.#connection?.node.isUp === true && this.#connection.node.incarnation === this.#connection.incarnation
  }

  #connect(): void {
    const { scheduler, random, nodes } = this.#options
    const up = nodes.filter(({ isUp }) => isUp)
    const node = up.length === 0 ? null : random.pick(up)
    if (node?.desk == null) return void scheduler.schedule(100, () => this.#connect())
    const connection = this.#open(node, node.desk)
    this.#connection = connection
    this.#ping(connection)
    if (!this.#isStable)
      scheduler.schedule(200 + random.next() * 4_000, () => this.#isStable || this.#reconnect(connection))
  }

  #open(node: SimulatedNode, desk: Desk): ScreenConnection {
    const { scheduler } = this.#options
    const { staffId } = this.#portal
    const deliver = node.messageHandler()
    const [there, back] = [this.#orderedChannel(), this.#orderedChannel()]
    const link = this.#portal.open((message) => there(() => deliver(() => void feed.receive(message))))
    const reconnect = () =>
      this.#schedule(50, () => this.#connection?.feed === feed && this.#reconnect(this.#connection))
    const broadcast = new ScreenBroadcast({ desk, now: () => scheduler.now, schedule: () => plan() })
    const feed: PortalSession = new PortalSession({
      desk,
      staffId,
      sessionId: `screen-${staffId}-${++this.#count}`,
      send: (message) => back(() => link.receive(message)),
      now: () => scheduler.now,
      pingIntervalMs: pingIntervalDisabledMs,
      broadcast,
      onDetached: () => broadcast.detach(feed),
      onClosed: reconnect,
    })
    broadcast.attach(feed)
    let isPlanned = false
    const plan = () => {
      if (isPlanned) return
      isPlanned = true
      this.#schedule(this.#options.random.next() * flushDelayMsMax, () => {
        isPlanned = false
        deliver(() => broadcast.deliverAll())
      })
    }
    const unsubscribers = [
      desk.on('event', plan),
      desk.on('node.stale', () => feed.disconnect()),
      desk.on('state.rebuilt', ({ version }) => feed.handleStateRebuilt(version)),
    ]
    desk.connect(staffId, feed.sessionId).then(({ ok }) => ok || feed.disconnect())
    void feed.pauseUntilSynced()
    const close = () => {
      for (const unsubscribe of unsubscribers) unsubscribe()
      broadcast.close()
      deliver(() => feed.detach())
    }
    return { feed, link, node, incarnation: node.incarnation, deliver, close }
  }

  /** Returns a channel on which messages arrive late and in their order. */
  #orderedChannel(): (act: () => void) => void {
    const { scheduler, random } = this.#options
    let last = scheduler.now
    return (act) => {
      last = Math.max(last, scheduler.now + random.next() * 3)
      this.#schedule(last - scheduler.now, act)
    }
  }

  #schedule(ms: number, act: () => void): void {
    this.#pending += 1
    this.#options.scheduler.schedule(ms, () => {
      this.#pending -= 1
      act()
    })
  }

  #ping(connection: ScreenConnection): void {
    this.#options.scheduler.schedule(pingIntervalMs, () => {
      if (this.#connection !== connection) return
      if (!this.#isLinked) return this.#reconnect(connection)
      connection.deliver(() => connection.feed.ping())
      this.#ping(connection)
    })
  }

  #reconnect(connection: ScreenConnection): void {
    if (this.#connection !== connection) return
    this.#disconnect()
    this.#connect()
  }

  #disconnect(): void {
    const connection = this.#connection
    this.#connection = null
    connection?.link.close()
    connection?.close()
  }

  /** P4: no snapshot is older than one that was shown before, at any node. */
  #checkVersion(): void {
    const { version, connection } = this.#portal.getSnapshot()
    if (connection !== 'live') return
    const { mayRegress, onViolation } = this.#options
    if (version < this.#lastVersion && !mayRegress()) {
      try {
        violate('P4', `the screen of ${this.#portal.staffId} goes back from version ${this.#lastVersion} to ${version}`)
      } catch (error) {
        onViolation(error)
      }
    }
    this.#lastVersion = version
  }
}
