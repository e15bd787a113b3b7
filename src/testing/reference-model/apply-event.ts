import type { DomainEvent, EventType, StaffId } from '../../core'
import { everyoneRoute, type RequestId, type RoutingResult } from '../../core'
import { presenceHandlers, restartIdleTime, setVisitorPresence } from './apply-presence-event'
import { type EventHandlers, findRequest, findStaff, type ReferenceModel, type RequestRecord } from './reference-model'
import { requiresOffer, updateReservations } from './ringing'

type LifecycleEvent =
  | 'request.opened'
  | 'request.accepted'
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
      ...newRequestFields(at),
    })
  },
  'request.accepted': (model, { requestId, staffId, assignmentId, by, replyDueAt, at }) => {
    const request = by === null ? expectOpenRequest(model, requestId) : expectRequest(model, requestId)
    restartIdleTime(model, request.assignment?.staffId, at)
    restartIdleTime(model, staffId, at)
    request.assignment = { assignmentId, staffId, at, replyDueAt }
    Object.assign(request, { offers: [], transfer: null, nextUnattendedAt: null, abandonAt: null })
  },
  'request.replied': (model, { requestId }) => {
    const { assignment } = expectRequest(model, requestId)
    if (assignment === null) throw new Error(`${requestId} was replied to, and it is not assigned`)
    assignment.replyDueAt = null
  },
  'request.released': (model, { requestId, staffId, by, cause, exclude, step, at }) => {
    const request = expectAssignedRequest(model, requestId)
    restartIdleTime(model, staffId, at)
    Object.assign(request, restartedRouteFields(step, at), { assignment: null })
    if (cause === 'no-reply') request.mutes = [{ staffId, untilAt: null }]
    if (exclude) addDecline(request, findStaff(model, by) === undefined ? staffId : by)
  },
  'request.transferred': (model, { requestId, staffId, by, route, step, returnAt, at }) => {
    const request = staffId === null ? expectOpenRequest(model, requestId) : expectAssignedRequest(model, requestId)
    restartIdleTime(model, request.assignment?.staffId, at)
    Object.assign(request, restartedRouteFields(step, at), { assignment: null, route, workflow: null })
    request.transferredBy = by
    const named = route.steps.flatMap(({ to }) => (to === 'everyone' ? [] : (to.staff ?? [])))
    request.declinedBy = request.declinedBy.filter((each) => !named.includes(each))
    if (staffId === null || returnAt === null) return
    request.mutes = named.includes(staffId) ? [] : [{ staffId, untilAt: null }]
    request.transfer = { by: staffId, returnAt }
  },
  'transfer.returned': (model, { requestId, to, at }) => {
    const request = expectOpenRequest(model, requestId)
    Object.assign(request, restartedRouteFields(to === null ? 0 : request.step, at))
    restartIdleTime(model, to?.staffId, at)
    if (to === null) Object.assign(request, { route: everyoneRoute, workflow: null })
    else
      Object.assign(request, { assignment: { ...to, at, replyDueAt: null }, nextUnattendedAt: null, abandonAt: null })
  },
  'request.factsUpdated': (model, { requestId, facts }) => {
    expectRequest(model, requestId).facts = facts
  },
  'request.rerouted': (model, { requestId, routingResult, step, at }) => {
    Object.assign(expectOpenRequest(model, requestId), routingFields(routingResult), restartedRouteFields(step, at), {
      transferredBy: null,
    })
  },
  'request.closed': (model, { requestId, outcome, staffId, wrapUpUntilAt, at }) => {
    const request = expectRequest(model, requestId)
    if (request.outcome !== null) throw new Error(`${requestId} was closed twice`)
    Object.assign(request, { outcome, assignment: null, offers: [], transfer: null })
    if (wrapUpUntilAt === null) restartIdleTime(model, staffId ?? undefined, at)
    if (staffId === null || wrapUpUntilAt === null) return
    model.wrapUps.push({ requestId, staffId, weight: request.weight, untilAt: wrapUpUntilAt })
  },
  'wrapUp.ended': (model, { requestId, at }) => {
    restartIdleTime(model, model.wrapUps.find((wrapUp) => wrapUp.requestId === requestId)?.staffId, at)
    model.wrapUps = model.wrapUps.filter((wrapUp) => wrapUp.requestId !== requestId)
  },
}

function routingFields({ workflow, route, priority, tags }: RoutingResult) {
  return { workflow, route, priority, tags }
}

/** A new route resets mutes, offers and the offer round; declines stay. */
function restartedRouteFields(step: number, at: number) {
  return { step, routedAt: at, mutes: [], offers: [], missedThisRound: [], nextRoundAt: null, transfer: null }
}

function newRequestFields(at: number) {
  return {
    openedAt: at,
    outcome: null,
    assignment: null,
    transferredBy: null,
    declinedBy: [],
    reservedStaffId: null,
    nextUnattendedAt: null,
    abandonAt: null,
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
    Object.assign(expectOpenRequest(model, requestId), { step, mutes: [], missedThisRound: [], nextRoundAt: null })
  },
  'request.reminded': (model, { requestId }) => {
    const request = expectOpenRequest(model, requestId)
    request.mutes = []
  },
  'offer.made': (model, { requestId, staffIds, untilAt }) => {
    const request = expectOpenRequest(model, requestId)
    for (const staffId of staffIds) request.offers.push({ staffId, untilAt })
  },
  'offer.expired': (model, { requestId, staffId }) => {
    const request = expectOpenRequest(model, requestId)
    removeOffer(request, staffId)
    request.missedThisRound.push(staffId)
  },
  'offerRound.ended': (model, { requestId, nextRoundAt }) => {
    const request = expectOpenRequest(model, requestId)
    request.nextRoundAt = nextRoundAt
  },
  'offerRound.started': (model, { requestId }) => {
    Object.assign(expectOpenRequest(model, requestId), { nextRoundAt: null, missedThisRound: [] })
  },
  'request.unattended': (model, { requestId, cause, nextAt }) => {
    if (cause === 'waited-too-long') expectOpenRequest(model, requestId).nextUnattendedAt = nextAt
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
