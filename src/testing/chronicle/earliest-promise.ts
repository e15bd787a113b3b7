import { type Chronicle, isOpen, type RequestRecord } from './chronicle'
import { isVisitorHere } from './rings'

/**
 * The earliest instant at which the events so far have promised that something happens; `null` when none has. A desk
 * may wake earlier, but never later.
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
    ...book.requests.filter(isOpen).flatMap((request) => promisesOf(book, request)),
  ]
  return instants.reduce((first, at) => (at !== null && (first === null || at < first) ? at : first), null)
}

/** For a visitor who is away only the end of the patience counts: all else waits until the visitor is back. */
function promisesOf(book: Chronicle, request: RequestRecord): (number | null)[] {
  const returnAt = request.transfer?.returnAt ?? null
  if (!isVisitorHere(book, request)) return [returnAt, request.abandonAt]
  const endings = [...request.silences, ...request.offers].map(({ untilAt }) => untilAt)
  return [returnAt, request.warnAt, request.restUntilAt, ...endings]
}
