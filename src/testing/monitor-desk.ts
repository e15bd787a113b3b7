import type { Edge } from '../core'
import type { Desk } from '../desk'
import type { EventStore } from '../store'
import { allInvariants, monitorInvariants } from './invariants/monitor-invariants'
import { EdgeFold } from './invariants/ringing'
import { applyEvent } from './reference-model/apply-event'
import { emptyReferenceModel } from './reference-model/reference-model'
import { ringingPairs } from './reference-model/ringing'

/** Looks whether a desk of the host's keeps the invariants. */
export interface DeskMonitor {
  /** Waits until the desk is idle, reads what its log holds by now, and throws when an invariant is broken. */
  check(): Promise<void>
  /** Stops listening. */
  close(): void
}

/**
 * Watches a running desk for the invariants that can be seen from outside: it folds the log's events into a chronicle
 * of its own, and the `ring` and `stop` that listeners hear into the pairs that are on. Call `check` whenever the clock
 * stands.
 */
export async function monitorDesk(desk: Desk, store: EventStore): Promise<DeskMonitor> {
  const book = emptyReferenceModel()
  const watch = monitorInvariants(allInvariants.filter(({ id }) => id !== 'I3' && id !== 'I5' && id !== 'I6'))
  const fold = new EdgeFold()
  const broken: string[] = []
  let version = 0
  await read()
  fold.apply(
    ringingPairs(book).map(({ requestId, staffId }): Edge => ({ type: 'ring', requestId, staffIds: [staffId] })),
  )
  const hear = (edge: Edge) => {
    const complaint = fold.apply([edge])
    if (complaint !== null) broken.push(complaint)
  }
  const ways = [
    desk.on('ring', ({ requestId, staffIds }) => hear({ type: 'ring', requestId, staffIds })),
    desk.on('stop', ({ requestId, staffIds, reason, by }) => hear({ type: 'stop', requestId, staffIds, reason, by })),
  ]
  return { check, close: () => ways.forEach((leave) => void leave()) }

  async function read(): Promise<void> {
    for (
      let entries = await store.read(version, 1_000);
      entries.length > 0;
      entries = await store.read(version, 1_000)
    ) {
      for (const { v, payload } of entries) {
        version = v
        for (const event of payload.events) {
          watch.beforeEvent(event, book)
          applyEvent(book, event)
          watch.afterEvent({ event, edges: [] }, book)
        }
      }
    }
  }

  async function check(): Promise<void> {
    await desk.idle()
    await read()
    watch.atRest(desk, book)
    const due = ringingPairs(book).map(({ requestId, staffId }) => `${requestId} ${staffId}`)
    const shown = book.staff.flatMap(({ staff }) =>
      desk.ringing(staff.id).map((requestId) => `${requestId} ${staff.id}`),
    )
    for (const [what, pairs] of [
      ['edges', [...fold.ringing]],
      ['screens', shown],
    ] as const) {
      if (pairs.toSorted().join() === due.toSorted().join()) continue
      broken.push(`by definition these ring: ${due.toSorted()}; by the ${what} these: ${pairs.toSorted()}`)
    }
    if (broken.length > 0) throw new Error(`The desk does not ring as it must: ${broken.join('; ')}`)
  }
}
