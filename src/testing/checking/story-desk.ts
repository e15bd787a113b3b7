import type { DomainEvent, Route, Shift, ShiftId, Staff, StaffId } from '../../core'
import { type Desk, type ManualClock, manualClock, openDesk } from '../../desk'
import { shiftTimeAt } from '../../routing'
import type { Bystander, Moment } from './moment'
import type { Scene } from './scene'
import type { Situation } from './situation'

const requestId = 'the-request'
const visitorId = 'the-visitor'
const session = 'desk'

/** The real desk with one request in virtual time; people come and go with their shifts. */
export class StoryDesk {
  readonly desk: Desk
  readonly clock: ManualClock
  /** Everything about the request, in order. */
  readonly events: DomainEvent[] = []
  /** Who has left on their own account, or never came. */
  readonly gone = new Set<StaffId>()
  isVisitorHere = true
  readonly #scene: Scene
  readonly #there = new Set<StaffId>()
  readonly #rungSince = new Set<StaffId>()
  #told = 0
  #hours: Hours = { on: new Set(), untilAt: Number.NEGATIVE_INFINITY }

  private constructor(scene: Scene, desk: Desk, clock: ManualClock) {
    this.#scene = scene
    this.desk = desk
    this.clock = clock
    desk.on('event', (event) => {
      if ('requestId' in event && event.requestId === requestId) this.events.push(event)
    })
    desk.on('ring', (notice) => {
      if (notice.requestId === requestId) for (const id of notice.staffIds) this.#rungSince.add(id)
    })
  }

  static async open(scene: Scene, { instant, missing }: Situation): Promise<StoryDesk> {
    const clock = manualClock(scene.week.instants[instant] ?? scene.week.fromAt)
    const story = new StoryDesk(scene, await openDesk({ ...scene.options, clock }), clock)
    for (const index of missing) story.gone.add(scene.staff[index]?.id ?? '')
    await story.settle()
    return story
  }

  /** The visitor asks. Of `visitor` and `request` in the facts, the visitor's own facts and the weight are brought. */
  async ask({ facts }: Situation): Promise<void> {
    const { visitor, request, ...own } = facts
    const known = fieldOf(visitor, 'facts')
    const weight = fieldOf(request, 'weight')
    if (known !== undefined) await this.desk.visitorArrived({ visitorId, facts: known as typeof facts })
    const isWeight = Number.isInteger(weight) && Number(weight) > 0
    await this.desk.requestChat({ requestId, visitorId, facts: own, ...(isWeight ? { weight: Number(weight) } : {}) })
    await this.settle()
  }

  get route(): Route | undefined {
    const opened = this.events[0]
    return opened?.type === 'request.opened' ? opened.verdict.route : undefined
  }

  get openedAt(): number {
    return this.events[0]?.at ?? this.clock.now()
  }

  /** Lets time pass, stopping at each change of shifts and at the instants given; `seen` is called at every stop. */
  async pass(ms: number, stops: readonly number[], seen: () => boolean): Promise<void> {
    const until = this.clock.now() + ms
    while (this.clock.now() < until) {
      const now = this.clock.now()
      const next = Math.min(until, this.#hoursNow().untilAt, ...stops.filter((at) => at > now))
      this.clock.advance(next - now)
      await this.settle()
      if (!seen()) return
    }
  }

  /** Brings in whoever's shift is on, sees off whoever's is over, and waits until nothing is due. */
  async settle(): Promise<void> {
    await this.desk.idle()
    for (const staff of this.#scene.staff) {
      const isThere = this.isScheduled(staff) && !this.gone.has(staff.id)
      if (isThere === this.#there.has(staff.id)) continue
      if (isThere) this.#there.add(staff.id)
      else this.#there.delete(staff.id)
      if (isThere) await this.desk.connect(staff.id, session)
      else await this.desk.disconnect(staff.id, session)
    }
    await this.desk.idle()
  }

  isScheduled({ shifts = [] }: Staff): boolean {
    return shifts.length === 0 || shifts.some((id) => this.shiftsOn.has(id))
  }

  get shiftsOn(): ReadonlySet<ShiftId> {
    return this.#hoursNow().on
  }

  /** People at their desks. */
  get there(): readonly StaffId[] {
    return [...this.#there]
  }

  /** People who are meant to be there and are not. */
  get missing(): readonly StaffId[] {
    const absent = this.#scene.staff.filter((staff) => this.isScheduled(staff) && !this.#there.has(staff.id))
    return absent.map(({ id }) => id)
  }

  /** What is to be seen now; `undefined` once the request is closed. */
  look(): Moment | undefined {
    const request = this.desk.request(requestId)
    if (request === undefined) return undefined
    const events = this.events.slice(this.#told)
    this.#told = this.events.length
    const reasons = new Map(this.desk.explain(requestId)?.staff.map(({ staffId, why }) => [staffId, why]))
    const people = this.#scene.staff.map((staff): Bystander => {
      const why = reasons.get(staff.id) ?? null
      const isListed = () => this.desk.awaiting(staff.id).some((item) => item.requestId === requestId)
      const sees = why === 'rung' || this.#rungSince.has(staff.id) || isListed()
      return { staff, why, isRung: why === 'rung', sees, isScheduled: this.isScheduled(staff) }
    })
    this.#rungSince.clear()
    const { isVisitorHere, shiftsOn } = this
    return { at: this.clock.now(), request, isVisitorHere, shiftsOn, people, events }
  }

  get ids() {
    return { requestId, visitorId }
  }

  #hoursNow(): Hours {
    const now = this.clock.now()
    if (now >= this.#hours.untilAt) this.#hours = hoursAt(this.#scene.shifts, now)
    return this.#hours
  }
}

/** Which shifts are on, and until when that stays so. */
interface Hours {
  readonly on: ReadonlySet<ShiftId>
  readonly untilAt: number
}

function hoursAt(shifts: readonly Shift[], at: number): Hours {
  const times = shifts.map((shift) => shiftTimeAt(shift, at))
  return {
    on: new Set(times.filter(({ isOn }) => isOn).map(({ shiftId }) => shiftId)),
    untilAt: Math.min(...times.map(({ nextBoundaryAt }) => nextBoundaryAt ?? Number.POSITIVE_INFINITY)),
  }
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}
