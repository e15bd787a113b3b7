import type { CommandOf } from '../messages/command'
import { requestsOfVisitor } from '../state/requests-of-visitor'
import { type DeskState, isPresent, type StaffState } from '../state/state'
import { type Decision, decided, refused, unchanged, unknownStaff } from './decision'

/**
 * Starts a session, also by the heartbeat of one whose lease had expired; renews a known one once a third of its lease
 * is used up.
 */
export function renewSession(
  state: DeskState,
  { staffId, sessionId, at }: CommandOf<'connect' | 'heartbeat'>,
): Decision {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return unknownStaff(staffId)
  const { sessionLeaseMs } = state.policy
  const leaseUntilAt = sessionLeaseMs === null ? null : at + sessionLeaseMs
  const current = staff.sessions.get(sessionId)
  if (current === undefined) return decided([{ type: 'session.started', staffId, sessionId, leaseUntilAt, at }])
  const isFresh =
    leaseUntilAt === null ? current === null : current !== null && isFreshLease(current - at, sessionLeaseMs)
  if (isFresh) return unchanged()
  return decided([{ type: 'session.renewed', staffId, sessionId, leaseUntilAt, at }])
}

/** Returns whether less than a third of the lease is used up. */
function isFreshLease(restMs: number, leaseMs: number | null): boolean {
  return leaseMs !== null && restMs * 3 > leaseMs * 2 && restMs <= leaseMs
}

export function disconnect(state: DeskState, { staffId, sessionId, at }: CommandOf<'disconnect'>): Decision {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return unknownStaff(staffId)
  if (!staff.sessions.has(sessionId)) return unchanged()
  const graceUntilAt = presenceGraceUntil(state, staff, at, 1)
  return decided([{ type: 'session.ended', staffId, sessionId, cause: 'disconnected', graceUntilAt, at }])
}

/** Returns until when a staff member stays present once `ending` sessions have ended; `null` while others live. */
export function presenceGraceUntil(
  { policy }: DeskState,
  staff: StaffState,
  at: number,
  ending: number,
): number | null {
  return staff.sessions.size > ending || policy.presenceGraceMs === 0 ? null : at + policy.presenceGraceMs
}

export function setAvailability(
  state: DeskState,
  { staffId, availability, at }: CommandOf<'setAvailability'>,
): Decision {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return unknownStaff(staffId)
  if (staff.availability === availability) return unchanged()
  return decided([{ type: 'availability.changed', staffId, availability, at }])
}

export function visitorArrived(state: DeskState, { visitorId, facts, at }: CommandOf<'visitorArrived'>): Decision {
  const { visitors, policy } = state
  const visitor = visitors.get(visitorId)
  const max = policy.visitorsMax
  if (visitor === undefined && visitors.size >= max)
    return refused({ code: 'limit-exceeded', limit: 'visitorsMax', max })
  const wasAnnounced = visitor?.alertedAt != null && at - visitor.alertedAt < policy.visitorAlertTtlMs
  const alerted = wasAnnounced ? [] : staffToAlert(state, at)
  const isAway = requestsOfVisitor(state, visitorId).some(({ detail }) => detail?.visitorLeftAt != null)
  const isChange = visitor === undefined || !visitor.isPresent || isAway || alerted.length > 0
  if (!isChange && JSON.stringify(visitor.facts) === JSON.stringify(facts)) return unchanged()
  return decided([{ type: 'visitor.arrived', visitorId, facts, alerted, at }])
}

/** Returns the staff who are present, available, and under this minute's limit of visitor notifications. */
function staffToAlert({ staff, policy }: DeskState, at: number): string[] {
  const minute = Math.floor(at / 60_000)
  const ids: string[] = []
  for (const each of staff.values()) {
    const alertCount = each.alerts.minute === minute ? each.alerts.count : 0
    const isReceptive = isPresent(each) && each.availability === 'available'
    if (isReceptive && alertCount < policy.visitorAlertsPerMinuteMax) ids.push(each.id)
  }
  return ids
}

export function visitorLeft(state: DeskState, { visitorId, at }: CommandOf<'visitorLeft'>): Decision {
  const affected = requestsOfVisitor(state, visitorId).filter(({ detail }) => detail?.visitorLeftAt == null)
  if (affected.length === 0 && state.visitors.get(visitorId)?.isPresent !== true) return unchanged()
  const isWaiting = affected.some(({ assignment }) => assignment === null)
  const abandonAt = isWaiting ? at + state.policy.abandonAfterMs : null
  return decided([{ type: 'visitor.left', visitorId, abandonAt, at }])
}
