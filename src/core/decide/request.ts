import type { CommandOf } from '../messages/command'
import type { DomainEvent } from '../messages/event'
import type { Refusal } from '../messages/refusal'
import { jsonBytesOf, type StaffId } from '../model/ids'
import { notInAudienceReason } from '../ringing/audience'
import { isInAudience } from '../ringing/rings'
import { resolveStartStep, seekerOf, seekerOfWeight } from '../ringing/steps'
import { requestToRepeat } from '../state/request-detail'
import type { DeskState, RequestState } from '../state/state'
import { closedOrUnknownRequest, type Decision, decided, isRefusal, refused, unchanged, unknownStaff } from './decision'
import { askingSessionEvents } from './presence'

export function requestChat(state: DeskState, command: CommandOf<'requestChat'>): Decision {
  const { requestId, visitorId, facts, routingResult, at } = command
  const live = requestToRepeat(state, visitorId)
  if (live !== undefined) return repeatRequest(state, live, at)
  if (state.requests.has(requestId) || state.closed.has(requestId)) return refused({ code: 'duplicate-id', requestId })
  const limit = limitRefusal(state, at)
  if (limit !== null) return refused(limit)
  const weight = command.weight ?? state.policy.weight
  const step = resolveStartStep(state, routingResult.route, 0, seekerOfWeight(weight))
  const opened = { type: 'request.opened', requestId, visitorId, facts, weight, routingResult, step, at } as const
  return decided([opened, ...askingSessionEvents(state, visitorId, at)], { ok: true, requestId, duplicate: false })
}

/** Returns the visitor's live request again; a visitor who had left arrives again by that. */
function repeatRequest(state: DeskState, { id, visitorId, detail }: RequestState, at: number): Decision {
  const outcome = { ok: true, requestId: id, duplicate: true } as const
  if (detail === null || detail.visitorLeftAt === null) return unchanged(outcome)
  const facts = state.visitors.get(visitorId)?.facts ?? {}
  const arrived = { type: 'visitor.arrived', visitorId, facts, alerted: [], at } as const
  return decided([arrived, ...askingSessionEvents(state, visitorId, at)], outcome)
}

function limitRefusal(state: DeskState, at: number): Refusal | null {
  const { policy, requests, arrivals } = state
  const { openRequestsMax, requestsPerMinuteMax } = policy
  if (requests.size >= openRequestsMax && countOpenRequests(state) >= openRequestsMax)
    return { code: 'limit-exceeded', limit: 'openRequestsMax', max: openRequestsMax }
  if (arrivals.minute !== Math.floor(at / 60_000) || arrivals.count < requestsPerMinuteMax) return null
  return { code: 'limit-exceeded', limit: 'requestsPerMinuteMax', max: requestsPerMinuteMax }
}

function countOpenRequests({ requests, staff }: DeskState): number {
  let count = requests.size
  for (const { chats } of staff.values()) count -= chats.size
  return count
}

export function cancel(state: DeskState, { requestId, reason, at }: CommandOf<'cancel'>): Decision {
  const request = state.requests.get(requestId)
  if (request === undefined) return closedOrUnknownRequest(state, requestId)
  return decided([closeEvent(state, request, { outcome: 'cancelled', reason, at })])
}

interface CloseDetails {
  readonly outcome: 'ended' | 'cancelled' | 'abandoned' | 'expired'
  readonly reason: string | null
  readonly at: number
}

/** Returns the event that closes a request; the wrap-up of the staff member who had it begins with it. */
export function closeEvent(state: DeskState, request: RequestState, { outcome, reason, at }: CloseDetails) {
  const staffId = request.assignment?.staff.id ?? null
  const wrapUpUntilAt = staffId === null ? null : wrapUpEndOf(state, at)
  const { id: requestId, visitorId } = request
  return { type: 'request.closed', requestId, visitorId, outcome, staffId, reason, wrapUpUntilAt, at } as const
}

/** Returns until when the slot of a chat stays occupied that ends or is transferred now; `null`: it is free at once. */
export function wrapUpEndOf({ policy }: DeskState, at: number): number | null {
  return policy.wrapUpMs > 0 ? at + policy.wrapUpMs : null
}

export function mute(state: DeskState, command: CommandOf<'mute'>): Decision {
  return muteUntil(state, command, null)
}

export function snooze(state: DeskState, command: CommandOf<'snooze'>): Decision {
  return muteUntil(state, command, command.at + command.forMs)
}

function muteUntil(state: DeskState, command: CommandOf<'mute' | 'snooze'>, untilAt: number | null): Decision {
  const { requestId, staffId, at } = command
  const request = findRequestInAudience(state, requestId, staffId)
  if (isRefusal(request)) return request
  const current = request.detail?.mutes.get(staffId)
  if (current !== undefined && current.untilAt === untilAt) return unchanged()
  return decided([{ type: 'request.muted', requestId, staffId, untilAt, at }])
}

export function unmute(state: DeskState, { requestId, staffId, at }: CommandOf<'unmute'>): Decision {
  const request = findRequestInAudience(state, requestId, staffId)
  if (isRefusal(request)) return request
  if (request.detail?.mutes.has(staffId) !== true) return unchanged()
  return decided([{ type: 'request.unmuted', requestId, staffId, at }])
}

export function decline(state: DeskState, { requestId, staffId, reason, at }: CommandOf<'decline'>): Decision {
  const request = findRequestInAudience(state, requestId, staffId)
  if (!isRefusal(request)) return decided([{ type: 'request.declined', requestId, staffId, reason, at }])
  const { outcome } = request
  const isRepeated = !outcome.ok && outcome.code === 'not-in-audience' && outcome.reason === 'declined'
  return isRepeated ? unchanged() : request
}

export function reroute(state: DeskState, { requestId, routingResult, at }: CommandOf<'reroute'>): Decision {
  const request = state.requests.get(requestId)
  if (request === undefined) return closedOrUnknownRequest(state, requestId)
  if (request.assignment !== null) return refused({ code: 'taken', requestId, by: request.assignment.staff.id })
  const step = resolveStartStep(state, routingResult.route, 0, seekerOf(request))
  return decided([{ type: 'request.rerouted', requestId, routingResult, step, at }])
}

/** The longest JSON of the facts of one request, in bytes of UTF-8. */
const factsBytesMax = 16_384

/** Merges facts into those of a request, and routes it anew when it is open and the command has a routing result. */
export function updateFacts(state: DeskState, command: CommandOf<'updateFacts'>): Decision {
  const { requestId, routingResult, at } = command
  const request = state.requests.get(requestId)
  if (request === undefined) return closedOrUnknownRequest(state, requestId)
  const facts = Object.freeze({ ...request.facts, ...command.facts })
  const text = JSON.stringify(facts)
  if (jsonBytesOf(facts) > factsBytesMax)
    return refused({ code: 'limit-exceeded', limit: 'factsBytesMax', max: factsBytesMax })
  const updated: DomainEvent[] =
    text === JSON.stringify(request.facts) ? [] : [{ type: 'request.factsUpdated', requestId, facts, at }]
  if (routingResult === null || request.assignment !== null) return decided(updated)
  const step = resolveStartStep(state, routingResult.route, 0, seekerOf(request))
  return decided([...updated, { type: 'request.rerouted', requestId, routingResult, step, at }])
}

/** Returns an open request whose audience the staff member belongs to, or the refusal. */
function findRequestInAudience(state: DeskState, requestId: string, staffId: StaffId): RequestState | Decision {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return unknownStaff(staffId)
  const request = state.requests.get(requestId)
  if (request === undefined) return closedOrUnknownRequest(state, requestId)
  if (request.assignment !== null) return refused({ code: 'taken', requestId, by: request.assignment.staff.id })
  if (isInAudience(request, staff)) return request
  return refused({ code: 'not-in-audience', requestId, staffId, reason: notInAudienceReason(request, staff) })
}
