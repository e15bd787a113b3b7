import { type Chronicle, staffIn } from '../chronicle/chronicle'
import { capacityOf, loadOf } from '../chronicle/rings'
import type { Invariant } from './invariant'

/** What may leave somebody beyond the limit besides a supervisor's `assign`: a lower limit. */
const mayExceed = new Set(['staff.set', 'policy.set'])

/** I9: load exceeds capacity only by `assign` or by a later lowering of the limit. */
export const capacityIsKept: Invariant = {
  id: 'I9',
  name: 'capacity',
  watch: () => {
    let before = new Map<string, number>()
    return {
      afterEvent: ({ event }, book) => {
        const after = loads(book)
        const isAllowed = mayExceed.has(event.type) || (event.type === 'request.accepted' && event.by !== null)
        for (const [staffId, load] of after) {
          const record = staffIn(book, staffId)
          if (isAllowed || record === undefined || load <= (before.get(staffId) ?? 0)) continue
          const capacity = capacityOf(book, record)
          if (load > capacity) return `${event.type} takes ${staffId} to ${load} of ${capacity}`
        }
        before = after
        return null
      },
      atRest: (desk, book) => {
        const wrong = book.staff.find(({ staff }) => desk.staff(staff.id)?.load !== loadOf(book, staff.id))
        return wrong === undefined ? null : `${wrong.staff.id}'s load is shown as ${desk.staff(wrong.staff.id)?.load}`
      },
    }
  },
}

function loads(book: Chronicle): Map<string, number> {
  return new Map(book.staff.map(({ staff }) => [staff.id, loadOf(book, staff.id)]))
}
