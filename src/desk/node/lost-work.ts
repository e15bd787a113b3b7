import type { DeskState, DomainEvent, EventOf, RequestId, StaffId } from '../../core'
import type { LogEntry } from '../../log'
import type { Task } from '../work'
import type { Aside } from './aside'

/** What a node knows of entries that the log does not hold any more. */
export interface LostWork {
  /** Requests that were open or had, and are in no log now: to be opened again under their ids. */
  readonly reopening: readonly Task[]
  /** Who was told that they had a chat, and have it no more. */
  readonly revoked: readonly RevokedChat[]
}

export interface RevokedChat {
  readonly requestId: RequestId
  readonly staffId: StaffId
}

/** Compares what a node had folded with the history that has taken its place. */
export function lostWork(held: readonly LogEntry[], before: DeskState, after: Aside): LostWork {
  const lost = held.filter(({ v, h }) => v > after.from && after.entries[v - after.from - 1]?.h !== h)
  const events = lost.flatMap(({ payload }) => payload.events)
  const opened = events.filter((event) => event.type === 'request.opened')
  return {
    reopening: opened
      .filter(({ requestId }) => before.requests.has(requestId) && isUnknown(after.state, requestId))
      .map(reopening),
    revoked: [...before.requests.values()].flatMap(({ id, assignment }) => {
      const wasLost = events.some((event) => isTaking(event) && event.requestId === id)
      if (!wasLost || assignment === null) return []
      const staffId = assignment.staff.id
      return after.state.requests.get(id)?.assignment?.staff.id === staffId ? [] : [{ requestId: id, staffId }]
    }),
  }
}

function isTaking(event: DomainEvent): event is EventOf<'request.accepted' | 'transfer.returned'> {
  return event.type === 'request.accepted' || event.type === 'transfer.returned'
}

function isUnknown({ requests, closed }: DeskState, requestId: string): boolean {
  return !requests.has(requestId) && !closed.has(requestId)
}

function reopening({ requestId, visitorId, facts, weight, verdict }: EventOf<'request.opened'>): Task {
  return {
    commandId: null,
    complete: (at) => ({ type: 'requestChat', requestId, visitorId, facts, weight, verdict, at }),
    details: null,
  }
}
