import { requestView, restoreState, ringingRequestIds, toStateSnapshot } from '../../core'
import type { Driver } from '../driver/driver'
import { isOpen, type ReferenceModel, type RequestRecord } from '../reference-model/reference-model'
import { activeSteps, isVisitorPresent, matchesTargetByRoster } from '../reference-model/ringing'
import type { DeskView, Invariant } from './invariant'

/** The longest gap between two looks at a request that waits. */
const wakeUpGapMsMax = 15 * 60_000

/** I1: an open request rings for somebody, or a wake-up is registered and it stands in `awaiting()`. */
export const neverUnattended: Invariant = {
  id: 'I1',
  name: 'never unattended',
  createObserver: () => ({
    atRest: (desk, book) => {
      const listed = new Set(desk.awaiting().map(({ requestId }) => requestId))
      for (const request of book.requests.filter(isOpen)) {
        const complaint = listed.has(request.requestId)
          ? findMissingWakeUp(desk, book, request)
          : 'is open and not in awaiting()'
        if (complaint !== null) return `${request.requestId} ${complaint}`
      }
      return null
    },
  }),
}

function findMissingWakeUp(desk: DeskView, book: ReferenceModel, { requestId }: RequestRecord): string | null {
  if (desk.nextDueAt === undefined) return null
  const due = desk.nextDueAt()
  const promised = nextDeadline(book)
  if (promised !== null && (due === null || due > promised))
    return `and others: promised for ${promised}, next wake-up at ${due}`
  if (desk.request(requestId)?.phase === 'ringing') return null
  const latest = book.at + Math.max(wakeUpGapMsMax, book.policy.unattendedAfterMs)
  return due !== null && due <= latest ? null : `rings for nobody, and the next wake-up is at ${due}`
}

/**
 * The earliest instant at which the events so far have promised that something happens; `null` when none has. A desk
 * may wake earlier, but never later.
 */
export function nextDeadline(book: ReferenceModel): number | null {
  const instants = [
    ...book.shifts.map(({ nextBoundaryAt }) => nextBoundaryAt),
    ...book.staff.flatMap(({ sessions, graceUntilAt }) => [
      graceUntilAt,
      ...sessions.map(({ leaseUntilAt }) => leaseUntilAt),
    ]),
    ...book.wrapUps.map(({ untilAt }) => untilAt),
    ...book.requests.flatMap((request) => [request.assignment?.replyDueAt ?? null]),
    ...book.requests.filter(isOpen).flatMap((request) => deadlinesOfRequest(book, request)),
  ]
  return instants.reduce((first, at) => (at !== null && (first === null || at < first) ? at : first), null)
}

/** For a visitor who is away only the end of the patience counts: all else waits until the visitor is back. */
function deadlinesOfRequest(book: ReferenceModel, request: RequestRecord): (number | null)[] {
  const returnAt = request.transfer?.returnAt ?? null
  if (!isVisitorPresent(book, request)) return [returnAt, request.abandonAt]
  const endings = [...request.silences, ...request.offers].map(({ untilAt }) => untilAt)
  return [returnAt, request.warnAt, request.restUntilAt, ...endings]
}

/** The longest gap between two looks at a request that waits. */
const nextEventGapMsMax = 15 * 60_000

/**
 * I1, played to its end: from here on nobody does anything, and still the desk comes back to every request that rings
 * for nobody within fifteen minutes (or `unattendedAfterMs`, when that is longer). The player itself stays where it is.
 */
export function wakesUpAgain(player: Driver): string | null {
  const waiting = new Set(
    player.book.requests.filter((request) => isOpen(request) && !isRequestRinging(player, request)),
  )
  const names = new Set([...waiting].map(({ requestId }) => requestId))
  const quiet = player.fork(restoreState(toStateSnapshot(player.state)), {
    afterEvent: ({ event }) => {
      if ('requestId' in event) names.delete(event.requestId)
    },
  })
  const until = player.now + Math.max(nextEventGapMsMax, player.book.policy.unattendedAfterMs)
  while (names.size > 0 && quiet.now < until) {
    const before = quiet.now
    quiet.advance({ to: 'deadline' })
    quiet.runDueDeadlines()
    if (quiet.now === before) break
  }
  return names.size === 0 && quiet.now <= until ? null : `nobody looks at ${[...names]} again before ${until}`
}

function isRequestRinging({ state }: Driver, { requestId }: RequestRecord): boolean {
  return requestView(state, requestId)?.phase === 'ringing'
}

/** The longest that a generated shift is off, and the most steps of a generated route. */
const shiftOffMsMax = 45_000
const stepsMax = 4

/**
 * I11: everybody of the roster comes, stays, and accepts whatever rings. Then every request that is meant for anybody
 * is accepted within {@link waitBoundMs}. Reminders are switched on for it where they are off. Plays on from where
 * the player stands.
 */
export function waitIsBounded(player: Driver): string | null {
  connectEveryone(player)
  const until = player.now + waitBoundMs(player.book)
  acceptAll(player)
  while (player.book.requests.some(isOpen) && player.now < until) {
    const before = player.now
    player.advance({ to: 'deadline' })
    player.runDueDeadlines()
    acceptAll(player)
    if (player.now === before) break
  }
  const lost = player.book.requests.find((request) => isOpen(request) && hasWillingStaff(player.book, request))
  return lost === undefined
    ? null
    : `${lost.requestId} is still open at ${player.now}, and somebody able accepts what rings`
}

/** The last step, a reminder for each step and one more, a transfer that returns, a rest, a shift that comes on. */
export function waitBoundMs({ policy, requests }: ReferenceModel): number {
  const stepAfterMsMax = Math.max(0, ...requests.flatMap(({ route }) => route.steps.map(({ afterMs }) => afterMs)))
  const remindersMs = (stepsMax + 1) * (policy.remindAfterMs ?? 0)
  return stepAfterMsMax + remindersMs + policy.transferMs + policy.retryDelayMs + shiftOffMsMax + 1
}

function connectEveryone(player: Driver): void {
  const { book } = player
  const stay = {
    sessionLeaseMs: null,
    maxWaitMs: null,
    firstReplyMs: null,
    awayAfterMissedOffers: false,
    abandonAfterMs: 86_400_000,
  }
  const remindAfterMs = book.policy.remindAfterMs ?? 60_000
  player.execute({ type: 'setPolicy', policy: { ...book.policy, ...stay, remindAfterMs, visitorsMax: 100_000 } })
  const shifts = ['day', 'night', 'always'].map((id) => ({ id, timeZone: 'UTC', weekly: [] }))
  player.execute({ type: 'setShifts', shifts, times: [] })
  for (const { staff } of [...book.staff]) {
    player.execute({ type: 'setStaff', staff: { ...staff, capacity: 1_000 } })
    player.execute({ type: 'connect', staffId: staff.id, sessionId: 'stays' })
    player.execute({ type: 'setAvailability', staffId: staff.id, availability: 'available' })
  }
  for (const { requestId, visitorId, assignment } of [...book.requests]) {
    if (assignment !== null) player.execute({ type: 'replied', requestId })
    player.execute({ type: 'visitorArrived', visitorId, facts: {} })
  }
}

function acceptAll(player: Driver): void {
  for (const { staff } of [...player.book.staff]) {
    for (const requestId of [...ringingRequestIds(player.state, staff.id)]) {
      player.execute({ type: 'accept', requestId, staffId: staff.id })
      player.execute({ type: 'end', requestId })
    }
  }
}

/** Somebody of the steps in force has not declined it, or the route widens to everyone and anybody has not. */
function hasWillingStaff(book: ReferenceModel, request: RequestRecord): boolean {
  const willing = book.staff.filter(({ staff }) => !request.declinedBy.includes(staff.id))
  if (request.route.whenExhausted === 'everyone') return willing.length > 0
  return willing.some((record) => activeSteps(request).some(({ to }) => matchesTargetByRoster(record, to)))
}
