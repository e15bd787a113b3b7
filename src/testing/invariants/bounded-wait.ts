import { completeRoute, nextDueAt, type Route, type RouteInput, ringingRequestIds } from '../../core'
import type { Driver } from '../driver/driver'
import { isOpen, type ReferenceModel, type RequestRecord } from '../reference-model/reference-model'
import { activeSteps, capacityOf, loadOf, matchesTargetByRoster } from '../reference-model/ringing'

/**
 * I11: every request that a willing and able staff member may take is accepted within {@link waitBoundMs}, which
 * depends on the requests before it and the length of chats only.
 *
 * Covers: capacities of 1 to 3, every slot taken at first; weights of 1 and 2; ring-all, selective and laddered
 * requests of every generated route; and later requests of all these kinds that arrive for ever, so that each slot that
 * becomes free is contended for. The whole roster connects, stays, and accepts what rings in the order of service; each
 * chat lasts {@link chatMs}. Switches reminders on where they are off. Runs on the driver itself.
 *
 * Cannot see: requests of a higher priority that arrive for ever (these are served before), staff who ignore what rings
 * or choose the later request, a delay below the bound, and requests that nobody who is able may take.
 */
export function waitIsBounded(driver: Driver): string | null {
  const day = new BusyDay(driver)
  connectEveryone(driver)
  day.acceptAll()
  day.fillEverySlot()
  for (const arrival of arrivals) day.open(arrival)
  const waiting = new Set(driver.model.requests.filter(isOpen).map(({ requestId }) => requestId))
  const until = driver.now + waitBoundMs(driver.model)
  const late = () => driver.model.requests.filter((each) => isOpen(each) && waiting.has(each.requestId))
  while (late().length > 0 && driver.now < until) day.goOn()
  const request = late().find((each) => hasAbleStaff(driver.model, each))
  return request === undefined
    ? null
    : `${request.requestId} is still open at ${driver.now}, and an able staff member accepts every ring`
}

/** The longest that a generated shift is off, and the most steps of a generated route. */
const shiftOffMsMax = 45_000
const stepsMax = 4

/** How long each chat lasts. */
const chatMs = 30_000

/**
 * Returns the sum of: the last step's start, a reminder for each step and one more, a transfer, a retry, a shift; and a
 * chat for each slot that the open requests and the chats take.
 */
export function waitBoundMs({ policy, requests }: ReferenceModel): number {
  const live = requests.filter(({ outcome }) => outcome === null)
  const stepAfterMsMax = Math.max(0, ...live.flatMap(({ route }) => route.steps.map(({ afterMs }) => afterMs)))
  const remindersMs = (stepsMax + 1) * (policy.remindAfterMs ?? 0)
  const slots = live.reduce((sum, { weight }) => sum + weight, 0)
  return stepAfterMsMax + remindersMs + policy.transferMs + policy.retryDelayMs + shiftOffMsMax + slots * chatMs + 1
}

interface Arrival {
  readonly route: Route
  readonly weight: number
}

const ringAll: RouteInput = { to: 'everyone' }
const selective: RouteInput = { to: 'everyone', ring: { order: 'longest-idle' } }
const ladder: RouteInput = {
  steps: [
    { to: 'everyone', ring: { order: 'round-robin', concurrentOffers: 2 } },
    { to: 'everyone', afterMs: 5_000 },
  ],
}

const arrivals: readonly Arrival[] = [
  { route: completeRoute(ringAll), weight: 2 },
  { route: completeRoute(ringAll), weight: 1 },
  { route: completeRoute(selective), weight: 1 },
  { route: completeRoute(ladder), weight: 1 },
  { route: completeRoute(selective), weight: 2 },
]

/** Staff who accept what rings, chats that end, and requests that keep arriving. */
class BusyDay {
  readonly #driver: Driver
  readonly #priority: number
  readonly #chatsEndAt = new Map<string, number>()
  readonly #later = new Set<string>()
  #count = 0

  constructor(driver: Driver) {
    this.#driver = driver
    this.#priority = Math.min(0, ...driver.model.requests.filter(isOpen).map(({ priority }) => priority))
  }

  /** Opens a request that is served after all that are open. */
  open({ route, weight }: Arrival): string {
    this.#count += 1
    const routingResult = { workflow: null, route, priority: this.#priority, tags: [] }
    const requestId = `later-${this.#count}`
    this.#driver.execute({ type: 'requestChat', requestId, visitorId: requestId, facts: {}, weight, routingResult })
    return requestId
  }

  fillEverySlot(): void {
    const { model } = this.#driver
    const free = model.staff.map((record) => Math.max(0, capacityOf(model, record) - loadOf(model, record.staff.id)))
    for (let slots = free.reduce((sum, each) => sum + each, 0); slots > 0; slots -= 1) {
      this.open({ route: completeRoute(ringAll), weight: 1 })
      this.acceptAll()
    }
  }

  /** Each staff member accepts what rings for them, in the order of service, until nothing does. */
  acceptAll(): void {
    const { model, state } = this.#driver
    for (const { staff } of [...model.staff]) {
      for (;;) {
        const [requestId] = ringingRequestIds(state, staff.id)
        if (requestId === undefined) break
        const { outcome } = this.#driver.execute({ type: 'accept', requestId, staffId: staff.id })
        if (!outcome.ok) break
      }
    }
  }

  /** Goes to the next deadline or end of a chat. */
  goOn(): void {
    this.#noteChats()
    const endsAt = Math.min(...this.#chatsEndAt.values(), this.#driver.now + chatMs)
    this.#driver.advance({ at: Math.min(nextDueAt(this.#driver.state) ?? endsAt, endsAt) })
    this.#driver.runDueDeadlines()
    this.acceptAll()
    for (const [requestId, endAt] of [...this.#chatsEndAt]) {
      if (endAt > this.#driver.now) continue
      this.#chatsEndAt.delete(requestId)
      this.#letArrive()
      this.#driver.execute({ type: 'end', requestId })
      this.acceptAll()
    }
  }

  #noteChats(): void {
    for (const { requestId, assignment } of this.#driver.model.requests) {
      if (assignment === null) this.#chatsEndAt.delete(requestId)
      else if (!this.#chatsEndAt.has(requestId)) this.#chatsEndAt.set(requestId, assignment.at + chatMs)
    }
  }

  /** Later requests of every kind wait for each slot that becomes free. */
  #letArrive(): void {
    const waiting = this.#driver.model.requests.filter((each) => isOpen(each) && this.#later.has(each.requestId))
    for (const arrival of arrivals) {
      const isWaiting = ({ route, weight }: Arrival) => route === arrival.route && weight === arrival.weight
      if (!waiting.some(isWaiting)) this.#later.add(this.open(arrival))
    }
  }
}

function connectEveryone(driver: Driver): void {
  const { model } = driver
  const stay = {
    sessionLeaseMs: null,
    visitorLeaseMs: null,
    maxWaitMs: null,
    firstReplyMs: null,
    replyMs: null,
    endWhenVisitorLeftMs: null,
    wrapUpMs: 0,
    awayAfterMissedOffers: false,
    abandonAfterMs: 86_400_000,
    openRequestsMax: 10_000,
    requestsPerMinuteMax: 100_000,
    visitorsMax: 100_000,
    visitorsPerMinuteMax: 100_000,
  }
  const remindAfterMs = model.policy.remindAfterMs ?? 60_000
  driver.execute({ type: 'setPolicy', policy: { ...model.policy, ...stay, remindAfterMs } })
  const shifts = ['day', 'night', 'always'].map((id) => ({ id, timeZone: 'UTC', weekly: [] }))
  driver.execute({ type: 'setShifts', shifts, times: [] })
  for (const record of [...model.staff]) {
    const { staff } = record
    const capacity = Math.max(1, Math.min(3, capacityOf(model, record)))
    driver.execute({ type: 'setStaff', staff: { ...staff, capacity } })
    driver.execute({ type: 'connect', staffId: staff.id, sessionId: 'stays' })
    driver.execute({ type: 'setAvailability', staffId: staff.id, availability: 'available' })
  }
  for (const { requestId, visitorId, assignment } of [...model.requests]) {
    if (assignment !== null) driver.execute({ type: 'replied', requestId })
    driver.execute({ type: 'visitorArrived', visitorId, facts: {} })
  }
}

/** Whether a staff member of the active steps has not declined, and a capacity for its weight. */
function hasAbleStaff(model: ReferenceModel, request: RequestRecord): boolean {
  return model.staff.some(
    (record) =>
      !request.declinedBy.includes(record.staff.id) &&
      capacityOf(model, record) >= request.weight &&
      activeSteps(model, request).some(({ to }) => matchesTargetByRoster(record, to)),
  )
}
