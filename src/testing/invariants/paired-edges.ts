import type { Edge } from '../../core'
import { isOpen, requestIn } from '../chronicle/chronicle'
import { EdgeFold } from './edge-fold'
import type { Invariant } from './invariant'

/** I3: per pair `ring` and `stop` alternate; folded they are what the desk calls ringing, and nothing closed is on. */
export const pairedEdges: Invariant = {
  id: 'I3',
  name: 'paired edges',
  watch: () => {
    const fold = new EdgeFold()
    return {
      afterEvent: ({ edges }, book) => {
        const complaint = fold.add(edges) ?? toldTwice(edges)
        if (complaint !== null) return complaint
        for (const pair of fold.on) {
          const request = requestIn(book, pair.slice(0, pair.indexOf(' ')))
          if (request === undefined || !isOpen(request)) return `${pair} rings and is not open`
        }
        return null
      },
      atRest: (desk, book) => {
        const told = book.staff.flatMap(({ staff }) =>
          desk.ringing(staff.id).map((requestId) => `${requestId} ${staff.id}`),
        )
        const missing = told.find((pair) => !fold.on.has(pair))
        if (missing !== undefined) return `${missing} is shown as ringing, and the edges say it is not`
        return told.length === fold.on.size ? null : `the edges ring ${[...fold.on]}, the desk shows ${told}`
      },
    }
  },
}

/** One event changes a pair once or not at all: nothing rings for an instant between two states. */
function toldTwice(edges: readonly Edge[]): string | null {
  const pairs = edges.flatMap((edge) =>
    edge.type === 'visitor' ? [] : edge.staffIds.map((staffId) => `${edge.requestId} ${staffId}`),
  )
  const twice = pairs.find((pair, index) => pairs.indexOf(pair) !== index)
  return twice === undefined ? null : `${twice} changes twice within one event`
}
