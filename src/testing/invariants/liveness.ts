import { requestView, restoreState, toStateSnapshot } from '../../core'
import type { Driver } from '../driver/driver'
import type { AssignmentRecord, ReferenceModel, RequestRecord } from '../reference-model/reference-model'
import { isOpen } from '../reference-model/reference-model'
import { activeSteps, capacityOf, isEligibleByRoster, isVisitorPresent, loadOf } from '../reference-model/ringing'
import type { DeskView, Invariant } from './invariant'

/** The longest time between two wake-ups while a request waits and rings for no staff member. */
const wakeUpGapMsMax = 15 * 60_000

/**
 * I1: an open request is in `awaiting()`, and it rings or a wake-up is registered. A chat is in the hands of a staff
 * member who was not seen to leave and owes no overdue reply; or it is in `awaiting()` and a wake-up is registered, as
 * far as the policy has one (`reclaimAfterMs`).
 */
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
      for (const request of model.requests) {
        if (request.assignment === null) continue
        const violation = findLostChat(desk, model, request.assignment, listed.has(request.requestId))
        if (violation !== null) return `${request.requestId} ${violation}`
      }
      return null
    },
  }),
}

function findLostChat(
  desk: DeskView,
  model: ReferenceModel,
  assignment: AssignmentRecord,
  isListed: boolean,
): string | null {
  const { staffId, absentSinceAt, silentSinceAt, firstReplySinceAt, replySinceAt, isAbsenceReported } = assignment
  const { policy, at } = model
  const isLeftAlone = absentSinceAt !== null || silentSinceAt !== null
  if (isLeftAlone !== isListed)
    return isListed
      ? `is in awaiting(), and ${staffId} attends to it`
      : `is left alone by ${staffId}, not in awaiting()`
  if (absentSinceAt !== null && !isAbsenceReported) return `is left alone by ${staffId}, who left, and not reported`
  const replyDueAt = dueAt(replySinceAt, policy.replyMs)
  if (silentSinceAt === null && replyDueAt !== null && replyDueAt <= at) return `waits for a reply, and is not reported`
  const wakeUps = [
    dueAt(absentSinceAt, policy.reclaimAfterMs),
    dueAt(silentSinceAt, policy.reclaimAfterMs),
    dueAt(firstReplySinceAt, policy.firstReplyMs),
    silentSinceAt === null ? replyDueAt : null,
  ]
  const nextAt = earliest(wakeUps)
  const due = desk.nextDueAt?.()
  if (nextAt === null || due === undefined) return null
  if (nextAt <= at) return `is not back in the ring at ${at}, and was due at ${nextAt}`
  return due !== null && due <= nextAt ? null : `wakes up at ${due}, and is due at ${nextAt}`
}

function findMissingWakeUp(desk: DeskView, model: ReferenceModel, request: RequestRecord): string | null {
  const { requestId } = request
  if (desk.nextDueAt === undefined) return null
  const due = desk.nextDueAt()
  const announced = nextDeadline(model)
  if (announced !== null && (due === null || due > announced))
    return `waits while a deadline of ${announced} is announced and the next wake-up is at ${due}`
  if (desk.request(requestId)?.phase === 'ringing') return null
  if (restsAtFullStep(model, request))
    return `waits at step ${request.step}, whose staff are not free, and has a next one`
  const latest = model.at + Math.max(wakeUpGapMsMax, model.policy.unattendedAfterMs)
  return due !== null && due <= latest ? null : `rings for nobody, and the next wake-up is at ${due}`
}

/** Whether a step that is not to be waited for has a next one, while no staff could accept the request now. */
function restsAtFullStep(model: ReferenceModel, request: RequestRecord): boolean {
  const { route, step, weight, declinedBy } = request
  const skipWhen = route.steps[step]?.skipWhen ?? 'never'
  if (skipWhen === 'never' || step + 1 >= route.steps.length || !isVisitorPresent(model, request)) return false
  const wanted = { steps: activeSteps(model, request), declinedBy, mutes: [] }
  const reachable = model.staff.filter(({ staff }) => isEligibleByRoster(model, staff.id, wanted))
  if (skipWhen === 'nobody-present') return reachable.length === 0
  return reachable.every((record) => loadOf(model, record.staff.id) + weight > capacityOf(model, record))
}

/**
 * Returns the earliest deadline that the events so far have announced; `null` when there is none. A desk may wake
 * earlier, but never later.
 */
export function nextDeadline(model: ReferenceModel): number | null {
  const { policy } = model
  return earliest([
    ...model.shifts.map(({ nextBoundaryAt }) => nextBoundaryAt),
    ...model.staff.flatMap(({ sessions, graceSinceAt }) => [
      dueAt(graceSinceAt, policy.presenceGraceMs),
      ...sessions.map(({ leaseUntilAt }) => leaseUntilAt),
    ]),
    ...model.visitors.flatMap(({ sessions }) =>
      sessions.map(({ leaseUntilAt }) => notBeforeReturn(model, leaseUntilAt)),
    ),
    ...model.wrapUps.map(({ sinceAt }) => dueAt(sinceAt, policy.wrapUpMs)),
    ...model.requests.flatMap((request) => chatEndAt(model, request)),
    ...model.requests.filter(isOpen).flatMap((request) => deadlinesOfRequest(model, request)),
  ])
}

function earliest(instants: readonly (number | null)[]): number | null {
  return instants.reduce((first, at) => (at !== null && (first === null || at < first) ? at : first), null)
}

/** Every deadline: since when it runs, and the duration that the policy has now; `null` where there is none. */
export function dueAt(sinceAt: number | null, ms: number | null): number | null {
  return sinceAt === null || ms === null ? null : sinceAt + ms
}

function chatEndAt(model: ReferenceModel, { assignment, visitorLeftAt }: RequestRecord): number | null {
  if (assignment === null || visitorLeftAt === null) return null
  const sinceAt = Math.max(visitorLeftAt, assignment.at)
  return notBeforeReturn(model, dueAt(sinceAt, model.policy.endWhenVisitorLeftMs))
}

/** While the visitor is away only the return of a transfer and the abandonment count. */
function deadlinesOfRequest(model: ReferenceModel, request: RequestRecord): (number | null)[] {
  const { policy } = model
  const { visitorLeftAt, reopenedAt, longWait } = request
  const returnAt = dueAt(request.transfer?.sinceAt ?? null, policy.transferMs)
  if (visitorLeftAt !== null)
    return [returnAt, notBeforeReturn(model, Math.max(visitorLeftAt, reopenedAt) + policy.abandonAfterMs)]
  const snoozes = request.mutes.map(({ untilAt }) => untilAt)
  const offers = request.offers.map(({ sinceAt, timeoutMs }) => sinceAt + (timeoutMs ?? policy.offerTimeoutMs))
  const gapMs = longWait === null ? 0 : Math.min(policy.unattendedAfterMs * 2 ** (longWait.reports - 1), wakeUpGapMsMax)
  const longWaitAt = dueAt(longWait?.reportedAt ?? reopenedAt, Math.max(policy.unattendedAfterMs, gapMs))
  const expiresAt = dueAt(reopenedAt, policy.maxWaitMs)
  return [returnAt, longWaitAt, expiresAt, dueAt(request.roundEndedAt, policy.retryDelayMs), ...snoozes, ...offers]
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
