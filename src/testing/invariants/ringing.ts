import type { Edge, RequestId, StaffId } from '../../core'
import type { Step } from '../driver/scenario'
import { findRequest, isOpen, type ReferenceModel } from '../reference-model/reference-model'
import { isInAudience, ringingPairs } from '../reference-model/ringing'
import type { Invariant } from './invariant'

/** I3: `ring` and `stop` alternate for each pair; folded, they equal the desk's rings, all of open requests. */
export const edgesAlternate: Invariant = {
  id: 'I3',
  name: 'edges alternate',
  createObserver: () => {
    const fold = new EdgeFold()
    return {
      afterEvent: ({ edges }, model) => {
        const violation = fold.apply(edges) ?? findRepeatedPair(edges)
        if (violation !== null) return violation
        for (const pair of fold.ringing) {
          const request = findRequest(model, pair.slice(0, pair.indexOf(' ')))
          if (request === undefined || !isOpen(request)) return `${pair} rings and is not open`
        }
        return null
      },
      onIdle: (desk, model) => {
        const shown = model.staff.flatMap(({ staff }) =>
          desk.ringing(staff.id).map((requestId) => `${requestId} ${staff.id}`),
        )
        const missing = shown.find((pair) => !fold.ringing.has(pair))
        if (missing !== undefined) return `${missing} is shown as ringing, and the edges say it is not`
        return shown.length === fold.ringing.size
          ? null
          : `the edges ring ${[...fold.ringing]}, the desk shows ${shown}`
      },
    }
  },
}

/** One event changes a pair at most once. */
function findRepeatedPair(edges: readonly Edge[]): string | null {
  const pairs = edges.flatMap((edge) =>
    edge.type === 'visitor' ? [] : edge.staffIds.map((staffId) => `${edge.requestId} ${staffId}`),
  )
  const twice = pairs.find((pair, index) => pairs.indexOf(pair) !== index)
  return twice === undefined ? null : `${twice} changes twice within one event`
}

/** I4: no staff member outside the audience is rung. */
export const ringsNobodyElse: Invariant = {
  id: 'I4',
  name: 'rings nobody else',
  createObserver: () => ({
    afterEvent: ({ event, edges }, model) => {
      for (const edge of edges) {
        if (edge.type !== 'ring') continue
        const request = findRequest(model, edge.requestId)
        const outsider = edge.staffIds.find(
          (staffId) => request === undefined || !isInAudience(model, staffId, request),
        )
        if (outsider !== undefined)
          return `${outsider} is rung for ${edge.requestId} at ${event.type} and is not in its audience`
      }
      return null
    },
  }),
}

/** I5: after every event exactly the staff members for whom `rings` holds are rung. */
export const ringsEveryoneEligible: Invariant = {
  id: 'I5',
  name: 'rings everyone eligible',
  createObserver: () => {
    const fold = new EdgeFold()
    return {
      afterEvent: ({ event, edges }, model) => {
        fold.apply(edges)
        const due = ringingPairs(model).map(({ requestId, staffId }) => `${requestId} ${staffId}`)
        const missing = due.find((pair) => !fold.ringing.has(pair))
        if (missing !== undefined) return `${missing} rings by definition after ${event.type}, and no edge says so`
        if (due.length === fold.ringing.size) return null
        const phantom = [...fold.ringing].find((pair) => !due.includes(pair))
        return `${phantom} is still rung after ${event.type}, and does not ring by definition`
      },
    }
  },
}

/**
 * I6: a mute, snooze or decline changes the ring of no other staff member, except by the offer that it frees and by the
 * slot that a request too heavy for everybody starts or ends to reserve.
 */
export const muteIsolation: Invariant = {
  id: 'I6',
  name: 'mute isolation',
  createObserver: () => {
    let reservations = new Map<StaffId, RequestId>()
    let reservationChanged = new Set<StaffId>()
    return {
      afterEvent: (_applied, model) => {
        const former = reservations
        reservations = reservationsOf(model)
        for (const staffId of new Set([...former.keys(), ...reservations.keys()])) {
          if (former.get(staffId) !== reservations.get(staffId)) reservationChanged.add(staffId)
        }
        return null
      },
      afterStep: (step) => {
        const excused = reservationChanged
        reservationChanged = new Set()
        return findAffectedOther(step, excused)
      },
    }
  },
}

function reservationsOf({ requests }: ReferenceModel): Map<StaffId, RequestId> {
  const reservations = new Map<StaffId, RequestId>()
  for (const { requestId, reservedStaffId } of requests) {
    if (reservedStaffId !== null) reservations.set(reservedStaffId, requestId)
  }
  return reservations
}

function findAffectedOther({ command, applied }: Step, excused: ReadonlySet<StaffId>): string | null {
  if (command.type !== 'mute' && command.type !== 'snooze' && command.type !== 'decline') return null
  const { staffId } = command
  for (const { event, edges } of applied) {
    if (event.type === 'request.reminded' || event.type === 'step.started') return null
    const relevant = edges.filter((edge) => edge.type === 'stop' || event.type !== 'offer.made')
    const other = relevant.flatMap((edge) => edge.staffIds).find((each) => each !== staffId && !excused.has(each))
    if (other !== undefined) return `${staffId}'s ${command.type} changed the ring of ${other} by ${event.type}`
  }
  return null
}

/** Folds `ring` and `stop` into the pairs that ring, as a client does. */
export class EdgeFold {
  /** Request id and staff id, with a space between. */
  readonly ringing = new Set<string>()

  /** Returns the first edge that does not alternate, in words; `null` when all do. */
  apply(edges: readonly Edge[]): string | null {
    for (const edge of edges) {
      if (edge.type === 'visitor') continue
      for (const staffId of edge.staffIds) {
        const violation = this.#applyPair(edge.type, `${edge.requestId} ${staffId}`)
        if (violation !== null) return violation
      }
    }
    return null
  }

  #applyPair(type: 'ring' | 'stop', pair: string): string | null {
    if (type === 'ring' && this.ringing.has(pair)) return `${pair} is rung twice`
    if (type === 'stop' && !this.ringing.has(pair)) return `${pair} is stopped and did not ring`
    if (type === 'ring') this.ringing.add(pair)
    else this.ringing.delete(pair)
    return null
  }
}
