import type { Desk } from '../../../src'
import { type DeskState, portalSnapshotOf, type StaffId } from '../../../src/core'
import { PortalSession } from '../../../src/host/portal-session'
import { createPortal, type Portal, type ServerConnection } from '../../../src/portal'
import { violate } from './history-checker'
import type { RandomStream } from './random-stream'
import type { SimulatedNode } from './simulated-node'
import type { VirtualScheduler } from './virtual-scheduler'

export interface ScreenOptions {
  readonly agenda: VirtualScheduler
  readonly chance: RandomStream
  readonly nodes: readonly SimulatedNode[]
  /** The one history may have gone back: a loss that no node could heal, or an erasure. */
  readonly mayGoBack: () => boolean
  readonly complain: (error: unknown) => void
}

/** A portal takes a line that is silent for two and a half of these for dead, by a real timer: never, here. */
const pingIntervalDisabledMs = 2 ** 29
const pingIntervalMs = 2_000
const flushDelayMsMax = 40

interface ScreenConnection {
  readonly feed: PortalSession
  readonly link: ServerConnection
  readonly node: SimulatedNode
  readonly life: string
  readonly deliver: (then: () => void) => void
  readonly leave: () => void
}

/** One person's screen: the real portal, and the real feed at whichever node it reaches, over a wire that breaks. */
export class SimulatedScreen {
  readonly #parts: ScreenOptions
  readonly #portal: Portal
  #connection: ScreenConnection | null = null
  #lastVersion = 0
  #count = 0
  /** Messages on their way, and changes that were noticed and not sent yet. */
  #pending = 0
  #isStable = false

  constructor(staffId: StaffId, parts: ScreenOptions) {
    this.#parts = parts
    this.#portal = createPortal(staffId, { now: () => parts.agenda.now, page: undefined })
    this.#portal.subscribe(() => this.#checkVersion())
    this.#connect()
  }

  /** From now on its lines last. */
  stopReconnecting(): void {
    this.#isStable = true
  }

  /** It is connected, and has been told all that its node knows. */
  get isCurrent(): boolean {
    return this.#pending === 0 && this.#portal.getSnapshot().connection === 'live' && this.#isLinked
  }

  /** P1, P3: at rest it shows what the one history says. */
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
    return this.#connection?.node.isUp === true && this.#connection.node.incarnation === this.#connection.life
  }

  #connect(): void {
    const { agenda, chance, nodes } = this.#parts
    const up = nodes.filter(({ isUp }) => isUp)
    const node = up.length === 0 ? null : chance.pick(up)
    if (node?.desk == null) return void agenda.schedule(100, () => this.#connect())
    const line = this.#open(node, node.desk)
    this.#connection = line
    this.#ping(line)
    if (!this.#isStable) agenda.schedule(200 + chance.next() * 4_000, () => this.#isStable || this.#reconnect(line))
  }

  #open(node: SimulatedNode, desk: Desk): ScreenConnection {
    const { agenda } = this.#parts
    const { staffId } = this.#portal
    const deliver = node.messageHandler()
    const [there, back] = [this.#orderedChannel(), this.#orderedChannel()]
    const link = this.#portal.open((message) => there(() => deliver(() => void feed.receive(message))))
    const again = () => this.#schedule(50, () => this.#connection?.feed === feed && this.#reconnect(this.#connection))
    const feed: PortalSession = new PortalSession({
      desk,
      staffId,
      sessionId: `screen-${staffId}-${++this.#count}`,
      send: (message) => back(() => link.receive(message)),
      now: () => agenda.now,
      pingIntervalMs: pingIntervalDisabledMs,
      scheduleFlush: () => plan(),
      onDetached: () => {},
      onClosed: again,
    })
    let isPlanned = false
    const plan = () => {
      if (isPlanned) return
      isPlanned = true
      this.#schedule(this.#parts.chance.next() * flushDelayMsMax, () => {
        isPlanned = false
        deliver(() => feed.flush())
      })
    }
    const leaves = [
      desk.on('event', plan),
      desk.on('node.stale', () => feed.disconnect()),
      desk.on('state.rebuilt', ({ version }) => feed.handleStateRebuilt(version)),
    ]
    desk.connect(staffId, feed.sessionId).catch(() => feed.disconnect())
    void feed.pauseUntilSynced()
    const leave = () => {
      for (const each of leaves) each()
      deliver(() => feed.detach())
    }
    return { feed, link, node, life: node.incarnation, deliver, leave }
  }

  /** Messages arrive late and in their order, as long as the line is the one they were sent on. */
  #orderedChannel(): (then: () => void) => void {
    const { agenda, chance } = this.#parts
    let last = agenda.now
    return (then) => {
      last = Math.max(last, agenda.now + chance.next() * 3)
      this.#schedule(last - agenda.now, then)
    }
  }

  #schedule(ms: number, then: () => void): void {
    this.#pending += 1
    this.#parts.agenda.schedule(ms, () => {
      this.#pending -= 1
      then()
    })
  }

  #ping(line: ScreenConnection): void {
    this.#parts.agenda.schedule(pingIntervalMs, () => {
      if (this.#connection !== line) return
      if (!this.#isLinked) return this.#reconnect(line)
      line.deliver(() => line.feed.ping())
      this.#ping(line)
    })
  }

  #reconnect(line: ScreenConnection): void {
    if (this.#connection !== line) return
    this.#disconnect()
    this.#connect()
  }

  #disconnect(): void {
    const line = this.#connection
    this.#connection = null
    line?.link.close()
    line?.leave()
  }

  /** P4: no picture is older than one that was seen before, at whichever node. */
  #checkVersion(): void {
    const { version, connection } = this.#portal.getSnapshot()
    if (connection !== 'live') return
    const { mayGoBack, complain } = this.#parts
    if (version < this.#lastVersion && !mayGoBack()) {
      try {
        violate('P4', `the screen of ${this.#portal.staffId} goes back from version ${this.#lastVersion} to ${version}`)
      } catch (error) {
        complain(error)
      }
    }
    this.#lastVersion = version
  }
}
