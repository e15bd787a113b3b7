import type { CommandOf } from '../messages/command'
import { requestsOfVisitor } from '../state/requests-of-visitor'
import { type DeskState, isPresent, type StaffState } from '../state/state'
import { type Decision, decided, findStaff, isRefusal, refused, unchanged } from './decision'

type PresenceCommand = CommandOf<
  'connect' | 'disconnect' | 'heartbeat' | 'setAvailability' | 'visitorArrived' | 'visitorLeft'
>

/** Who is there: staff by their sessions, visitors by their pages. */
export function decidePresence(state: DeskState, command: PresenceCommand): Decision {
  switch (command.type) {
    case 'connect':
    case 'heartbeat':
      return renewSession(state, command)
    case 'disconnect':
      return disconnect(state, command)
    case 'setAvailability':
      return setAvailability(state, command)
    case 'visitorArrived':
      return visitorArrived(state, command)
    case 'visitorLeft':
      return visitorLeft(state, command)
    default:
      return command satisfies never
  }
}

/**
 * A new session, also by the heartbeat of one whose lease had run out; a known one is renewed once a third is used up.
 */
function renewSession(state: DeskState, { staffId, sessionId, at }: CommandOf<'connect' | 'heartbeat'>): Decision {
  const staff = findStaff(state, staffId)
  if (isRefusal(staff)) return staff
  const { sessionLeaseMs } = state.policy
  const leaseUntilAt = sessionLeaseMs === null ? null : at + sessionLeaseMs
  const current = staff.sessions.get(sessionId)
  if (current === undefined) return decided([{ type: 'session.started', staffId, sessionId, leaseUntilAt, at }])
  const isFresh =
    leaseUntilAt === null ? current === null : current !== null && isFreshLease(current - at, sessionLeaseMs)
  if (isFresh) return unchanged()
  return decided([{ type: 'session.renewed', staffId, sessionId, leaseUntilAt, at }])
}

/** Less than a third of the lease is used up. */
function isFreshLease(restMs: number, leaseMs: number | null): boolean {
  return leaseMs !== null && restMs * 3 > leaseMs * 2 && restMs <= leaseMs
}

function disconnect(state: DeskState, { staffId, sessionId, at }: CommandOf<'disconnect'>): Decision {
  const staff = findStaff(state, staffId)
  if (isRefusal(staff)) return staff
  if (!staff.sessions.has(sessionId)) return unchanged()
  const graceUntilAt = presenceGraceUntil(state, staff, at, 1)
  return decided([{ type: 'session.ended', staffId, sessionId, cause: 'disconnected', graceUntilAt, at }])
}

/** Until when somebody stays present once `ending` of their sessions have ended; `null` while others live. */
export function presenceGraceUntil(
  { policy }: DeskState,
  staff: StaffState,
  at: number,
  ending: number,
): number | null {
  return staff.sessions.size > ending || policy.presenceGraceMs === 0 ? null : at + policy.presenceGraceMs
}

function setAvailability(state: DeskState, { staffId, availability, at }: CommandOf<'setAvailability'>): Decision {
  const staff = findStaff(state, staffId)
  if (isRefusal(staff)) return staff
  if (staff.availability === availability) return unchanged()
  return decided([{ type: 'availability.changed', staffId, availability, at }])
}

function visitorArrived(state: DeskState, { visitorId, facts, at }: CommandOf<'visitorArrived'>): Decision {
  const { visitors, policy } = state
  const visitor = visitors.get(visitorId)
  const max = policy.visitorsMax
  if (visitor === undefined && visitors.size >= max)
    return refused({ code: 'limit-exceeded', limit: 'visitorsMax', max })
  const wasAnnounced = visitor?.alertedAt != null && at - visitor.alertedAt < policy.visitorAlertTtlMs
  const alerted = wasAnnounced ? [] : staffToAlert(state, at)
  const isAway = requestsOfVisitor(state, visitorId).some(({ detail }) => detail?.visitorLeftAt != null)
  const isNews = visitor === undefined || !visitor.isPresent || isAway || alerted.length > 0
  if (!isNews && JSON.stringify(visitor.facts) === JSON.stringify(facts)) return unchanged()
  return decided([{ type: 'visitor.arrived', visitorId, facts, alerted, at }])
}

/** Present and available, and not told of too many visitors in this minute. */
function staffToAlert({ staff, policy }: DeskState, at: number): string[] {
  const minute = Math.floor(at / 60_000)
  const ids: string[] = []
  for (const each of staff.values()) {
    const told = each.alerts.minute === minute ? each.alerts.count : 0
    const isAudible = isPresent(each) && each.availability === 'available'
    if (isAudible && told < policy.visitorAlertsPerMinuteMax) ids.push(each.id)
  }
  return ids
}

function visitorLeft(state: DeskState, { visitorId, at }: CommandOf<'visitorLeft'>): Decision {
  const attended = requestsOfVisitor(state, visitorId).filter(({ detail }) => detail?.visitorLeftAt == null)
  if (attended.length === 0 && state.visitors.get(visitorId)?.isPresent !== true) return unchanged()
  const isWaiting = attended.some(({ assignment }) => assignment === null)
  const abandonAt = isWaiting ? at + state.policy.abandonAfterMs : null
  return decided([{ type: 'visitor.left', visitorId, abandonAt, at }])
}
