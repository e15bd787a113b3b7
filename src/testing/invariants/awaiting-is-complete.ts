import { type Chronicle, isOpen } from '../chronicle/chronicle'
import type { DeskView } from '../playing/desk-view'
import type { Invariant } from './invariant'

/** I13: awaiting lists exactly the open requests whose accept would succeed or be refused only for capacity. */
export const awaitingIsComplete: Invariant = {
  id: 'I13',
  name: 'awaiting is complete',
  watch: () => ({
    atRest: (desk, book) => {
      for (const { staff } of book.staff) {
        const complaint = wrongFor(desk, book, staff.id)
        if (complaint !== null) return complaint
      }
      const all = desk.awaiting().map(({ requestId }) => requestId)
      const open = book.requests.filter(isOpen).map(({ requestId }) => requestId)
      return sameSet(all, open) ? null : `the supervisor sees ${all}, open are ${open}`
    },
  }),
}

function wrongFor(desk: DeskView, book: Chronicle, staffId: string): string | null {
  if (desk.ask === undefined) return null
  const listed = desk.awaiting(staffId).map(({ requestId }) => requestId)
  const startable = book.requests.filter(isOpen).filter(({ requestId }) => mayStart(desk, book, requestId, staffId))
  const due = startable.map(({ requestId }) => requestId)
  return sameSet(listed, due) ? null : `${staffId} sees ${listed}, and could start ${due}`
}

function mayStart(desk: DeskView, book: Chronicle, requestId: string, staffId: string): boolean {
  const outcome = desk.ask?.({ type: 'accept', at: book.at, requestId, staffId }).outcome
  return outcome !== undefined && (outcome.ok || outcome.code === 'at-capacity')
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && new Set(one).size === one.length && one.every((each) => other.includes(each))
}
