import { startStep } from './advance'
import type { CommandOf } from './command'
import { type Decision, decided, refused, unchanged } from './decision'
import type { StaffId } from './ids'
import { findRequest, findStaff, isDecision, whyNotInAudience } from './lookup'
import type { Refusal } from './refusal'
import type { DeskState, RequestState } from './state'
import { openRequestOf } from './visitor-requests'

type RequestCommand = CommandOf<'requestChat' | 'cancel' | 'mute' | 'unmute' | 'snooze' | 'decline' | 'reroute'>

/** What visitors and staff ask about a request that nobody has taken yet. */
export function decideRequest(state: DeskState, command: RequestCommand): Decision {
  switch (command.type) {
    case 'requestChat':
      return requestChat(state, command)
    case 'cancel':
      return cancel(state, command)
    case 'mute':
      return silence(state, command, null)
    case 'snooze':
      return silence(state, command, command.at + command.forMs)
    case 'unmute':
      return unmute(state, command)
    case 'decline':
      return decline(state, command)
    case 'reroute':
      return reroute(state, command)
    default:
      return command satisfies never
  }
}

function requestChat(state: DeskState, command: CommandOf<'requestChat'>): Decision {
  const { requestId, visitorId, facts, verdict, at } = command
  const open = openRequestOf(state, visitorId)
  if (open !== undefined) return repeated(state, open, at)
  if (state.requests.has(requestId) || state.closed.has(requestId)) return refused({ code: 'duplicate-id', requestId })
  const full = overLimit(state, at)
  if (full !== null) return refused(full)
  const step = startStep(state, verdict.route, 0)
  const weight = command.weight ?? state.policy.weight
  const opened = { type: 'request.opened', requestId, visitorId, facts, weight, verdict, step, at } as const
  return decided([opened], { ok: true, requestId, duplicate: false })
}

/** The visitor's open request again; one who had left is there again. */
function repeated(state: DeskState, { id, visitorId, detail }: RequestState, at: number): Decision {
  const answer = { ok: true, requestId: id, duplicate: true } as const
  if (detail === null || detail.visitorLeftAt === null) return unchanged(answer)
  const facts = state.visitors.get(visitorId)?.facts ?? {}
  return decided([{ type: 'visitor.arrived', visitorId, facts, alerted: [], at }], answer)
}

function overLimit(state: DeskState, at: number): Refusal | null {
  const { policy, requests, arrivals } = state
  const { openRequestsMax, requestsPerMinuteMax } = policy
  if (requests.size >= openRequestsMax && openCount(state) >= openRequestsMax)
    return { code: 'limit-exceeded', limit: 'openRequestsMax', max: openRequestsMax }
  if (arrivals.minute !== Math.floor(at / 60_000) || arrivals.count < requestsPerMinuteMax) return null
  return { code: 'limit-exceeded', limit: 'requestsPerMinuteMax', max: requestsPerMinuteMax }
}

function openCount({ requests, staff }: DeskState): number {
  let count = requests.size
  for (const { chats } of staff.values()) count -= chats.size
  return count
}

function cancel(state: DeskState, { requestId, reason, at }: CommandOf<'cancel'>): Decision {
  const request = findRequest(state, requestId)
  if (isDecision(request)) return request
  return decided([closing(state, request, { outcome: 'cancelled', reason, at })])
}

interface Closing {
  readonly outcome: 'ended' | 'cancelled' | 'abandoned' | 'expired'
  readonly reason: string | null
  readonly at: number
}

/** The event that ends a request; whoever had it winds up. */
export function closing({ policy }: DeskState, request: RequestState, { outcome, reason, at }: Closing) {
  const staffId = request.assignment?.staff.id ?? null
  const wrapUpUntilAt = staffId !== null && policy.wrapUpMs > 0 ? at + policy.wrapUpMs : null
  return { type: 'request.closed', requestId: request.id, outcome, staffId, reason, wrapUpUntilAt, at } as const
}

function silence(state: DeskState, command: CommandOf<'mute' | 'snooze'>, untilAt: number | null): Decision {
  const { requestId, staffId, at } = command
  const request = findConcerned(state, requestId, staffId)
  if (isDecision(request)) return request
  const mute = request.detail?.mutes.get(staffId)
  if (mute !== undefined && mute.untilAt === untilAt) return unchanged()
  return decided([{ type: 'request.muted', requestId, staffId, untilAt, at }])
}

function unmute(state: DeskState, { requestId, staffId, at }: CommandOf<'unmute'>): Decision {
  const request = findConcerned(state, requestId, staffId)
  if (isDecision(request)) return request
  if (request.detail?.mutes.has(staffId) !== true) return unchanged()
  return decided([{ type: 'request.unmuted', requestId, staffId, at }])
}

function decline(state: DeskState, { requestId, staffId, reason, at }: CommandOf<'decline'>): Decision {
  const request = findConcerned(state, requestId, staffId)
  if (!isDecision(request)) return decided([{ type: 'request.declined', requestId, staffId, reason, at }])
  const { outcome } = request
  const isRepeated = !outcome.ok && outcome.code === 'not-in-audience' && outcome.why === 'declined'
  return isRepeated ? unchanged() : request
}

function reroute(state: DeskState, { requestId, verdict, at }: CommandOf<'reroute'>): Decision {
  const request = findRequest(state, requestId)
  if (isDecision(request)) return request
  if (request.assignment !== null) return refused({ code: 'taken', requestId, by: request.assignment.staff.id })
  const step = startStep(state, verdict.route, 0)
  return decided([{ type: 'request.rerouted', requestId, verdict, step, at }])
}

/** An open request whose audience this person belongs to, or the refusal. */
function findConcerned(state: DeskState, requestId: string, staffId: StaffId): RequestState | Decision {
  const staff = findStaff(state, staffId)
  if (isDecision(staff)) return staff
  const request = findRequest(state, requestId)
  if (isDecision(request)) return request
  if (request.assignment !== null) return refused({ code: 'taken', requestId, by: request.assignment.staff.id })
  const why = whyNotInAudience(request, staff)
  return why === null ? request : refused({ code: 'not-in-audience', requestId, staffId, why })
}
