import { DeskError, type Edge } from '../core'
import type { Desk } from '../desk'
import type { EventStore } from '../store'
import { allInvariants, monitorInvariants } from './invariants/monitor-invariants'
import { EdgeFold } from './invariants/ringing'
import { applyEvent } from './reference-model/apply-event'
import { emptyReferenceModel } from './reference-model/reference-model'
import { ringingPairs } from './reference-model/ringing'

/** Checks the invariants on a running desk. */
export interface DeskMonitor {
  /**
   * Waits until the desk is idle and reads its store.
   * @throws BrokenInvariantError or Error when an invariant is broken; DeskError when the store has dropped entries
   * since the last check, so that the monitor cannot see whether one is.
   */
  check(): Promise<void>
  /** Stops listening. */
  close(): void
}

/**
 * Starts to check a running desk for the invariants that can be seen from outside. Folds the store's events into a
 * reference model, and the `ring` and `stop` of listeners into the pairs that ring. Call `check` while the clock
 * stands.
 * @throws DeskError when the store has dropped the desk's first entries, or never had them.
 */
export async function monitorDesk(desk: Desk, store: EventStore): Promise<DeskMonitor> {
  const model = emptyReferenceModel()
  const monitor = monitorInvariants(allInvariants.filter(({ id }) => id !== 'I3' && id !== 'I5' && id !== 'I6'))
  const fold = new EdgeFold()
  const violations: string[] = []
  let version = 0
  await read()
  fold.apply(
    ringingPairs(model).map(({ requestId, staffId }): Edge => ({ type: 'ring', requestId, staffIds: [staffId] })),
  )
  const onEdge = (edge: Edge) => {
    const violation = fold.apply([edge])
    if (violation !== null) violations.push(violation)
  }
  const unsubscribes = [
    desk.on('ring', ({ requestId, staffIds }) => onEdge({ type: 'ring', requestId, staffIds })),
    desk.on('stop', ({ requestId, staffIds, reason, by }) => onEdge({ type: 'stop', requestId, staffIds, reason, by })),
  ]
  return { check, close: () => unsubscribes.forEach((unsubscribe) => void unsubscribe()) }

  async function read(): Promise<void> {
    const newest = desk.version
    for (
      let entries = await store.read(version, 1_000);
      entries.length > 0;
      entries = await store.read(version, 1_000)
    ) {
      for (const { v, payload } of entries) {
        if (v > version + 1) throw missingEntriesError(version + 1, v - 1)
        version = v
        for (const event of payload.events) {
          monitor.beforeEvent(event, model)
          applyEvent(model, event)
          monitor.afterEvent({ event, edges: [] }, model)
        }
      }
    }
    if (version < newest) throw missingEntriesError(version + 1, newest)
  }

  async function check(): Promise<void> {
    await desk.idle()
    await read()
    monitor.onIdle(desk, model)
    const due = ringingPairs(model).map(({ requestId, staffId }) => `${requestId} ${staffId}`)
    const shown = model.staff.flatMap(({ staff }) =>
      desk.ringing(staff.id).map((requestId) => `${requestId} ${staff.id}`),
    )
    for (const [what, pairs] of [
      ['edges', [...fold.ringing]],
      ['screens', shown],
    ] as const) {
      if (pairs.toSorted().join() === due.toSorted().join()) continue
      violations.push(`by definition these ring: ${due.toSorted()}; by the ${what} these: ${pairs.toSorted()}`)
    }
    if (violations.length > 0) throw new Error(`The desk does not ring as it must: ${violations.join('; ')}`)
  }
}

function missingEntriesError(first: number, last: number): DeskError {
  const message = `expected every entry of the desk's store, got none of the versions ${first} to ${last}`
  const advice = 'open the monitor with the desk, and check before the store drops what the monitor has not read'
  return new DeskError('stale', `the monitor cannot see whether the invariants hold: ${message}; ${advice}`)
}
