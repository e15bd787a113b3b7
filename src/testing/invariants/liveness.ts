import { requestView, restoreState, toStateSnapshot } from '../../core'
import type { Driver } from '../driver/driver'
import { isOpen, type ReferenceModel, type RequestRecord } from '../reference-model/reference-model'
import { isVisitorPresent } from '../reference-model/ringing'
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
