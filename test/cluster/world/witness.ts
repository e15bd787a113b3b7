import { type DeskState, type DomainEvent, type Edge, emptyState, evolve } from '../../../src/core'
import type { LogEntry, LogHead } from '../../../src/log'
import { type Chronicle, emptyChronicle, requestIn, staffIn } from '../../../src/testing/chronicle/chronicle'
import { recordEvent } from '../../../src/testing/chronicle/record-event'
import { watchInvariants } from '../../../src/testing/invariants/watch-invariants'
import { viewOf } from '../../../src/testing/playing/desk-view'
import type { LogWatcher } from './engine'

/** Something that must never happen has happened. */
export class BrokenPromiseError extends Error {
  override readonly name = 'BrokenPromiseError'
}

export function broken(rule: string, what: string): never {
  throw new BrokenPromiseError(`${rule}: ${what}`)
}

/** Folds the one true log as it is written, and looks at every entry with the invariants. */
export class Witness implements LogWatcher {
  state: DeskState = emptyState()
  book: Chronicle = emptyChronicle()
  entries: LogEntry[] = []
  /** Acknowledged work that an unhealed loss has taken. */
  complaint: unknown = null
  #watch = watchInvariants()
  #ids = new Map<string, number>()
  readonly #gone = new Set<string>()
  /** Every history that a loss has cut: whoever remembers one of them may bring it back to an empty log. */
  #lost: (readonly LogEntry[])[] = []
  timers = 0

  taken(entry: LogEntry): void {
    if (this.complaint !== null) return
    try {
      this.#take(entry)
    } catch (error) {
      this.complaint = error
    }
  }

  cut(v: number): void {
    this.#lost.push(this.entries)
    const kept = this.entries.filter((entry) => entry.v <= v)
    this.#restart()
    for (const entry of kept) this.taken(entry)
  }

  adopted({ v, h }: LogHead): void {
    const history = this.#lost.find((entries) => entries[v - 1]?.h === h)
    const again = history?.slice(0, v) ?? []
    if (history === undefined) this.complaint ??= new BrokenPromiseError(`D5: version ${v} is of no history there was`)
    this.#restart()
    for (const entry of again) this.taken(entry)
  }

  erased(): void {
    this.#lost = []
    for (const { h } of this.entries) this.#gone.add(h)
    this.#restart()
  }

  /** The instant at which an id was answered in the log. */
  answered(id: string): number | undefined {
    return this.#ids.get(id)
  }

  /** What the log says was answered to an id. */
  outcomeOf(id: string): unknown {
    const entry = this.entries[(this.#ids.get(id) ?? 0) - 1]
    return entry?.payload.commands.find((command) => command.id === id)?.outcome
  }

  /** What the invariants say of the one history's state, with nothing due. */
  atRest(): void {
    this.#watch.atRest(viewOf(this.state), this.book)
  }

  #restart(): void {
    this.state = emptyState()
    this.book = emptyChronicle()
    this.entries = []
    this.#watch = watchInvariants()
    this.#ids = new Map()
  }

  #take(entry: LogEntry): void {
    const { v, h, t, payload } = entry
    const last = this.entries.at(-1)
    if (v !== (last?.v ?? 0) + 1) broken('L1', `version ${v} after ${last?.v ?? 0}`)
    if (t < (last?.t ?? 0)) broken('L1', `the instant of ${v} falls from ${last?.t} to ${t}`)
    if (this.#gone.has(h)) broken('A3', `entry ${v} was erased and is there again`)
    this.entries.push(entry)
    for (const { id } of payload.commands) {
      if (this.#ids.has(id)) broken('L2', `command ${id} is in entries ${this.#ids.get(id)} and ${v}`)
      this.#ids.set(id, v)
    }
    for (const event of payload.events) this.#happen(event, t)
  }

  #happen(event: DomainEvent, t: number): void {
    if (event.at > t) broken('T1', `${event.type} is dated ${event.at}, and the engine's clock is at ${t}`)
    const due = dueOf(event, this.book)
    if (due !== null) this.timers += 1
    if (due !== null && due > t) broken('T1', `${event.type} at ${t}, due at ${due}`)
    if (isTwice(event, this.book)) broken('T2', `${JSON.stringify(event)} happens twice`)
    this.#watch.beforeEvent(event, this.book)
    const edges: readonly Edge[] = evolve(this.state, event)
    recordEvent(this.book, event)
    this.#watch.afterEvent({ event, edges }, this.book)
  }
}

/** When the deadline was, of which an event is the consequence. */
function dueOf(event: DomainEvent, book: Chronicle): number | null {
  switch (event.type) {
    case 'session.ended': {
      if (event.cause !== 'lease-expired') return null
      const session = staffIn(book, event.staffId)?.sessions.find(({ sessionId }) => sessionId === event.sessionId)
      return session?.leaseUntilAt ?? null
    }
    case 'presence.ended':
      return staffIn(book, event.staffId)?.graceUntilAt ?? null
    case 'snooze.ended':
      return (
        requestIn(book, event.requestId)?.silences.find(({ staffId }) => staffId === event.staffId)?.untilAt ?? null
      )
    case 'offer.expired':
      return requestIn(book, event.requestId)?.offers.find(({ staffId }) => staffId === event.staffId)?.untilAt ?? null
    case 'pass.started':
      return requestIn(book, event.requestId)?.restUntilAt ?? null
    case 'transfer.returned':
      return requestIn(book, event.requestId)?.transfer?.returnAt ?? null
    case 'wrapUp.ended':
      return book.wrapUps.find(({ requestId }) => requestId === event.requestId)?.untilAt ?? null
    default:
      return null
  }
}

/** The consequence of something that is not there (any more). */
function isTwice(event: DomainEvent, book: Chronicle): boolean {
  switch (event.type) {
    case 'session.ended': {
      const sessions = staffIn(book, event.staffId)?.sessions ?? []
      return !sessions.some(({ sessionId }) => sessionId === event.sessionId)
    }
    case 'session.started': {
      const sessions = staffIn(book, event.staffId)?.sessions ?? []
      return sessions.some(({ sessionId }) => sessionId === event.sessionId)
    }
    case 'snooze.ended':
      return !requestIn(book, event.requestId)?.silences.some(({ staffId }) => staffId === event.staffId)
    case 'offer.expired':
      return !requestIn(book, event.requestId)?.offers.some(({ staffId }) => staffId === event.staffId)
    case 'transfer.returned':
      return requestIn(book, event.requestId)?.transfer === null
    case 'wrapUp.ended':
      return !book.wrapUps.some(({ requestId }) => requestId === event.requestId)
    case 'request.opened':
      return requestIn(book, event.requestId) !== undefined
    case 'request.closed':
      return requestIn(book, event.requestId)?.outcome !== null
    default:
      return false
  }
}
