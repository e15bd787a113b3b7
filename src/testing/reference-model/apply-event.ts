import type { DomainEvent, EventType, StaffId } from '../../core'
import { everyoneRoute, type RequestId, type RoutingResult } from '../../core'
import { presenceHandlers, restartIdleTime, setVisitorPresence } from './apply-presence-event'
import {
  type AssignmentRecord,
  type EventHandlers,
  findRequest,
  findStaff,
  type ReferenceModel,
  type RequestRecord,
} from './reference-model'
import { activeSteps, requiresOffer, updateReservations } from './ringing'

type LifecycleEvent =
  | 'request.opened'
  | 'request.accepted'
  | 'visitor.wrote'
  | 'request.replied'
  | 'request.released'
  | 'request.transferred'
  | 'transfer.returned'
  | 'request.rerouted'
  | 'request.factsUpdated'
  | 'request.closed'
  | 'wrapUp.ended'

/** The lifecycle of a request. */
export const requestHandlers: EventHandlers<LifecycleEvent> = {
  'request.opened': (model, { requestId, visitorId, facts, weight, routingResult, step, at }) => {
    setVisitorPresence(model, visitorId, true)
    model.requests.push({
      requestId,
      visitorId,
      facts,
      weight,
      ...routingFields(routingResult),
      ...restartedRouteFields(step, at),
      ...newRequestFields(routingResult, at),
    })
  },
  'request.accepted': (model, { requestId, staffId, assignmentId, by, at }) => {
    const request = by === null ? expectOpenRequest(model, requestId) : expectRequest(model, requestId)
    restartIdleTime(model, request.assignment?.staffId, at)
    const isAbsent = by !== null && by !== staffId && findStaff(model, staffId)?.isPresent === false
    assignTo(model, request, { assignmentId, staffId, at, absentSinceAt: isAbsent ? at : null })
  },
  'visitor.wrote': (model, { requestId, at }) => {
    const { assignment } = expectAssignedRequest(model, requestId)
    if (assignment !== null) assignment.replySinceAt = at
  },
  'request.replied': (model, { requestId }) => {
    const { assignment } = expectRequest(model, requestId)
    if (assignment === null) throw new Error(`${requestId} was replied to, and it is not assigned`)
    Object.assign(assignment, { firstReplySinceAt: null, replySinceAt: null, silentSinceAt: null })
  },
  'request.released': (model, { requestId, staffId, by, cause, exclude, route, step, at }) => {
    const request = expectAssignedRequest(model, requestId)
    restartIdleTime(model, staffId, at)
    reopen(request, step, at)
    if (route === 'workflow') Object.assign(request, request.workflowRoute, { transferredBy: null })
    if (cause === 'no-reply' || cause === 'assignee-absent') request.mutes = [{ staffId, untilAt: null }]
    if (exclude) addDecline(request, findStaff(model, by) === undefined ? staffId : by)
  },
  'request.transferred': (model, event) => {
    const { requestId, staffId, by, route, step, returnAt, wrapUpUntilAt, at } = event
    const request = staffId === null ? expectOpenRequest(model, requestId) : expectAssignedRequest(model, requestId)
    const { assignment } = request
    if (wrapUpUntilAt === null) restartIdleTime(model, assignment?.staffId, at)
    else if (assignment !== null) startWrapUp(model, request, assignment, at)
    if (assignment === null) Object.assign(request, restartedRouteFields(step, at))
    else reopen(request, step, at)
    Object.assign(request, { route, workflow: null, transferredBy: by })
    const named = route.steps.flatMap(({ to }) => (to === 'everyone' ? [] : (to.staff ?? [])))
    request.declinedBy = request.declinedBy.filter((each) => !named.includes(each))
    if (staffId === null || returnAt === null) return
    request.mutes = named.includes(staffId) ? [] : [{ staffId, untilAt: null }]
    request.transfer = { by: staffId, sinceAt: at }
  },
  'transfer.returned': (model, { requestId, to, at }) => {
    const request = expectOpenRequest(model, requestId)
    Object.assign(request, restartedRouteFields(to === null ? 0 : request.step, at))
    if (to === null) Object.assign(request, { route: everyoneRoute, workflow: null })
    else assignTo(model, request, { ...to, at, absentSinceAt: null })
  },
  'request.factsUpdated': (model, { requestId, facts }) => {
    expectRequest(model, requestId).facts = facts
  },
  'request.rerouted': (model, { requestId, routingResult, step, at }) => {
    const { workflow, route } = routingResult
    Object.assign(expectOpenRequest(model, requestId), routingFields(routingResult), restartedRouteFields(step, at), {
      transferredBy: null,
      workflowRoute: { workflow, route },
    })
  },
  'request.closed': (model, { requestId, outcome, staffId, wrapUpUntilAt, at }) => {
    const request = expectRequest(model, requestId)
    if (request.outcome !== null) throw new Error(`${requestId} was closed twice`)
    const { assignment } = request
    Object.assign(request, { outcome, assignment: null, offers: [], transfer: null })
    if (wrapUpUntilAt === null) restartIdleTime(model, staffId ?? undefined, at)
    else if (assignment !== null) startWrapUp(model, request, assignment, at)
  },
  'wrapUp.ended': (model, { assignmentId, staffId, at }) => {
    const isThis = (wrapUp: { readonly assignmentId: string }) => wrapUp.assignmentId === assignmentId
    if (model.wrapUps.find(isThis)?.staffId !== staffId) throw new Error(`${staffId} has no wrap-up of ${assignmentId}`)
    restartIdleTime(model, staffId, at)
    model.wrapUps = model.wrapUps.filter((wrapUp) => !isThis(wrapUp))
  },
}

type NewAssignment = Pick<AssignmentRecord, 'assignmentId' | 'staffId' | 'at' | 'absentSinceAt'>

/** The wrap-ups of this request that the staff member still has end. */
function assignTo(model: ReferenceModel, request: RequestRecord, assignment: NewAssignment): void {
  const { staffId, at } = assignment
  const { requestId } = request
  restartIdleTime(model, staffId, at)
  model.wrapUps = model.wrapUps.filter((each) => each.requestId !== requestId || each.staffId !== staffId)
  const isReplyOwed = request.isReplyOwed || (request.assignment !== null && request.assignment.replySinceAt !== null)
  const replies = { firstReplySinceAt: at, replySinceAt: isReplyOwed ? at : null, silentSinceAt: null }
  request.assignment = { ...assignment, ...replies, isAbsenceReported: false }
  Object.assign(request, { offers: [], transfer: null, longWait: null, isReplyOwed: false })
}

function reopen(request: RequestRecord, step: number, at: number): void {
  const isReplyOwed = request.assignment !== null && request.assignment.replySinceAt !== null
  Object.assign(request, restartedRouteFields(step, at), { assignment: null, reopenedAt: at, isReplyOwed })
}

function startWrapUp(
  model: ReferenceModel,
  { requestId, weight }: RequestRecord,
  { assignmentId, staffId }: AssignmentRecord,
  at: number,
): void {
  model.wrapUps.push({ requestId, assignmentId, staffId, weight, sinceAt: at })
}

function routingFields({ workflow, route, priority, tags }: RoutingResult) {
  return { workflow, route, priority, tags }
}

/** A new route resets mutes, offers and the offer round; declines stay. */
function restartedRouteFields(step: number, at: number) {
  return { step, routedAt: at, mutes: [], offers: [], missedThisRound: [], roundEndedAt: null, transfer: null }
}

function newRequestFields({ workflow, route }: RoutingResult, at: number) {
  return {
    openedAt: at,
    outcome: null,
    assignment: null,
    transferredBy: null,
    declinedBy: [],
    reservedStaffId: null,
    workflowRoute: { workflow, route },
    longWait: null,
    visitorLeftAt: null,
    reopenedAt: at,
    isReplyOwed: false,
  }
}

export function addDecline(request: RequestRecord, staffId: string): void {
  if (!request.declinedBy.includes(staffId)) request.declinedBy.push(staffId)
}

/** @throws Error when the request is closed or assigned: the event is a bug of the core. */
export function expectOpenRequest(model: ReferenceModel, requestId: RequestId): RequestRecord {
  const request = expectRequest(model, requestId)
  if (request.outcome !== null) throw new Error(`an event calls ${requestId} open after it was ${request.outcome}`)
  if (request.assignment !== null)
    throw new Error(`an event calls ${requestId} open while ${request.assignment.staffId} has it`)
  return request
}

function expectAssignedRequest(model: ReferenceModel, requestId: RequestId): RequestRecord {
  const request = expectRequest(model, requestId)
  if (request.assignment === null) throw new Error(`an event calls ${requestId} assigned, and it is not`)
  return request
}

function expectRequest(model: ReferenceModel, requestId: RequestId): RequestRecord {
  const request = findRequest(model, requestId)
  if (request === undefined) throw new Error(`an event names ${requestId}, which was never opened`)
  return request
}

type RingingEvent =
  | 'request.muted'
  | 'request.unmuted'
  | 'snooze.ended'
  | 'request.declined'
  | 'step.started'
  | 'request.reminded'
  | 'offer.made'
  | 'offer.expired'
  | 'offerRound.ended'
  | 'offerRound.started'
  | 'request.unattended'

/** Mutes, steps, offers and reminders of an open request. */
export const ringingHandlers: EventHandlers<RingingEvent> = {
  'request.muted': (model, { requestId, staffId, untilAt }) => {
    const request = expectOpenRequest(model, requestId)
    removeMute(request, staffId)
    request.mutes.push({ staffId, untilAt })
    removeOffer(request, staffId)
  },
  'request.unmuted': (model, { requestId, staffId }) => removeMute(expectOpenRequest(model, requestId), staffId),
  'snooze.ended': (model, { requestId, staffId }) => removeMute(expectOpenRequest(model, requestId), staffId),
  'request.declined': (model, { requestId, staffId }) => {
    const request = expectOpenRequest(model, requestId)
    addDecline(request, staffId)
    removeMute(request, staffId)
    removeOffer(request, staffId)
  },
  'step.started': (model, { requestId, step }) => {
    Object.assign(expectOpenRequest(model, requestId), { step, mutes: [], missedThisRound: [], roundEndedAt: null })
  },
  'request.reminded': (model, { requestId }) => {
    const request = expectOpenRequest(model, requestId)
    request.mutes = []
  },
  'offer.made': (model, { requestId, staffIds, at }) => {
    const request = expectOpenRequest(model, requestId)
    const ring = activeSteps(model, request).findLast((step) => step.ring !== 'all')?.ring
    const timeoutMs = ring === undefined || ring === 'all' ? null : (ring.offerTimeoutMs ?? null)
    for (const staffId of staffIds) request.offers.push({ staffId, sinceAt: at, timeoutMs })
  },
  'offer.expired': (model, { requestId, staffId }) => {
    const request = expectOpenRequest(model, requestId)
    removeOffer(request, staffId)
    request.missedThisRound.push(staffId)
  },
  'offerRound.ended': (model, { requestId, at }) => {
    const request = expectOpenRequest(model, requestId)
    request.roundEndedAt = at
  },
  'offerRound.started': (model, { requestId }) => {
    Object.assign(expectOpenRequest(model, requestId), { roundEndedAt: null, missedThisRound: [] })
  },
  'request.unattended': (model, { requestId, cause, at }) => {
    if (cause === 'assignee-absent' || cause === 'no-reply') {
      const { assignment } = expectAssignedRequest(model, requestId)
      if (assignment === null) return
      if (cause === 'no-reply') assignment.silentSinceAt = at
      else assignment.isAbsenceReported = true
      return
    }
    const request = expectOpenRequest(model, requestId)
    if (cause !== 'waited-too-long') return
    request.longWait = { reportedAt: at, reports: (request.longWait?.reports ?? 0) + 1 }
  },
}

function removeMute(request: RequestRecord, staffId: StaffId): void {
  request.mutes = request.mutes.filter((mute) => mute.staffId !== staffId)
}

function removeOffer(request: RequestRecord, staffId: StaffId): void {
  request.offers = request.offers.filter((offer) => offer.staffId !== staffId)
}

const eventHandlers: EventHandlers<EventType> = { ...presenceHandlers, ...requestHandlers, ...ringingHandlers }

/** Applies one event to the model, in place. Removes offers that no longer ring for their holder. */
export function applyEvent(model: ReferenceModel, event: DomainEvent): void {
  const apply = eventHandlers[event.type] as (model: ReferenceModel, event: DomainEvent) => void
  apply(model, event)
  model.at = Math.max(model.at, event.at)
  withdrawLostOffers(model)
  updateReservations(model)
  withdrawLostOffers(model)
}

function withdrawLostOffers(model: ReferenceModel): void {
  for (const request of model.requests) {
    if (request.offers.length === 0) continue
    request.offers = request.offers.filter(({ staffId }) => requiresOffer(model, staffId, request))
  }
}
