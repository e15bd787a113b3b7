import type { Edge } from '../messages/edge'
import { EdgeCollector } from '../messages/edge'
import type { DomainEvent, EventOf, EventType } from '../messages/event'
import type { RequestId } from '../model/ids'
import { scheduleRequest } from '../ringing/next-action'
import { findUnblockedOffers, pruneOfferable } from '../ringing/offers'
import { removeReversedEdges, updateReservations } from '../ringing/reservations'
import type { DeskState, RequestState } from '../state/state'
import {
  requestAccepted,
  requestClosed,
  requestReleased,
  requestReplied,
  requestTransferred,
  transferReturned,
  visitorWrote,
  wrapUpEnded,
} from './assignment'
import {
  availabilityChanged,
  presenceEnded,
  sessionEnded,
  sessionRenewed,
  sessionStarted,
  staffNotResponding,
} from './presence'
import {
  offerExpired,
  offerMade,
  offerRoundEnded,
  offerRoundStarted,
  requestDeclined,
  requestFactsUpdated,
  requestMuted,
  requestOpened,
  requestReminded,
  requestRerouted,
  requestUnattended,
  requestUnmuted,
  stepStarted,
} from './request'
import {
  policySet,
  shiftChanged,
  shiftsSet,
  staffRemoved,
  staffSet,
  workflowRemoved,
  workflowSet,
  workflowsSet,
} from './roster'
import {
  deskResumed,
  visitorArrived,
  visitorForgotten,
  visitorLeft,
  visitorSessionEnded,
  visitorSessionRenewed,
} from './visitor'

type EventHandlers = {
  readonly [Type in EventType]: (state: DeskState, edges: EdgeCollector, event: EventOf<Type>) => void
}

const handlers: EventHandlers = {
  'desk.resumed': deskResumed,
  'policy.set': policySet,
  'workflows.set': workflowsSet,
  'workflow.set': workflowSet,
  'workflow.removed': workflowRemoved,
  'staff.set': staffSet,
  'staff.removed': staffRemoved,
  'shifts.set': shiftsSet,
  'shift.started': shiftChanged,
  'shift.ended': shiftChanged,
  'session.started': sessionStarted,
  'session.renewed': sessionRenewed,
  'session.ended': sessionEnded,
  'presence.ended': presenceEnded,
  'availability.changed': availabilityChanged,
  'staff.notResponding': staffNotResponding,
  'visitor.arrived': visitorArrived,
  'visitor.left': visitorLeft,
  'visitorSession.started': visitorSessionRenewed,
  'visitorSession.renewed': visitorSessionRenewed,
  'visitorSession.ended': visitorSessionEnded,
  'visitor.forgotten': visitorForgotten,
  'request.opened': requestOpened,
  'request.factsUpdated': ofRequest(requestFactsUpdated),
  'request.muted': ofRequest(requestMuted),
  'request.unmuted': ofRequest(requestUnmuted),
  'snooze.ended': ofRequest(requestUnmuted),
  'request.declined': ofRequest(requestDeclined),
  'request.accepted': ofRequest<EventOf<'request.accepted'>>(requestAccepted),
  'visitor.wrote': ofRequest(visitorWrote),
  'request.replied': ofRequest(requestReplied),
  'request.released': ofRequest(requestReleased),
  'request.transferred': ofRequest(requestTransferred),
  'transfer.returned': ofRequest(transferReturned),
  'request.rerouted': ofRequest(requestRerouted),
  'step.started': ofRequest(stepStarted),
  'request.reminded': ofRequest(requestReminded),
  'offer.made': ofRequest(offerMade),
  'offer.expired': ofRequest(offerExpired),
  'offerRound.ended': ofRequest(offerRoundEnded),
  'offerRound.started': ofRequest(offerRoundStarted),
  'request.unattended': ofRequest(requestUnattended),
  'request.closed': ofRequest(requestClosed),
  'wrapUp.ended': wrapUpEnded,
}

/**
 * Folds one event into the state, in place, and returns the edges that it causes, in the order in which they are to
 * be emitted. Decides nothing: the event holds every choice.
 */
export function evolve(state: DeskState, event: DomainEvent): readonly Edge[] {
  const edges = new EdgeCollector()
  state.at = Math.max(state.at, event.at)
  const handler = handlers[event.type] as (state: DeskState, edges: EdgeCollector, event: DomainEvent) => void
  handler(state, edges, event)
  if (state.heavyRequests.entries.length > 0 || state.reservedStaff.size > 0) updateReservations(state, edges)
  if (state.hasUnblockedOffers) findUnblockedOffers(state)
  if (state.offerable.size > 0) for (const request of pruneOfferable(state)) scheduleRequest(state, request)
  if (edges.mayReverse) removeReversedEdges(state, edges)
  return edges.list
}

/** Returns a handler that ignores an event of a request that is not in the state. */
function ofRequest<Event extends { readonly requestId: RequestId }>(
  handler: (state: DeskState, edges: EdgeCollector, request: RequestState, event: Event) => void,
) {
  return (state: DeskState, edges: EdgeCollector, event: Event): void => {
    const request = state.requests.get(event.requestId)
    if (request !== undefined) handler(state, edges, request, event)
  }
}
