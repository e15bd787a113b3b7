import { ringingPairs } from '../chronicle/rings'
import { EdgeFold } from './edge-fold'
import type { Invariant } from './invariant'

/** I5: everybody for whom `rings` holds is being rung, and nobody else, after every single event. */
export const allTheConcerned: Invariant = {
  id: 'I5',
  name: 'all the concerned',
  watch: () => {
    const fold = new EdgeFold()
    return {
      afterEvent: ({ event, edges }, book) => {
        fold.add(edges)
        const due = ringingPairs(book).map(({ requestId, staffId }) => `${requestId} ${staffId}`)
        const unheard = due.find((pair) => !fold.on.has(pair))
        if (unheard !== undefined) return `${unheard} rings by definition after ${event.type}, and no edge says so`
        if (due.length === fold.on.size) return null
        const phantom = [...fold.on].find((pair) => !due.includes(pair))
        return `${phantom} is still rung after ${event.type}, and does not ring by definition`
      },
    }
  },
}
