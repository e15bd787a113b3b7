import { requestIn } from '../chronicle/chronicle'
import { isInAudience } from '../chronicle/rings'
import type { Invariant } from './invariant'

/** I4: nobody outside the audience is ever rung. */
export const onlyTheConcerned: Invariant = {
  id: 'I4',
  name: 'only the concerned',
  watch: () => ({
    afterEvent: ({ event, edges }, book) => {
      for (const edge of edges) {
        if (edge.type !== 'ring') continue
        const request = requestIn(book, edge.requestId)
        const stranger = edge.staffIds.find((staffId) => request === undefined || !isInAudience(book, staffId, request))
        if (stranger !== undefined) return `${stranger} is rung for ${edge.requestId} at ${event.type} and is not meant`
      }
      return null
    },
  }),
}
