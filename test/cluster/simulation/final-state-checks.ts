import { type DeskState, emptyState, evolve, nextDueAt, restoreState, toStateSnapshot } from '../../../src/core'
import type { StoreEntry } from '../../../src/store'
import { type HistoryChecker, violate } from './history-checker'
import type { SimulatedNode } from './simulated-node'

/** I8, L4: the state folded from the events is the live one, and so is one that continues from a snapshot. */
export function checkReplayedState(entries: readonly StoreEntry[], cut: number, live: DeskState): void {
  const folded = emptyState()
  applyEntries(folded, entries.slice(0, cut))
  const restored = restoreState(JSON.parse(JSON.stringify(toStateSnapshot(folded))))
  const expected = JSON.stringify(toStateSnapshot(live))
  for (const [name, state] of Object.entries({ folded, restored })) {
    applyEntries(state, entries.slice(cut))
    const is = JSON.stringify(toStateSnapshot(state))
    if (is !== expected) violate('I8', `a state ${name} at ${cut} of ${entries.length} is ${is}, expected ${expected}`)
    if (nextDueAt(state) !== nextDueAt(live)) {
      violate('I8', `a state ${name} at ${cut} wakes at ${nextDueAt(state)}, expected ${nextDueAt(live)}`)
    }
  }
}

function applyEntries(state: DeskState, entries: readonly StoreEntry[]): void {
  for (const { payload } of entries) for (const event of payload.events) evolve(state, event)
}

/** ND13: no session without a lease outlives the node that renewed it last. */
export function checkNoOrphanedSessions({ entries, model }: HistoryChecker, nodes: readonly SimulatedNode[]): void {
  const alive = new Set(nodes.map(({ incarnation }) => incarnation))
  const owners = new Map<string, string | undefined>()
  for (const { payload } of entries) {
    for (const event of payload.events) {
      if (event.type === 'session.started' || event.type === 'session.renewed') {
        owners.set(`${event.staffId} ${event.sessionId}`, payload.src)
      }
      if (event.type === 'visitorSession.started' || event.type === 'visitorSession.renewed') {
        owners.set(`${event.visitorId} ${event.sessionId}`, payload.src)
      }
    }
  }
  const sessions = [
    ...model.staff.flatMap((record) => record.sessions.map(({ sessionId }) => `${record.staff.id} ${sessionId}`)),
    ...model.visitors.flatMap(({ visitorId, sessions: own }) =>
      own.map(({ sessionId }) => `${visitorId} ${sessionId}`),
    ),
  ]
  for (const session of sessions) {
    const owner = owners.get(session) ?? ''
    if (!session.endsWith(' ') && !alive.has(owner))
      violate('ND13', `${owner} has ended, and its session ${session} is still there`)
  }
}

/** Returns the surroundings of the first difference of two texts. */
export function describeDifference(one: string, other: string): string {
  let from = 0
  while (one[from] === other[from]) from += 1
  return `${one.slice(Math.max(0, from - 80), from + 80)} | ${other.slice(Math.max(0, from - 80), from + 80)}`
}
