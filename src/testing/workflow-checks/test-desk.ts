import type { DomainEvent, Route, Shift, ShiftId, Staff, StaffId } from '../../core'
import { type Desk, type ManualClock, manualClock, openDesk } from '../../desk'
import { shiftTimeAt } from '../../routing'
import type { Observation, StaffObservation } from './every-request'
import type { CheckContext, TestCase } from './test-case'

const requestId = 'the-request'
const visitorId = 'the-visitor'
const sessionId = 'desk'

/** The real desk with one request in virtual time; people come and go with their shifts. */
export class TestDesk {
  readonly desk: Desk
  readonly clock: ManualClock
  /** Everything about the request, in order. */
  readonly events: DomainEvent[] = []
  /** Who has left on their own account, or never came. */
  readonly departed = new Set<StaffId>()
  isVisitorHere = true
  readonly #scene: CheckContext
  readonly #there = new Set<StaffId>()
  readonly #rungSince = new Set<StaffId>()
  #told = 0
  #hours: ShiftInterval = { shiftsOn: new Set(), untilAt: Number.NEGATIVE_INFINITY }

  private constructor(scene: CheckContext, desk: Desk, clock: ManualClock) {
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

  static async open(scene: CheckContext, { instant, missing }: TestCase): Promise<TestDesk> {
    const clock = manualClock(scene.week.instants[instant] ?? scene.week.fromAt)
    const story = new TestDesk(scene, await openDesk({ ...scene.options, clock }), clock)
    for (const index of missing) story.departed.add(scene.staff[index]?.id ?? '')
    await story.syncPresence()
    return story
  }

  /** The visitor asks. Of `visitor` and `request` in the facts, the visitor's own facts and the weight are brought. */
  async requestChat({ facts }: TestCase): Promise<void> {
    const { visitor, request, ...own } = facts
    const known = fieldOf(visitor, 'facts')
    const weight = fieldOf(request, 'weight')
    if (known !== undefined) await this.desk.visitorArrived({ visitorId, facts: known as typeof facts })
    const isWeight = Number.isInteger(weight) && Number(weight) > 0
    await this.desk.requestChat({ requestId, visitorId, facts: own, ...(isWeight ? { weight: Number(weight) } : {}) })
    await this.syncPresence()
  }

  get route(): Route | undefined {
    const opened = this.events[0]
    return opened?.type === 'request.opened' ? opened.routingResult.route : undefined
  }

  get openedAt(): number {
    return this.events[0]?.at ?? this.clock.now()
  }

  /** Lets time pass, stopping at each change of shifts and at the instants given; `seen` is called at every stop. */
  async advance(ms: number, stops: readonly number[], seen: () => boolean): Promise<void> {
    const until = this.clock.now() + ms
    while (this.clock.now() < until) {
      const now = this.clock.now()
      const next = Math.min(until, this.#hoursNow().untilAt, ...stops.filter((at) => at > now))
      this.clock.advance(next - now)
      await this.syncPresence()
      if (!seen()) return
    }
  }

  /** Brings in whoever's shift is on, sees off whoever's is over, and waits until nothing is due. */
  async syncPresence(): Promise<void> {
    await this.desk.idle()
    for (const staff of this.#scene.staff) {
      const isThere = this.isScheduled(staff) && !this.departed.has(staff.id)
      if (isThere === this.#there.has(staff.id)) continue
      if (isThere) this.#there.add(staff.id)
      else this.#there.delete(staff.id)
      if (isThere) await this.desk.connect(staff.id, sessionId)
      else await this.desk.disconnect(staff.id, sessionId)
    }
    await this.desk.idle()
  }

  isScheduled({ shifts = [] }: Staff): boolean {
    return shifts.length === 0 || shifts.some((id) => this.shiftsOn.has(id))
  }

  get shiftsOn(): ReadonlySet<ShiftId> {
    return this.#hoursNow().shiftsOn
  }

  /** People at their desks. */
  get presentStaff(): readonly StaffId[] {
    return [...this.#there]
  }

  /** People who are meant to be there and are not. */
  get missing(): readonly StaffId[] {
    const absent = this.#scene.staff.filter((staff) => this.isScheduled(staff) && !this.#there.has(staff.id))
    return absent.map(({ id }) => id)
  }

  /** What is to be seen now; `undefined` once the request is closed. */
  observe(): Observation | undefined {
    const request = this.desk.request(requestId)
    if (request === undefined) return undefined
    const events = this.events.slice(this.#told)
    this.#told = this.events.length
    const reasons = new Map(this.desk.explain(requestId)?.staff.map(({ staffId, reason }) => [staffId, reason]))
    const people = this.#scene.staff.map((staff): StaffObservation => {
      const reason = reasons.get(staff.id) ?? null
      const isListed = () => this.desk.awaiting(staff.id).some((item) => item.requestId === requestId)
      const sees = reason === 'rung' || this.#rungSince.has(staff.id) || isListed()
      return { staff, reason, isRung: reason === 'rung', canSee: sees, isScheduled: this.isScheduled(staff) }
    })
    this.#rungSince.clear()
    const { isVisitorHere, shiftsOn } = this
    return { at: this.clock.now(), request, isVisitorHere, shiftsOn, staff: people, events }
  }

  get ids() {
    return { requestId, visitorId }
  }

  #hoursNow(): ShiftInterval {
    const now = this.clock.now()
    if (now >= this.#hours.untilAt) this.#hours = shiftIntervalAt(this.#scene.shifts, now)
    return this.#hours
  }
}

/** Which shifts are on, and until when that stays so. */
interface ShiftInterval {
  readonly shiftsOn: ReadonlySet<ShiftId>
  readonly untilAt: number
}

function shiftIntervalAt(shifts: readonly Shift[], at: number): ShiftInterval {
  const times = shifts.map((shift) => shiftTimeAt(shift, at))
  return {
    shiftsOn: new Set(times.filter(({ isOn }) => isOn).map(({ shiftId }) => shiftId)),
    untilAt: Math.min(...times.map(({ nextBoundaryAt }) => nextBoundaryAt ?? Number.POSITIVE_INFINITY)),
  }
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}
