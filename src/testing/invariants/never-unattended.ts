import { type Chronicle, isOpen, type RequestRecord } from '../chronicle/chronicle'
import { earliestPromise } from '../chronicle/earliest-promise'
import type { DeskView } from '../playing/desk-view'
import type { Invariant } from './invariant'

/** The longest gap between two looks at a request that waits. */
const gapMsMax = 15 * 60_000

/** I1: an open request rings for somebody, or a wake-up is registered and it stands in `awaiting()`. */
export const neverUnattended: Invariant = {
  id: 'I1',
  name: 'never unattended',
  watch: () => ({
    atRest: (desk, book) => {
      const listed = new Set(desk.awaiting().map(({ requestId }) => requestId))
      for (const request of book.requests.filter(isOpen)) {
        const complaint = listed.has(request.requestId)
          ? unlooked(desk, book, request)
          : 'is open and not in awaiting()'
        if (complaint !== null) return `${request.requestId} ${complaint}`
      }
      return null
    },
  }),
}

function unlooked(desk: DeskView, book: Chronicle, { requestId }: RequestRecord): string | null {
  if (desk.nextDueAt === undefined) return null
  const due = desk.nextDueAt()
  const promised = earliestPromise(book)
  if (promised !== null && (due === null || due > promised))
    return `and others: promised for ${promised}, next wake-up at ${due}`
  if (desk.request(requestId)?.phase === 'ringing') return null
  const latest = book.at + Math.max(gapMsMax, book.policy.unattendedAfterMs)
  return due !== null && due <= latest ? null : `rings for nobody, and the next wake-up is at ${due}`
}
