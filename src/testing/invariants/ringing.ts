import type { Edge, StaffId } from '../../core'
import type { Step } from '../driver/scenario'
import { findRequest, isOpen } from '../reference-model/reference-model'
import { isInAudience, ringingPairs } from '../reference-model/ringing'
import type { Invariant } from './invariant'

/** I3: per pair `ring` and `stop` alternate; folded they are what the desk calls ringing, and nothing closed is on. */
export const edgesAlternate: Invariant = {
  id: 'I3',
  name: 'paired edges',
  createObserver: () => {
    const fold = new EdgeFold()
    return {
      afterEvent: ({ edges }, book) => {
        const complaint = fold.apply(edges) ?? findRepeatedPair(edges)
        if (complaint !== null) return complaint
        for (const pair of fold.ringing) {
          const request = findRequest(book, pair.slice(0, pair.indexOf(' ')))
          if (request === undefined || !isOpen(request)) return `${pair} rings and is not open`
        }
        return null
      },
      atRest: (desk, book) => {
        const told = book.staff.flatMap(({ staff }) =>
          desk.ringing(staff.id).map((requestId) => `${requestId} ${staff.id}`),
        )
        const missing = told.find((pair) => !fold.ringing.has(pair))
        if (missing !== undefined) return `${missing} is shown as ringing, and the edges say it is not`
        return told.length === fold.ringing.size ? null : `the edges ring ${[...fold.ringing]}, the desk shows ${told}`
      },
    }
  },
}

/** One event changes a pair once or not at all: nothing rings for an instant between two states. */
function findRepeatedPair(edges: readonly Edge[]): string | null {
  const pairs = edges.flatMap((edge) =>
    edge.type === 'visitor' ? [] : edge.staffIds.map((staffId) => `${edge.requestId} ${staffId}`),
  )
  const twice = pairs.find((pair, index) => pairs.indexOf(pair) !== index)
  return twice === undefined ? null : `${twice} changes twice within one event`
}

/** I4: nobody outside the audience is ever rung. */
export const ringsNobodyElse: Invariant = {
  id: 'I4',
  name: 'only the concerned',
  createObserver: () => ({
    afterEvent: ({ event, edges }, book) => {
      for (const edge of edges) {
        if (edge.type !== 'ring') continue
        const request = findRequest(book, edge.requestId)
        const stranger = edge.staffIds.find((staffId) => request === undefined || !isInAudience(book, staffId, request))
        if (stranger !== undefined) return `${stranger} is rung for ${edge.requestId} at ${event.type} and is not meant`
      }
      return null
    },
  }),
}

/** I5: everybody for whom `rings` holds is being rung, and nobody else, after every single event. */
export const ringsEveryoneEligible: Invariant = {
  id: 'I5',
  name: 'all the concerned',
  createObserver: () => {
    const fold = new EdgeFold()
    return {
      afterEvent: ({ event, edges }, book) => {
        fold.apply(edges)
        const due = ringingPairs(book).map(({ requestId, staffId }) => `${requestId} ${staffId}`)
        const unheard = due.find((pair) => !fold.ringing.has(pair))
        if (unheard !== undefined) return `${unheard} rings by definition after ${event.type}, and no edge says so`
        if (due.length === fold.ringing.size) return null
        const phantom = [...fold.ringing].find((pair) => !due.includes(pair))
        return `${phantom} is still rung after ${event.type}, and does not ring by definition`
      },
    }
  },
}

/** I6: one person's mute, snooze or decline stops nobody else, and rings nobody else but by a free offer passed on. */
export const muteIsolation: Invariant = {
  id: 'I6',
  name: 'mute isolation',
  createObserver: () => ({ afterTurn: (turn) => findAffectedOther(turn) }),
}

function findAffectedOther({ command, steps }: Step): string | null {
  if (command.type !== 'mute' && command.type !== 'snooze' && command.type !== 'decline') return null
  const { staffId } = command
  for (const { event, edges } of steps) {
    if (event.type === 'request.reminded' || event.type === 'step.started') return null
    const heard = edges.filter((edge) => edge.type === 'stop' || event.type !== 'offer.made')
    const other = heard.flatMap((edge) => otherStaffIds(edge, staffId))[0]
    if (other !== undefined) return `${staffId}'s ${command.type} changed the ring of ${other} by ${event.type}`
  }
  return null
}

function otherStaffIds(edge: Edge, staffId: StaffId): StaffId[] {
  return edge.staffIds.filter((each) => each !== staffId)
}

/** Folds `ring` and `stop` into the pairs that are on, as a client does; answers with the first edge out of turn. */
export class EdgeFold {
  /** `request staff`, by a space. */
  readonly ringing = new Set<string>()

  apply(edges: readonly Edge[]): string | null {
    for (const edge of edges) {
      if (edge.type === 'visitor') continue
      for (const staffId of edge.staffIds) {
        const complaint = this.#turn(edge.type, `${edge.requestId} ${staffId}`)
        if (complaint !== null) return complaint
      }
    }
    return null
  }

  #turn(type: 'ring' | 'stop', pair: string): string | null {
    if (type === 'ring' && this.ringing.has(pair)) return `${pair} is rung twice`
    if (type === 'stop' && !this.ringing.has(pair)) return `${pair} is stopped and did not ring`
    if (type === 'ring') this.ringing.add(pair)
    else this.ringing.delete(pair)
    return null
  }
}
