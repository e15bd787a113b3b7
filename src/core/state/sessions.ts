import type { SessionId } from '../model/ids'

/** The sessions of a staff member or visitor, each with the end of its lease; `null`: no lease. */
export type Sessions = ReadonlyMap<SessionId, number | null>

/** The id of the session of a visitor whose tabs the host itself counts. It has no lease. */
export const countedByHost: SessionId = ''

/** Returns how a heartbeat changes a session: a renewal is recorded once a third of the lease is used up. */
export function sessionChange(
  sessions: Sessions,
  sessionId: SessionId,
  { leaseMs, at }: { readonly leaseMs: number | null; readonly at: number },
): { readonly change: 'started' | 'renewed' | 'none'; readonly leaseUntilAt: number | null } {
  const leaseUntilAt = leaseMs === null ? null : at + leaseMs
  const current = sessions.get(sessionId)
  if (current === undefined) return { change: 'started', leaseUntilAt }
  const isFresh = leaseMs === null ? current === null : current !== null && isFreshLease(current - at, leaseMs)
  return { change: isFresh ? 'none' : 'renewed', leaseUntilAt }
}

/** Returns whether less than a third of the lease is used up. */
function isFreshLease(restMs: number, leaseMs: number): boolean {
  return restMs * 3 > leaseMs * 2 && restMs <= leaseMs
}

/** Returns the sessions whose lease has expired. */
export function expiredSessions(sessions: Sessions, at: number): SessionId[] {
  const expired: SessionId[] = []
  for (const [sessionId, leaseUntilAt] of sessions) {
    if (leaseUntilAt !== null && leaseUntilAt <= at) expired.push(sessionId)
  }
  return expired
}

/** Returns when the first lease expires; `Infinity` when there is none. */
export function firstLeaseEndOf(sessions: Sessions): number {
  let firstAt = Number.POSITIVE_INFINITY
  for (const leaseUntilAt of sessions.values()) firstAt = Math.min(firstAt, leaseUntilAt ?? firstAt)
  return firstAt
}

/** Applies a change of the policy's lease to the running leases at once: switched on or off, longer or shorter. */
export function changeLeases(
  sessions: Map<SessionId, number | null>,
  { before, after, at }: { readonly before: number | null; readonly after: number | null; readonly at: number },
): void {
  if (before === after) return
  for (const [sessionId, leaseUntilAt] of sessions) {
    if (sessionId === countedByHost) continue
    const sinceAt = before === null || leaseUntilAt === null ? at : leaseUntilAt - before
    sessions.set(sessionId, after === null ? null : sinceAt + after)
  }
}
