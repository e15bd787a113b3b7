import type { DomainEvent, Route, Shift, ShiftId, Staff, StaffId } from '../../core'
import { type Desk, type ManualClock, manualClock, openDesk } from '../../desk'
import { shiftTimeAt } from '../../routing'
import type { Observation, StaffObservation } from './every-request'
import type { CheckContext, TestCase } from './test-case'

const requestId = 'the-request'
const visitorId = 'the-visitor'
const sessionId = 'desk'

/** The real desk with one request in virtual time. Staff connect and disconnect with their shifts. */
export class TestDesk {
  readonly desk: Desk
  readonly clock: ManualClock
  /** Everything about the request, in order. */
  readonly events: DomainEvent[] = []
  /** Staff who left before the end of their shift, or never came. */
  readonly departed = new Set<StaffId>()
  isVisitorPresent = true
  readonly #context: CheckContext
  readonly #present = new Set<StaffId>()
  readonly #rungSince = new Set<StaffId>()
  #observedCount = 0
  #interval: ShiftInterval = { shiftsOn: new Set(), untilAt: Number.NEGATIVE_INFINITY }

  private constructor(context: CheckContext, desk: Desk, clock: ManualClock) {
    this.#context = context
    this.desk = desk
    this.clock = clock
    desk.on('event', (event) => {
      if ('requestId' in event && event.requestId === requestId) this.events.push(event)
    })
    desk.on('ring', (notification) => {
      if (notification.requestId === requestId) for (const id of notification.staffIds) this.#rungSince.add(id)
    })
  }

  static async open(context: CheckContext, { instantIndex, absent }: TestCase): Promise<TestDesk> {
    const clock = manualClock(context.week.instants[instantIndex] ?? context.week.fromAt)
    const testDesk = new TestDesk(context, await openDesk({ ...context.options, clock }), clock)
    for (const index of absent) testDesk.departed.add(context.staff[index]?.id ?? '')
    await testDesk.syncPresence()
    return testDesk
  }

  /** Requests the chat. Of the facts `visitor` and `request`, uses the visitor's own facts and the weight. */
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

  /** Advances the clock, with a stop at each change of shifts and at `stops`, until `goesOn` returns false at one. */
  async advance(ms: number, stops: readonly number[], goesOn: () => boolean): Promise<void> {
    const until = this.clock.now() + ms
    while (this.clock.now() < until) {
      const now = this.clock.now()
      const next = Math.min(until, this.#currentInterval().untilAt, ...stops.filter((at) => at > now))
      this.clock.advance(next - now)
      await this.syncPresence()
      if (!goesOn()) return
    }
  }

  /** Connects staff whose shift is on, disconnects staff whose shift is over, and waits until the desk is idle. */
  async syncPresence(): Promise<void> {
    await this.desk.idle()
    for (const staff of this.#context.staff) {
      const isPresent = this.isScheduled(staff) && !this.departed.has(staff.id)
      if (isPresent === this.#present.has(staff.id)) continue
      if (isPresent) this.#present.add(staff.id)
      else this.#present.delete(staff.id)
      if (isPresent) await this.desk.connect(staff.id, sessionId)
      else await this.desk.disconnect(staff.id, sessionId)
    }
    await this.desk.idle()
  }

  isScheduled({ shifts = [] }: Staff): boolean {
    return shifts.length === 0 || shifts.some((id) => this.shiftsOn.has(id))
  }

  get shiftsOn(): ReadonlySet<ShiftId> {
    return this.#currentInterval().shiftsOn
  }

  get presentStaff(): readonly StaffId[] {
    return [...this.#present]
  }

  /** Returns the present observation; `undefined` once the request is closed. */
  observe(): Observation | undefined {
    const request = this.desk.request(requestId)
    if (request === undefined) return undefined
    const events = this.events.slice(this.#observedCount)
    this.#observedCount = this.events.length
    const reasons = new Map(this.desk.explain(requestId)?.staff.map(({ staffId, reason }) => [staffId, reason]))
    const staff = this.#context.staff.map((staff): StaffObservation => {
      const reason = reasons.get(staff.id) ?? null
      const isListed = () => this.desk.awaiting(staff.id).some((item) => item.requestId === requestId)
      const canSee = reason === 'rung' || this.#rungSince.has(staff.id) || isListed()
      return { staff, reason, isRung: reason === 'rung', canSee, isScheduled: this.isScheduled(staff) }
    })
    this.#rungSince.clear()
    const { isVisitorPresent, shiftsOn } = this
    return { at: this.clock.now(), request, isVisitorPresent, shiftsOn, staff, events }
  }

  get ids() {
    return { requestId, visitorId }
  }

  #currentInterval(): ShiftInterval {
    const now = this.clock.now()
    if (now >= this.#interval.untilAt) this.#interval = shiftIntervalAt(this.#context.shifts, now)
    return this.#interval
  }
}

/** The shifts that are on, and until when that does not change. */
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
