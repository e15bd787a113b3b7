import type { CommandOf } from '../messages/command'
import type { DomainEvent, SessionEnd } from '../messages/event'
import type { LimitName } from '../messages/refusal'
import { factsBytesOf, type SessionId, type VisitorId } from '../model/ids'
import { visitorFactsBytesMax } from '../model/policy'
import { requestsOfVisitor } from '../state/request-detail'
import { countedByHost, firstLeaseEndOf, type Sessions, sessionChange } from '../state/sessions'
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
  const { sessionLeaseMs: leaseMs } = state.policy
  const { change, leaseUntilAt } = sessionChange(staff.sessions, sessionId, { leaseMs, at })
  if (change === 'none') return unchanged()
  return decided([{ type: `session.${change}`, staffId, sessionId, leaseUntilAt, at }])
}

export function disconnect(state: DeskState, command: CommandOf<'disconnect'>): Decision {
  const { staffId, sessionId, at } = command
  const staff = state.staff.get(staffId)
  if (staff === undefined) return unknownStaff(staffId)
  if (!staff.sessions.has(sessionId)) return unchanged()
  const graceUntilAt = presenceGraceUntil(state, staff, at, 1)
  return decided([{ type: 'session.ended', staffId, sessionId, cause: sessionEndOf(command), graceUntilAt, at }])
}

function sessionEndOf({ isNodeGone = false }: CommandOf<'disconnect' | 'visitorLeft'>): SessionEnd {
  return isNodeGone ? 'node-gone' : 'disconnected'
}

/** Returns until when a staff member stays present once `ending` sessions have ended; `null` while others last. */
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

/** Records that a visitor is present, with a session or counted by the host; one who was away is present again. */
export function visitorArrived(state: DeskState, command: CommandOf<'visitorArrived'>): Decision {
  const { visitorId, sessionId = countedByHost, facts, at } = command
  const { policy } = state
  const visitor = state.visitors.get(visitorId)
  const exceeded = exceededVisitorLimit(state, command)
  if (exceeded !== null) return refused({ code: 'limit-exceeded', ...exceeded })
  const wasAnnounced = visitor?.alertedAt != null && at - visitor.alertedAt < policy.visitorAlertTtlMs
  const alerted = wasAnnounced ? [] : staffToAlert(state, at)
  const isAway = requestsOfVisitor(state, visitorId).some(({ detail }) => detail?.visitorLeftAt != null)
  const isNews = visitor === undefined || !visitor.isPresent || isAway || alerted.length > 0
  const events: DomainEvent[] = visitorSessionEvents(state, { visitorId, sessionId, at })
  if (isNews || JSON.stringify(visitor.facts) !== JSON.stringify(facts))
    events.unshift({ type: 'visitor.arrived', visitorId, facts, alerted, at })
  return events.length === 0 ? unchanged() : decided(events)
}

/** Returns the limit that this visitor would exceed: of visitors, of those new in this minute, or of their facts. */
function exceededVisitorLimit(
  { visitors, visitorArrivals, policy, bytes }: DeskState,
  { visitorId, facts, at }: CommandOf<'visitorArrived'>,
): { readonly limit: LimitName; readonly max: number } | null {
  const visitor = visitors.get(visitorId)
  if (visitor === undefined) {
    const { visitorsMax, visitorsPerMinuteMax } = policy
    if (visitors.size >= visitorsMax) return { limit: 'visitorsMax', max: visitorsMax }
    const isSameMinute = visitorArrivals.minute === Math.floor(at / 60_000)
    if (isSameMinute && visitorArrivals.count >= visitorsPerMinuteMax)
      return { limit: 'visitorsPerMinuteMax', max: visitorsPerMinuteMax }
  }
  if (facts === visitor?.facts) return null
  const more = factsBytesOf(facts) - factsBytesOf(visitor?.facts ?? {})
  const isTooMuch = more > 0 && bytes.visitorFacts + more > visitorFactsBytesMax
  return isTooMuch ? { limit: 'visitorFactsBytesMax', max: visitorFactsBytesMax } : null
}

/** Renews a visitor's session, or starts it: also that of a visitor who was away, or whom the desk has forgotten. */
export function visitorHeartbeat(state: DeskState, command: CommandOf<'visitorHeartbeat'>): Decision {
  const visitor = state.visitors.get(command.visitorId)
  if (visitor?.isPresent !== true)
    return visitorArrived(state, { ...command, type: 'visitorArrived', facts: visitor?.facts ?? {} })
  const events = visitorSessionEvents(state, command)
  return events.length === 0 ? unchanged() : decided(events)
}

interface VisitorSession {
  readonly visitorId: VisitorId
  readonly sessionId: SessionId
  readonly at: number
}

function visitorSessionEvents(state: DeskState, { visitorId, sessionId, at }: VisitorSession): DomainEvent[] {
  const sessions = state.visitors.get(visitorId)?.sessions ?? noSessions
  const leaseMs = sessionId === countedByHost ? null : state.policy.visitorLeaseMs
  const { change, leaseUntilAt } = sessionChange(sessions, sessionId, { leaseMs, at })
  return change === 'none' ? [] : [{ type: `visitorSession.${change}`, visitorId, sessionId, leaseUntilAt, at }]
}

/**
 * Returns the event by which a visitor who has left, and has had sessions, starts the last one anew by asking for a
 * chat: its lease ends it where no page renews it. A visitor who has had none, or no lease, is here by asking alone.
 */
export function askingSessionEvents(state: DeskState, visitorId: VisitorId, at: number): DomainEvent[] {
  const visitor = state.visitors.get(visitorId)
  if (visitor === undefined || visitor.isPresent || visitor.lastSessionId === null) return []
  if (state.policy.visitorLeaseMs === null) return []
  return visitorSessionEvents(state, { visitorId, sessionId: visitor.lastSessionId, at })
}

const noSessions: Sessions = new Map()

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

/**
 * Ends a session; the visitor has left when it was the last one. A visitor without any session, present only by
 * requesting a chat, has left as well.
 */
export function visitorLeft(state: DeskState, command: CommandOf<'visitorLeft'>): Decision {
  const { visitorId, sessionId = countedByHost, at } = command
  const sessions = state.visitors.get(visitorId)?.sessions ?? noSessions
  if (sessions.size > 0 && !sessions.has(sessionId)) return unchanged()
  const sessionIds = sessions.has(sessionId) ? [sessionId] : []
  const events = visitorSessionEndEvents(state, { visitorId, sessionIds, cause: sessionEndOf(command), at })
  return events.length === 0 ? unchanged() : decided(events)
}

interface EndingVisitorSessions {
  readonly visitorId: VisitorId
  readonly sessionIds: readonly SessionId[]
  readonly cause: SessionEnd
  readonly at: number
}

/** Returns the events of sessions that end, and `visitor.left` when no other session is left. */
export function visitorSessionEndEvents(state: DeskState, ending: EndingVisitorSessions): DomainEvent[] {
  const { visitorId, sessionIds, cause, at } = ending
  const visitor = state.visitors.get(visitorId)
  const ended = sessionIds.map(
    (sessionId): DomainEvent => ({ type: 'visitorSession.ended', visitorId, sessionId, cause, at }),
  )
  if ((visitor?.sessions.size ?? 0) > sessionIds.length) return ended
  const affected = requestsOfVisitor(state, visitorId).filter(({ detail }) => detail?.visitorLeftAt == null)
  if (affected.length === 0 && visitor?.isPresent !== true) return ended
  const isWaiting = affected.some(({ assignment }) => assignment === null)
  const abandonAt = isWaiting ? at + state.policy.abandonAfterMs : null
  return [...ended, { type: 'visitor.left', visitorId, abandonAt, at }]
}

/** Decides that, after a restart, running deadlines of visitors wait until the visitors have had time to come back. */
export function resume(state: DeskState, { at }: CommandOf<'resume'>): Decision {
  const hasSessions = [...state.visitors.values()].some(({ sessions }) => Number.isFinite(firstLeaseEndOf(sessions)))
  const isAwaited = hasSessions || [...state.requests.values()].some(({ detail }) => detail?.visitorLeftAt != null)
  return isAwaited ? decided([{ type: 'desk.resumed', at }]) : unchanged()
}
