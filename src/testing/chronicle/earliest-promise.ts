import type { Chronicle } from './chronicle'
import { isOpen } from './chronicle'
import { isVisitorHere } from './rings'

/**
 * The earliest instant at which the events so far have promised that something happens; `null` when none has. A desk may
 * wake earlier, but never later.
 */
export function earliestPromise(book: Chronicle): number | null {
  const instants = [
    ...book.shifts.map(({ nextBoundaryAt }) => nextBoundaryAt),
    ...book.staff.flatMap(({ sessions, graceUntilAt }) => [
      graceUntilAt,
      ...sessions.map(({ leaseUntilAt }) => leaseUntilAt),
    ]),
    ...book.wrapUps.map(({ untilAt }) => untilAt),
    ...book.requests.flatMap((request) => [request.assignment?.replyDueAt ?? null]),
    ...book.requests
      .filter(isOpen)
      .flatMap((request) => [
        request.warnAt,
        request.restUntilAt,
        request.transfer?.returnAt ?? null,
        book.visitors.find((visitor) => visitor.visitorId === request.visitorId)?.abandonAt ?? null,
        ...request.silences.map(({ untilAt }) => untilAt),
        ...request.offers.map(({ untilAt }) => untilAt),
      ]),
  ]
  return instants.reduce((first, at) => (at !== null && (first === null || at < first) ? at : first), null)
}
