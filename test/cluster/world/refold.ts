import { type DeskState, emptyState, evolve, nextDueAt, snapshotOf, stateFrom } from '../../../src/core'
import type { LogEntry } from '../../../src/log'
import { broken } from './witness'

/** I8, L4: the state folded from the events is the live one, and so is one that goes on from a snapshot. */
export function refold(entries: readonly LogEntry[], cut: number, live: DeskState): void {
  const folded = emptyState()
  follow(folded, entries.slice(0, cut))
  const restored = stateFrom(JSON.parse(JSON.stringify(snapshotOf(folded))))
  const expected = JSON.stringify(snapshotOf(live))
  for (const [name, state] of Object.entries({ folded, restored })) {
    follow(state, entries.slice(cut))
    const is = JSON.stringify(snapshotOf(state))
    if (is !== expected) broken('I8', `a state ${name} at ${cut} of ${entries.length} is ${is}, expected ${expected}`)
    if (nextDueAt(state) !== nextDueAt(live)) {
      broken('I8', `a state ${name} at ${cut} wakes at ${nextDueAt(state)}, expected ${nextDueAt(live)}`)
    }
  }
}

function follow(state: DeskState, entries: readonly LogEntry[]): void {
  for (const { payload } of entries) for (const event of payload.events) evolve(state, event)
}
