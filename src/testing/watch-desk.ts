import type { Edge } from '../core'
import type { Desk } from '../desk'
import type { EventLog } from '../log'
import { emptyChronicle } from './chronicle/chronicle'
import { recordEvent } from './chronicle/record-event'
import { ringingPairs } from './chronicle/rings'
import { allInvariants } from './invariants/all-invariants'
import { EdgeFold } from './invariants/edge-fold'
import { watchInvariants } from './invariants/watch-invariants'

/** Looks whether a desk of the host's keeps the invariants. */
export interface DeskWatch {
  /** Waits until the desk is idle, reads what its log holds by now, and throws when an invariant is broken. */
  check(): Promise<void>
  /** Stops listening. */
  end(): void
}

/**
 * Watches a running desk for the invariants that can be seen from outside: it folds the log's events into a chronicle
 * of its own, and the `ring` and `stop` that listeners hear into the pairs that are on. Call `check` whenever the clock
 * stands.
 */
export async function watchDesk(desk: Desk, log: EventLog): Promise<DeskWatch> {
  const book = emptyChronicle()
  const watch = watchInvariants(allInvariants.filter(({ id }) => id !== 'I3' && id !== 'I5' && id !== 'I6'))
  const fold = new EdgeFold()
  const broken: string[] = []
  let version = 0
  await read()
  fold.add(ringingPairs(book).map(({ requestId, staffId }): Edge => ({ type: 'ring', requestId, staffIds: [staffId] })))
  const hear = (edge: Edge) => {
    const complaint = fold.add([edge])
    if (complaint !== null) broken.push(complaint)
  }
  const ways = [
    desk.on('ring', ({ requestId, staffIds }) => hear({ type: 'ring', requestId, staffIds })),
    desk.on('stop', ({ requestId, staffIds, reason, by }) => hear({ type: 'stop', requestId, staffIds, reason, by })),
  ]
  return { check, end: () => ways.forEach((leave) => void leave()) }

  async function read(): Promise<void> {
    for (let entries = await log.read(version, 1_000); entries.length > 0; entries = await log.read(version, 1_000)) {
      for (const { v, payload } of entries) {
        version = v
        for (const event of payload.events) {
          watch.beforeEvent(event, book)
          recordEvent(book, event)
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
      ['edges', [...fold.on]],
      ['screens', shown],
    ] as const) {
      if (pairs.toSorted().join() === due.toSorted().join()) continue
      broken.push(`by definition these ring: ${due.toSorted()}; by the ${what} these: ${pairs.toSorted()}`)
    }
    if (broken.length > 0) throw new Error(`The desk does not ring as it must: ${broken.join('; ')}`)
  }
}
