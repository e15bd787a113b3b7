import type { DeskState, DomainEvent, EventOf, RequestId, StaffId } from '../../core'
import { recentMin } from '../../core'
import type { LogEntry } from '../../log'
import type { Task } from '../work'
import type { Aside } from './aside'

/** What a node knows of a history that was given up, and the one in its place does not. */
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

/** Compares what a node had folded, and holds the newest entries of, with the history that has taken its place. */
export function lostWork(held: readonly LogEntry[], before: DeskState, after: Aside): LostWork {
  const lost = isRemembered(before, after.state) ? [...before.requests.values()].filter(isMissingIn(after.state)) : []
  const events = lostEntries(held, after).flatMap(({ payload }) => payload.events)
  const takings = new Set([...lost.map(({ id }) => id), ...events.filter(isTaking).map(({ requestId }) => requestId)])
  return {
    reopening: lost.map(reopening),
    revoked: [...before.requests.values()].flatMap(({ id, assignment }) => {
      if (!takings.has(id) || assignment === null) return []
      const staffId = assignment.staff.id
      return after.state.requests.get(id)?.assignment?.staff.id === staffId ? [] : [{ requestId: id, staffId }]
    }),
  }
}

/** Whether the new history still knows all that it closed since: then a request it does not know was never in it. */
function isRemembered(before: DeskState, after: DeskState): boolean {
  const openedSince = after.openedCount - before.openedCount
  return before.requests.size + openedSince - after.requests.size <= recentMin
}

function isMissingIn({ requests, closed }: DeskState): (request: { readonly id: RequestId }) => boolean {
  return ({ id }) => !requests.has(id) && !closed.has(id)
}

/** Of those that a snapshot stands for, all may be lost when the one at its place is another. */
function lostEntries(held: readonly LogEntry[], { from, fromHash, entries }: Aside): readonly LogEntry[] {
  const hasOtherStart = held.some(({ v, h }) => v === from && h !== fromHash)
  return held.filter(({ v, h }) => (v > from ? entries[v - from - 1]?.h !== h : hasOtherStart))
}

function isTaking(event: DomainEvent): event is EventOf<'request.accepted' | 'transfer.returned'> {
  return event.type === 'request.accepted' || event.type === 'transfer.returned'
}

function reopening({ id: requestId, visitorId, facts, weight, verdict }: LostRequest): Task {
  return {
    commandId: null,
    complete: (at) => ({ type: 'requestChat', requestId, visitorId, facts, weight, verdict, at }),
    details: null,
  }
}

type LostRequest = DeskState['requests'] extends ReadonlyMap<RequestId, infer Request> ? Request : never
