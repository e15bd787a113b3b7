import { everyoneRoute } from '../../core'
import type { Invariant } from './invariant'

const lateVerdict = { workflow: 'late', route: everyoneRoute, priority: 99, tags: [] }

/** I12: a timer that fires before its time and a rule result for what is no longer open change nothing. */
export const staleIsHarmless: Invariant = {
  id: 'I12',
  name: 'stale is harmless',
  watch: () => ({
    atRest: (desk, book) => {
      if (desk.ask === undefined) return null
      const due = desk.nextDueAt?.() ?? null
      const early = due === null ? book.at : Math.max(book.at, due - 1)
      const fired = desk.ask({ type: 'tick', at: early, times: [] }).events
      if (fired.length > 0) return `a tick at ${early}, before ${due}, makes ${fired.map(({ type }) => type)}`
      const closed = book.requests.findLast(({ outcome }) => outcome !== null)
      if (closed === undefined) return null
      const late = desk.ask({ type: 'reroute', at: book.at, requestId: closed.requestId, verdict: lateVerdict })
      return late.events.length === 0 && !late.outcome.ok
        ? null
        : `a late verdict changed the closed ${closed.requestId}`
    },
  }),
}
