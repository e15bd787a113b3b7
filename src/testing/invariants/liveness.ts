import { requestView, restoreState, ringingRequestIds, toStateSnapshot } from '../../core'
import type { Driver } from '../driver/driver'
import { isOpen, type ReferenceModel, type RequestRecord } from '../reference-model/reference-model'
import { activeSteps, isVisitorPresent, matchesTargetByRoster } from '../reference-model/ringing'
import type { DeskView, Invariant } from './invariant'

/** The longest time between two wake-ups while a request waits and rings for no staff member. */
const wakeUpGapMsMax = 15 * 60_000

/** I1: an open request is in `awaiting()`, and it rings or a wake-up is registered. */
export const neverUnattended: Invariant = {
  id: 'I1',
  name: 'never unattended',
  createObserver: () => ({
    onIdle: (desk, model) => {
      const listed = new Set(desk.awaiting().map(({ requestId }) => requestId))
      for (const request of model.requests.filter(isOpen)) {
        const violation = listed.has(request.requestId)
          ? findMissingWakeUp(desk, model, request)
          : 'is open and not in awaiting()'
        if (violation !== null) return `${request.requestId} ${violation}`
      }
      return null
    },
  }),
}

function findMissingWakeUp(desk: DeskView, model: ReferenceModel, { requestId }: RequestRecord): string | null {
  if (desk.nextDueAt === undefined) return null
  const due = desk.nextDueAt()
  const announced = nextDeadline(model)
  if (announced !== null && (due === null || due > announced))
    return `waits while a deadline of ${announced} is announced and the next wake-up is at ${due}`
  if (desk.request(requestId)?.phase === 'ringing') return null
  const latest = model.at + Math.max(wakeUpGapMsMax, model.policy.unattendedAfterMs)
  return due !== null && due <= latest ? null : `rings for nobody, and the next wake-up is at ${due}`
}

/**
 * Returns the earliest deadline that the events so far have announced; `null` when there is none. A desk may wake
 * earlier, but never later.
 */
export function nextDeadline(model: ReferenceModel): number | null {
  const instants = [
    ...model.shifts.map(({ nextBoundaryAt }) => nextBoundaryAt),
    ...model.staff.flatMap(({ sessions, graceUntilAt }) => [
      graceUntilAt,
      ...sessions.map(({ leaseUntilAt }) => leaseUntilAt),
    ]),
    ...model.visitors.flatMap(({ sessions }) =>
      sessions.map(({ leaseUntilAt }) => notBeforeReturn(model, leaseUntilAt)),
    ),
    ...model.wrapUps.map(({ untilAt }) => untilAt),
    ...model.requests.flatMap((request) => [request.assignment?.replyDueAt ?? null]),
    ...model.requests.filter(isOpen).flatMap((request) => deadlinesOfRequest(model, request)),
  ]
  return instants.reduce((first, at) => (at !== null && (first === null || at < first) ? at : first), null)
}

/** While the visitor is away only the return of a transfer and the abandonment count. */
function deadlinesOfRequest(model: ReferenceModel, request: RequestRecord): (number | null)[] {
  const returnAt = request.transfer?.returnAt ?? null
  if (!isVisitorPresent(model, request)) return [returnAt, notBeforeReturn(model, request.abandonAt)]
  const endings = [...request.mutes, ...request.offers].map(({ untilAt }) => untilAt)
  return [returnAt, request.nextUnattendedAt, request.nextRoundAt, ...endings]
}

/** No deadline of a visitor comes before the visitors had time to come back after a restart. */
export function notBeforeReturn({ resumedAt, policy }: ReferenceModel, at: number | null): number | null {
  if (at === null || resumedAt === null) return at
  return Math.max(at, resumedAt + (policy.visitorLeaseMs ?? policy.abandonAfterMs))
}

/**
 * I1 without further commands: the desk makes an event for every request that rings for no staff member within fifteen
 * minutes (or `unattendedAfterMs`, when that is longer). Runs on a fork of the driver.
 */
export function wakesUpAgain(driver: Driver): string | null {
  const waiting = new Set(
    driver.model.requests.filter((request) => isOpen(request) && !isRequestRinging(driver, request)),
  )
  const pending = new Set([...waiting].map(({ requestId }) => requestId))
  const quiet = driver.fork(restoreState(toStateSnapshot(driver.state)), {
    afterEvent: ({ event }) => {
      if ('requestId' in event) pending.delete(event.requestId)
    },
  })
  const until = driver.now + Math.max(wakeUpGapMsMax, driver.model.policy.unattendedAfterMs)
  while (pending.size > 0 && quiet.now < until) {
    const before = quiet.now
    quiet.advance({ to: 'deadline' })
    quiet.runDueDeadlines()
    if (quiet.now === before) break
  }
  return pending.size === 0 && quiet.now <= until ? null : `the desk makes no event for ${[...pending]} before ${until}`
}

function isRequestRinging({ state }: Driver, { requestId }: RequestRecord): boolean {
  return requestView(state, requestId)?.phase === 'ringing'
}

/** The longest that a generated shift is off, and the most steps of a generated route. */
const shiftOffMsMax = 45_000
const stepsMax = 4

/**
 * I11: the whole roster connects, stays, and accepts every request that rings. Then every request with a willing staff
 * member is accepted within {@link waitBoundMs}. Switches reminders on where they are off. Runs on the driver itself.
 */
export function waitIsBounded(driver: Driver): string | null {
  connectEveryone(driver)
  const until = driver.now + waitBoundMs(driver.model)
  acceptAll(driver)
  while (driver.model.requests.some(isOpen) && driver.now < until) {
    const before = driver.now
    driver.advance({ to: 'deadline' })
    driver.runDueDeadlines()
    acceptAll(driver)
    if (driver.now === before) break
  }
  const stillOpen = driver.model.requests.find((request) => isOpen(request) && hasWillingStaff(driver.model, request))
  return stillOpen === undefined
    ? null
    : `${stillOpen.requestId} is still open at ${driver.now}, and a willing staff member accepts every ring`
}

/** Returns the sum of: the last step's start, a reminder for each step and one more, a transfer, a retry, a shift. */
export function waitBoundMs({ policy, requests }: ReferenceModel): number {
  const stepAfterMsMax = Math.max(0, ...requests.flatMap(({ route }) => route.steps.map(({ afterMs }) => afterMs)))
  const remindersMs = (stepsMax + 1) * (policy.remindAfterMs ?? 0)
  return stepAfterMsMax + remindersMs + policy.transferMs + policy.retryDelayMs + shiftOffMsMax + 1
}

function connectEveryone(driver: Driver): void {
  const { model } = driver
  const stay = {
    sessionLeaseMs: null,
    visitorLeaseMs: null,
    maxWaitMs: null,
    firstReplyMs: null,
    awayAfterMissedOffers: false,
    abandonAfterMs: 86_400_000,
  }
  const remindAfterMs = model.policy.remindAfterMs ?? 60_000
  driver.execute({ type: 'setPolicy', policy: { ...model.policy, ...stay, remindAfterMs, visitorsMax: 100_000 } })
  const shifts = ['day', 'night', 'always'].map((id) => ({ id, timeZone: 'UTC', weekly: [] }))
  driver.execute({ type: 'setShifts', shifts, times: [] })
  for (const { staff } of [...model.staff]) {
    driver.execute({ type: 'setStaff', staff: { ...staff, capacity: 1_000 } })
    driver.execute({ type: 'connect', staffId: staff.id, sessionId: 'stays' })
    driver.execute({ type: 'setAvailability', staffId: staff.id, availability: 'available' })
  }
  for (const { requestId, visitorId, assignment } of [...model.requests]) {
    if (assignment !== null) driver.execute({ type: 'replied', requestId })
    driver.execute({ type: 'visitorArrived', visitorId, facts: {} })
  }
}

function acceptAll(driver: Driver): void {
  for (const { staff } of [...driver.model.staff]) {
    for (const requestId of [...ringingRequestIds(driver.state, staff.id)]) {
      driver.execute({ type: 'accept', requestId, staffId: staff.id })
      driver.execute({ type: 'end', requestId })
    }
  }
}

/** Whether a staff member of the active steps, or any one when the route widens to everyone, has not declined. */
function hasWillingStaff(model: ReferenceModel, request: RequestRecord): boolean {
  const willing = model.staff.filter(({ staff }) => !request.declinedBy.includes(staff.id))
  if (request.route.whenExhausted === 'everyone') return willing.length > 0
  return willing.some((record) => activeSteps(request).some(({ to }) => matchesTargetByRoster(record, to)))
}
