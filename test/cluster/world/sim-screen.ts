import type { Desk } from '../../../src'
import { type DeskState, portalOf, type StaffId } from '../../../src/core'
import { ScreenFeed } from '../../../src/host/screen-feed'
import { createPortal, type Portal, type PortalLink } from '../../../src/portal'
import type { Agenda } from './agenda'
import type { Chance } from './chance'
import type { SimNode } from './sim-node'
import { broken } from './witness'

export interface ScreenParts {
  readonly agenda: Agenda
  readonly chance: Chance
  readonly nodes: readonly SimNode[]
  /** The one history may have gone back: a loss that no node could heal, or an erasure. */
  readonly mayGoBack: () => boolean
  readonly complain: (error: unknown) => void
}

/** A portal takes a line that is silent for two and a half of these for dead, by a real timer: never, here. */
const beatMs = 2 ** 29
const beatEveryMs = 2_000
const flushMsMax = 40

interface Line {
  readonly feed: ScreenFeed
  readonly link: PortalLink
  readonly node: SimNode
  readonly life: string
  readonly deliver: (then: () => void) => void
  readonly leave: () => void
}

/** One person's screen: the real portal, and the real feed at whichever node it reaches, over a wire that breaks. */
export class SimScreen {
  readonly #parts: ScreenParts
  readonly #portal: Portal
  #line: Line | null = null
  #seen = 0
  #count = 0
  /** Messages on their way, and changes that were noticed and not sent yet. */
  #pending = 0
  #isCalm = false

  constructor(staffId: StaffId, parts: ScreenParts) {
    this.#parts = parts
    this.#portal = createPortal(staffId, { now: () => parts.agenda.now, page: undefined })
    this.#portal.subscribe(() => this.#look())
    this.#connect()
  }

  /** From now on its lines last. */
  calm(): void {
    this.#isCalm = true
  }

  /** It is connected, and has been told all that its node knows. */
  get isCurrent(): boolean {
    return this.#pending === 0 && this.#portal.getSnapshot().link === 'live' && this.#isLinked
  }

  /** P1, P3: at rest it shows what the one history says. */
  check(state: DeskState, version: number): void {
    const shown = this.#portal.getSnapshot()
    const due = portalOf(state, this.#portal.staffId, version)
    for (const list of ['ringing', 'awaiting', 'chats', 'visitors'] as const) {
      const [is, should] = [JSON.stringify(shown[list]), JSON.stringify(due?.[list])]
      if (is !== should) broken('P1', `the screen of ${this.#portal.staffId} shows ${list} ${is}, expected ${should}`)
    }
    const bell = (due?.ringing.length ?? 0) > 0 ? 'ringing' : 'silent'
    if (shown.bell !== bell) broken('P3', `the bell of ${this.#portal.staffId} is ${shown.bell}, expected ${bell}`)
  }

  end(): void {
    this.#hangUp()
  }

  get #isLinked(): boolean {
    return this.#line?.node.isUp === true && this.#line.node.incarnation === this.#line.life
  }

  #connect(): void {
    const { agenda, chance, nodes } = this.#parts
    const up = nodes.filter(({ isUp }) => isUp)
    const node = up.length === 0 ? null : chance.pick(up)
    if (node?.desk == null) return void agenda.after(100, () => this.#connect())
    const line = this.#open(node, node.desk)
    this.#line = line
    this.#beat(line)
    if (!this.#isCalm) agenda.after(200 + chance.next() * 4_000, () => this.#isCalm || this.#again(line))
  }

  #open(node: SimNode, desk: Desk): Line {
    const { agenda } = this.#parts
    const { staffId } = this.#portal
    const deliver = node.door()
    const [there, back] = [this.#wire(), this.#wire()]
    const link = this.#portal.open((message) => there(() => deliver(() => void feed.receive(message))))
    const again = () => this.#later(50, () => this.#line?.feed === feed && this.#again(this.#line))
    const feed: ScreenFeed = new ScreenFeed({
      desk,
      staffId,
      sessionId: `screen-${staffId}-${++this.#count}`,
      send: (message) => back(() => link.receive(message)),
      now: () => agenda.now,
      beatMs,
      plan: () => plan(),
      gone: () => {},
      ended: again,
    })
    let isPlanned = false
    const plan = () => {
      if (isPlanned) return
      isPlanned = true
      this.#later(this.#parts.chance.next() * flushMsMax, () => {
        isPlanned = false
        deliver(() => feed.flush())
      })
    }
    const leaves = [
      desk.on('event', plan),
      desk.on('desk.stale', () => feed.leave()),
      desk.on('desk.reset', ({ version }) => feed.reset(version)),
    ]
    desk.connect(staffId, feed.sessionId).catch(() => feed.leave())
    void feed.holdUntilFresh()
    const leave = () => {
      for (const each of leaves) each()
      deliver(() => feed.detach())
    }
    return { feed, link, node, life: node.incarnation, deliver, leave }
  }

  /** Messages arrive late and in their order, as long as the line is the one they were sent on. */
  #wire(): (then: () => void) => void {
    const { agenda, chance } = this.#parts
    let last = agenda.now
    return (then) => {
      last = Math.max(last, agenda.now + chance.next() * 3)
      this.#later(last - agenda.now, then)
    }
  }

  #later(ms: number, then: () => void): void {
    this.#pending += 1
    this.#parts.agenda.after(ms, () => {
      this.#pending -= 1
      then()
    })
  }

  #beat(line: Line): void {
    this.#parts.agenda.after(beatEveryMs, () => {
      if (this.#line !== line) return
      if (!this.#isLinked) return this.#again(line)
      line.deliver(() => line.feed.beat())
      this.#beat(line)
    })
  }

  #again(line: Line): void {
    if (this.#line !== line) return
    this.#hangUp()
    this.#connect()
  }

  #hangUp(): void {
    const line = this.#line
    this.#line = null
    line?.link.close()
    line?.leave()
  }

  /** P4: no picture is older than one that was seen before, at whichever node. */
  #look(): void {
    const { version, link } = this.#portal.getSnapshot()
    if (link !== 'live') return
    const { mayGoBack, complain } = this.#parts
    if (version < this.#seen && !mayGoBack()) {
      try {
        broken('P4', `the screen of ${this.#portal.staffId} goes back from version ${this.#seen} to ${version}`)
      } catch (error) {
        complain(error)
      }
    }
    this.#seen = version
  }
}
