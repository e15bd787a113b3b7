import type { DeskState, DomainEvent, EventOf, RequestId, StaffId } from '../../core'
import {
  DeskError,
  type RingEdge,
  recentEntriesMin,
  requestView,
  ringingRequestIds,
  type StopEdge,
  type StopReason,
} from '../../core'
import type { StoreEntry } from '../../store'
import { findUnknownEventType } from '../events/desk-events'
import type { EventBus } from '../events/event-bus'
import type { QueuedCommand } from '../runtime/desk-runtime'
import { devFreeze } from '../runtime/dev-freeze'
import type { RebuiltState } from './catch-up'
import type { NodeContext } from './node-context'

/** Takes entries of the log into the kernel, or a whole other history, and answers the commands that are in them. */
export class EntryApplier {
  readonly #parts: NodeContext
  readonly #ask: (task: QueuedCommand) => void
  #held: (() => void)[] | null = null
  /** The entry at which folding failed: what the kernel shows holds a part of it. */
  #tornAt: number | null = null

  constructor(parts: NodeContext, ask: (task: QueuedCommand) => void) {
    this.#parts = parts
    this.#ask = ask
  }

  get partiallyAppliedVersion(): number | null {
    return this.#tornAt
  }

  /** From now on answers that are found wait for `release`: what they rest on may not be safe yet. */
  holdOutcomes(): void {
    this.#held ??= []
  }

  get hasHeldOutcomes(): boolean {
    return this.#held !== null && this.#held.length > 0
  }

  releaseOutcomes(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const answer of held) answer()
  }

  /** Folds the entry that follows, tells of it, and answers. @throws DeskError for one that cannot be folded. */
  apply(entry: StoreEntry): void {
    const { aggregate, repairBuffer, sessionOwnership, clock, writerRotation } = this.#parts
    const { v, t, payload } = entry
    const unknown = findUnknownEventType(payload)
    if (unknown !== undefined) {
      const told = `entry ${v} of the log holds "${unknown}", which this release does not know`
      throw new DeskError('store-newer-schema', `${told}; update frontbell on this node`)
    }
    try {
      aggregate.applyEntry(entry)
    } catch (cause) {
      this.#tornAt = v
      throw new DeskError('store-damaged', `entry ${v} of the log could not be folded: ${cause}`, cause)
    }
    repairBuffer.add(entry)
    clock.observe(t)
    writerRotation.recordWrite(payload.src)
    for (const session of sessionOwnership.apply(entry)) this.#rejoin(session)
    this.#answer(entry)
  }

  /** Puts a history that was folded aside in the place of the one that is shown, and says what is different. */
  replaceState(aside: RebuiltState): void {
    const { aggregate, repairBuffer, sessionOwnership, speculativeState, eventBus, clock, onStateReplaced } =
      this.#parts
    const before = aggregate.state
    const { reopenCommands, revokedAssignments } =
      this.#tornAt === null ? reconcileLostEntries(repairBuffer.entries(), before, aside) : nothingLost
    this.#tornAt = null
    // What was found in the history that is given up is no answer any more.
    if (this.#held !== null) this.#held = []
    aggregate.restoreState(aside.state)
    aggregate.idempotencyCache = aside.idempotencyCache
    aggregate.version = aside.v
    aggregate.hash = aside.h
    speculativeState.discard()
    repairBuffer.clear()
    for (const entry of aside.entries) repairBuffer.add(entry)
    sessionOwnership.restore(aside.sessionOwners)
    onStateReplaced()
    emitRingDiff(eventBus, { before, after: aggregate.state, version: aggregate.version })
    const notice = { version: aggregate.version, at: clock.now() }
    for (const chat of revokedAssignments) eventBus.emit('assignment.revoked', { ...chat, ...notice })
    eventBus.emit('state.rebuilt', notice)
    for (const entry of aside.entries) this.#answer(entry)
    for (const task of reopenCommands) this.#ask(task)
    if (revokedAssignments.length === 0) return
    const chats = revokedAssignments.map(({ requestId, staffId }) => `"${requestId}" by "${staffId}"`).join(', ')
    const told = `the log has lost entries that were acknowledged; taken back: ${chats}`
    eventBus.emit('error', new DeskError('store-diverged', told))
  }

  #answer({ payload }: StoreEntry): void {
    this.#parts.commandQueue.resolveFromEntry(payload, this.#held)
  }

  /** Somebody took this node for gone, and the connection is here. */
  #rejoin([staffId, sessionId]: readonly [string, string]): void {
    this.#ask({ commandId: null, toCommand: (at) => ({ type: 'connect', staffId, sessionId, at }), detailsOf: null })
  }
}

const nothingLost = { reopenCommands: [], revokedAssignments: [] }

/** What a node knows of a history that was given up, and the one in its place does not. */
export interface LostEntriesReconciliation {
  /** Requests that were open or had, and are in no log now: to be opened again under their ids. */
  readonly reopenCommands: readonly QueuedCommand[]
  /** Who was told that they had a chat, and have it no more. */
  readonly revokedAssignments: readonly RevokedAssignment[]
}

export interface RevokedAssignment {
  readonly requestId: RequestId
  readonly staffId: StaffId
}

/** Compares what a node had folded, and holds the newest entries of, with the history that has taken its place. */
export function reconcileLostEntries(
  held: readonly StoreEntry[],
  before: DeskState,
  after: RebuiltState,
): LostEntriesReconciliation {
  const lost = isWithinRecentHistory(before, after.state)
    ? [...before.requests.values()].filter(isMissingIn(after.state))
    : []
  const events = findLostEntries(held, after).flatMap(({ payload }) => payload.events)
  const takings = new Set([
    ...lost.map(({ id }) => id),
    ...events.filter(isAssignmentEvent).map(({ requestId }) => requestId),
  ])
  return {
    reopenCommands: lost.map(reopenCommand),
    revokedAssignments: [...before.requests.values()].flatMap(({ id, assignment }) => {
      if (!takings.has(id) || assignment === null) return []
      const staffId = assignment.staff.id
      return after.state.requests.get(id)?.assignment?.staff.id === staffId ? [] : [{ requestId: id, staffId }]
    }),
  }
}

/** Whether the new history still knows all that it closed since: then a request it does not know was never in it. */
function isWithinRecentHistory(before: DeskState, after: DeskState): boolean {
  const openedSince = after.openedCount - before.openedCount
  return before.requests.size + openedSince - after.requests.size <= recentEntriesMin
}

function isMissingIn({ requests, closed }: DeskState): (request: { readonly id: RequestId }) => boolean {
  return ({ id }) => !requests.has(id) && !closed.has(id)
}

/** Of those that a snapshot stands for, all may be lost when the one at its place is another. */
function findLostEntries(
  held: readonly StoreEntry[],
  { snapshotVersion, snapshotHash, entries }: RebuiltState,
): readonly StoreEntry[] {
  const hasOtherStart = held.some(({ v, h }) => v === snapshotVersion && h !== snapshotHash)
  return held.filter(({ v, h }) => (v > snapshotVersion ? entries[v - snapshotVersion - 1]?.h !== h : hasOtherStart))
}

function isAssignmentEvent(event: DomainEvent): event is EventOf<'request.accepted' | 'transfer.returned'> {
  return event.type === 'request.accepted' || event.type === 'transfer.returned'
}

function reopenCommand({ id: requestId, visitorId, facts, weight, routingResult }: LostRequest): QueuedCommand {
  return {
    commandId: null,
    toCommand: (at) => ({ type: 'requestChat', requestId, visitorId, facts, weight, routingResult, at }),
    detailsOf: null,
  }
}

type LostRequest = DeskState['requests'] extends ReadonlyMap<RequestId, infer Request> ? Request : never

export interface StateReplacement {
  readonly before: DeskState
  readonly after: DeskState
  readonly version: number
}

/** Tells the difference to those who listen to rings and stops, so that the two still come in pairs. */
export function emitRingDiff(announcer: EventBus, { before, after, version }: StateReplacement): void {
  const { at } = after
  for (const edge of diffRings(before, after)) {
    const { requestId, staffIds } = edge
    if (edge.type === 'stop') {
      const { reason, by } = edge
      announcer.emit('stop', devFreeze({ requestId, staffIds, reason, by, version, at }))
      continue
    }
    const request = requestView(after, requestId)
    if (request === undefined) continue
    const { step } = request
    const tone = after.requests.get(requestId)?.routingResult.route.steps[step]?.tone ?? null
    announcer.emit('ring', devFreeze({ requestId, staffIds, request, tone, step, version, at }))
  }
}

/**
 * What people's ears have to hear when one state takes the place of another: `stop` for what rings no more, `ring` for
 * what rings anew. The reason of a stop is what the new state says of the request.
 */
function diffRings(before: DeskState, after: DeskState): (RingEdge | StopEdge)[] {
  const [old, now] = [ringingStaffByRequest(before), ringingStaffByRequest(after)]
  const stops = [...old].flatMap(([requestId, rung]): StopEdge[] => {
    const staffIds = [...rung].filter((staffId) => now.get(requestId)?.has(staffId) !== true)
    if (staffIds.length === 0) return []
    return [{ type: 'stop', requestId, staffIds, ...stopReasonOf(after, requestId) }]
  })
  const rings = [...now].flatMap(([requestId, rung]): RingEdge[] => {
    const staffIds = [...rung].filter((staffId) => old.get(requestId)?.has(staffId) !== true)
    return staffIds.length === 0 ? [] : [{ type: 'ring', requestId, staffIds }]
  })
  return [...stops, ...rings]
}

function ringingStaffByRequest(state: DeskState): Map<string, Set<StaffId>> {
  const rings = new Map<string, Set<StaffId>>()
  for (const staffId of state.staff.keys()) {
    for (const requestId of ringingRequestIds(state, staffId)) {
      rings.set(requestId, (rings.get(requestId) ?? new Set()).add(staffId))
    }
  }
  return rings
}

function stopReasonOf({ requests, closed }: DeskState, requestId: string): { reason: StopReason; by: StaffId | null } {
  const request = requests.get(requestId)
  if (request?.assignment != null) return { reason: 'accepted', by: request.assignment.staff.id }
  if (request !== undefined) return { reason: 'unavailable', by: null }
  const outcome = closed.get(requestId)
  if (outcome === 'cancelled' || outcome === 'abandoned' || outcome === 'expired') return { reason: outcome, by: null }
  return { reason: outcome === 'ended' ? 'accepted' : 'removed', by: null }
}
