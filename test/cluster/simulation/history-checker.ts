import { type DeskState, type DomainEvent, type Edge, emptyState, evolve } from '../../../src/core'
import type { StoreEntry, StoreHead } from '../../../src/store'
import { deskViewOf } from '../../../src/testing/invariants/invariant'
import { dueAt } from '../../../src/testing/invariants/liveness'
import { monitorInvariants } from '../../../src/testing/invariants/monitor-invariants'
import { applyEvent } from '../../../src/testing/reference-model/apply-event'
import {
  emptyReferenceModel,
  findRequest,
  findStaff,
  type ReferenceModel,
} from '../../../src/testing/reference-model/reference-model'
import type { StoreObserver } from './simulated-store'

/** A violated invariant. */
export class InvariantViolationError extends Error {
  override readonly name = 'InvariantViolationError'
}

export function violate(rule: string, what: string): never {
  throw new InvariantViolationError(`${rule}: ${what}`)
}

/** Folds the one history as it is written, and checks the invariants at every entry. */
export class HistoryChecker implements StoreObserver {
  state: DeskState = emptyState()
  model: ReferenceModel = emptyReferenceModel()
  entries: StoreEntry[] = []
  /** The first violation. */
  violation: unknown = null
  #invariants = monitorInvariants()
  #versionsByCommandId = new Map<string, number>()
  readonly #erasedHashes = new Set<string>()
  /** Every history that a loss has truncated: a node that holds one of them may put it back into an empty store. */
  #truncatedHistories: (readonly StoreEntry[])[] = []
  timers = 0

  appended(entry: StoreEntry): void {
    if (this.violation !== null) return
    try {
      this.#applyEntry(entry)
    } catch (error) {
      this.violation = error
    }
  }

  truncated(v: number): void {
    this.#truncatedHistories.push(this.entries)
    const kept = this.entries.filter((entry) => entry.v <= v)
    this.#reset()
    for (const entry of kept) this.appended(entry)
  }

  resumedFromSnapshot({ v, h }: StoreHead): void {
    const history = this.#truncatedHistories.find((entries) => entries[v - 1]?.h === h)
    const kept = history?.slice(0, v) ?? []
    if (history === undefined)
      this.violation ??= new InvariantViolationError(`D5: version ${v} is of no history that existed`)
    this.#reset()
    for (const entry of kept) this.appended(entry)
  }

  erased(): void {
    this.#truncatedHistories = []
    for (const { h } of this.entries) this.#erasedHashes.add(h)
    this.#reset()
  }

  /** Returns the version of the entry that holds a command. */
  versionOfCommand(id: string): number | undefined {
    return this.#versionsByCommandId.get(id)
  }

  /** Returns the outcome of a command in the store. */
  outcomeOf(id: string): unknown {
    const entry = this.entries[(this.#versionsByCommandId.get(id) ?? 0) - 1]
    return entry?.payload.commands.find((command) => command.id === id)?.outcome
  }

  /** Checks the invariants of the one history's state, with nothing due. */
  checkQuiescentState(): void {
    this.#invariants.onIdle(deskViewOf(this.state), this.model)
  }

  #reset(): void {
    this.state = emptyState()
    this.model = emptyReferenceModel()
    this.entries = []
    this.#invariants = monitorInvariants()
    this.#versionsByCommandId = new Map()
  }

  #applyEntry(entry: StoreEntry): void {
    const { v, h, t, payload } = entry
    const last = this.entries.at(-1)
    if (v !== (last?.v ?? 0) + 1) violate('L1', `version ${v} after ${last?.v ?? 0}`)
    if (t < (last?.t ?? 0)) violate('L1', `the instant of ${v} falls from ${last?.t} to ${t}`)
    if (this.#erasedHashes.has(h)) violate('A3', `entry ${v} was erased and is there again`)
    this.entries.push(entry)
    for (const { id } of payload.commands) {
      if (this.#versionsByCommandId.has(id))
        violate('L2', `command ${id} is in entries ${this.#versionsByCommandId.get(id)} and ${v}`)
      this.#versionsByCommandId.set(id, v)
    }
    for (const event of payload.events) this.#applyEvent(event, t)
  }

  #applyEvent(event: DomainEvent, t: number): void {
    if (event.at > t) violate('T1', `${event.type} is dated ${event.at}, and the backend's clock is at ${t}`)
    const due = deadlineOf(event, this.model)
    if (due !== null) this.timers += 1
    if (due !== null && due > t) violate('T1', `${event.type} at ${t}, due at ${due}`)
    if (isRepeated(event, this.model)) violate('T2', `${JSON.stringify(event)} happens twice`)
    this.#invariants.beforeEvent(event, this.model)
    const edges: readonly Edge[] = evolve(this.state, event)
    applyEvent(this.model, event)
    this.#invariants.afterEvent({ event, edges }, this.model)
  }
}

/** Returns the deadline of which an event is the consequence; `null` for an event of a command. */
function deadlineOf(event: DomainEvent, model: ReferenceModel): number | null {
  const { policy } = model
  switch (event.type) {
    case 'session.ended': {
      if (event.cause !== 'lease-expired') return null
      const session = findStaff(model, event.staffId)?.sessions.find(({ sessionId }) => sessionId === event.sessionId)
      return session?.leaseUntilAt ?? null
    }
    case 'presence.ended':
      return dueAt(findStaff(model, event.staffId)?.graceSinceAt ?? null, policy.presenceGraceMs)
    case 'snooze.ended':
      return (
        findRequest(model, event.requestId)?.mutes.find(({ staffId }) => staffId === event.staffId)?.untilAt ?? null
      )
    case 'offer.expired': {
      const offer = findRequest(model, event.requestId)?.offers.find(({ staffId }) => staffId === event.staffId)
      return offer === undefined ? null : dueAt(offer.sinceAt, offer.timeoutMs ?? policy.offerTimeoutMs)
    }
    case 'offerRound.started':
      return dueAt(findRequest(model, event.requestId)?.roundEndedAt ?? null, policy.retryDelayMs)
    case 'transfer.returned':
      return dueAt(findRequest(model, event.requestId)?.transfer?.sinceAt ?? null, policy.transferMs)
    case 'wrapUp.ended': {
      const wrapUp = model.wrapUps.find(({ assignmentId }) => assignmentId === event.assignmentId)
      return dueAt(wrapUp?.sinceAt ?? null, policy.wrapUpMs)
    }
    default:
      return null
  }
}

/** Returns whether an event repeats one: what it ends does not exist (any more), or what it begins exists. */
function isRepeated(event: DomainEvent, model: ReferenceModel): boolean {
  switch (event.type) {
    case 'session.ended': {
      const sessions = findStaff(model, event.staffId)?.sessions ?? []
      return !sessions.some(({ sessionId }) => sessionId === event.sessionId)
    }
    case 'session.started': {
      const sessions = findStaff(model, event.staffId)?.sessions ?? []
      return sessions.some(({ sessionId }) => sessionId === event.sessionId)
    }
    case 'snooze.ended':
      return !findRequest(model, event.requestId)?.mutes.some(({ staffId }) => staffId === event.staffId)
    case 'offer.expired':
      return !findRequest(model, event.requestId)?.offers.some(({ staffId }) => staffId === event.staffId)
    case 'transfer.returned':
      return findRequest(model, event.requestId)?.transfer === null
    case 'wrapUp.ended':
      return !model.wrapUps.some(({ requestId }) => requestId === event.requestId)
    case 'request.opened':
      return findRequest(model, event.requestId) !== undefined
    case 'request.closed':
      return findRequest(model, event.requestId)?.outcome !== null
    default:
      return false
  }
}
