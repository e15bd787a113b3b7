import type { DeskState, DomainEvent, EventOf, RequestId, StaffId, VisitorId } from '../../core'
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
import { goodbyeCommands, type OwnedSession, presenceCommands } from './session-ownership'

/** Applies entries of the store to the aggregate, or a whole rebuilt history, and answers the commands in them. */
export class EntryApplier {
  readonly #context: NodeContext
  readonly #enqueue: (command: QueuedCommand) => void
  #heldOutcomes: (() => void)[] | null = null
  #partiallyAppliedVersion: number | null = null

  constructor(context: NodeContext, enqueue: (command: QueuedCommand) => void) {
    this.#context = context
    this.#enqueue = enqueue
  }

  /** The version of the entry at which folding failed: the aggregate's state holds a part of it. */
  get partiallyAppliedVersion(): number | null {
    return this.#partiallyAppliedVersion
  }

  /** From now on outcomes found in entries are held until `releaseOutcomes`: their entries may not be durable yet. */
  holdOutcomes(): void {
    this.#heldOutcomes ??= []
  }

  get hasHeldOutcomes(): boolean {
    return this.#heldOutcomes !== null && this.#heldOutcomes.length > 0
  }

  releaseOutcomes(): void {
    const held = this.#heldOutcomes ?? []
    this.#heldOutcomes = null
    for (const answer of held) answer()
  }

  /** Applies the next entry and answers its commands. @throws DeskError for one that cannot be folded. */
  apply(entry: StoreEntry): void {
    const { aggregate, repairBuffer, sessionOwnership, clock, writerRotation, environment } = this.#context
    const { v, t, payload } = entry
    const unknown = findUnknownEventType(payload)
    if (unknown !== undefined) {
      const finding = `entry ${v} of the store holds "${unknown}", which this release does not know`
      throw new DeskError('store-newer-schema', `${finding}; update frontbell on this node`)
    }
    try {
      aggregate.applyEntry(entry, payload.src === environment.nodeId)
    } catch (cause) {
      this.#partiallyAppliedVersion = v
      throw new DeskError('store-damaged', `entry ${v} of the store could not be folded: ${cause}`, cause)
    }
    repairBuffer.add(entry)
    clock.observe(t)
    writerRotation.recordWrite(payload.src)
    for (const session of sessionOwnership.apply(entry)) this.#reconnect(session)
    this.#resolveCommands(entry)
  }

  /** Replaces the state by a rebuilt one, and emits the differences between the two. */
  replaceState(rebuilt: RebuiltState): void {
    const { aggregate, repairBuffer, eventBus, clock, sessionOwnership } = this.#context
    const before = aggregate.state
    const { reopenCommands, visitorCommands, revokedAssignments } =
      this.#partiallyAppliedVersion === null
        ? reconcileLostEntries(repairBuffer.entries(), before, rebuilt)
        : nothingLost
    const isUnknown = ({ v, h }: StoreEntry) => v > aggregate.version || (repairBuffer.entryAt(v)?.h ?? h) !== h
    sessionOwnership.recordGoodbyes(rebuilt.entries.filter(isUnknown))
    this.#restore(rebuilt)
    emitRingDiff(eventBus, { before, after: aggregate.state, version: aggregate.version })
    const notification = { version: aggregate.version, at: clock.now() }
    for (const assignment of revokedAssignments) eventBus.emit('assignment.revoked', { ...assignment, ...notification })
    eventBus.emit('state.rebuilt', notification)
    for (const entry of rebuilt.entries) this.#resolveCommands(entry)
    for (const command of [...reopenCommands, ...visitorCommands]) this.#enqueue(command)
    for (const session of sessionOwnership.missingIn(aggregate.state)) this.#reconnect(session)
    if (revokedAssignments.length === 0) return
    const revoked = revokedAssignments.map(({ requestId, staffId }) => `"${requestId}" by "${staffId}"`).join(', ')
    const message = `the store has lost entries that were acknowledged; revoked: ${revoked}`
    eventBus.emit('error', new DeskError('store-diverged', message))
  }

  #restore(rebuilt: RebuiltState): void {
    const { aggregate, repairBuffer, sessionOwnership, speculativeState } = this.#context
    this.#partiallyAppliedVersion = null
    // Outcomes found in the history that is replaced do not hold any more.
    if (this.#heldOutcomes !== null) this.#heldOutcomes = []
    aggregate.restoreState(rebuilt.state)
    aggregate.idempotencyCache = rebuilt.idempotencyCache
    aggregate.version = rebuilt.v
    aggregate.hash = rebuilt.h
    speculativeState.discard()
    repairBuffer.clear()
    for (const entry of rebuilt.entries) {
      repairBuffer.add(entry)
      aggregate.readEntry(entry.payload)
    }
    sessionOwnership.restore(rebuilt.sessionOwners)
  }

  #resolveCommands({ payload }: StoreEntry): void {
    this.#context.commandQueue.resolveFromEntry(payload, this.#heldOutcomes)
  }

  /** Starts a session again that the store no longer has, although its connection is at this node. */
  #reconnect([id, sessionId, kind]: OwnedSession): void {
    this.#enqueue({
      commandId: null,
      toCommand: (at) =>
        kind === 'visitor'
          ? { type: 'visitorHeartbeat', visitorId: id, sessionId, at }
          : { type: 'connect', staffId: id, sessionId, at },
      detailsOf: null,
    })
  }
}

const nothingLost = { reopenCommands: [], visitorCommands: [], revokedAssignments: [] }

/** The parts of a node's replaced history that the rebuilt one lacks. */
export interface LostEntriesReconciliation {
  /** Commands that open the lost requests again with the same ids. */
  readonly reopenCommands: readonly QueuedCommand[]
  /** Commands that make the visitors of these requests as present as they were, and lost goodbyes again. */
  readonly visitorCommands: readonly QueuedCommand[]
  /** Assignments that were acknowledged to staff, and are lost. */
  readonly revokedAssignments: readonly RevokedAssignment[]
}

export interface RevokedAssignment {
  readonly requestId: RequestId
  readonly visitorId: VisitorId
  readonly staffId: StaffId
}

/** Compares the state of a node and the entries that it holds with the rebuilt history that replaces them. */
export function reconcileLostEntries(
  held: readonly StoreEntry[],
  before: DeskState,
  after: RebuiltState,
): LostEntriesReconciliation {
  const lostRequests = isWithinRecentHistory(before, after.state)
    ? [...before.requests.values()].filter(isMissingIn(after.state))
    : []
  const events = findLostEntries(held, after).flatMap(({ payload }) => payload.events)
  const maybeLostAssignments = new Set([
    ...lostRequests.map(({ id }) => id),
    ...events.filter(isAssignmentEvent).map(({ requestId }) => requestId),
  ])
  return {
    reopenCommands: lostRequests.map(reopenCommand),
    visitorCommands: [
      ...lostRequests.flatMap(({ visitorId }) => presenceCommands(visitorId, before, after.state)),
      ...events.flatMap((event) => goodbyeCommands(event, before, after.state)),
    ],
    revokedAssignments: [...before.requests.values()].flatMap(({ id, visitorId, assignment }) => {
      if (!maybeLostAssignments.has(id) || assignment === null) return []
      const staffId = assignment.staff.id
      return after.state.requests.get(id)?.assignment?.staff.id === staffId
        ? []
        : [{ requestId: id, visitorId, staffId }]
    }),
  }
}

/** Returns whether the new state still remembers all requests closed since: then one that it lacks was never in it. */
function isWithinRecentHistory(before: DeskState, after: DeskState): boolean {
  const openedSince = after.openedCount - before.openedCount
  return before.requests.size + openedSince - after.requests.size <= recentEntriesMin
}

function isMissingIn({ requests, closed }: DeskState): (request: { readonly id: RequestId }) => boolean {
  return ({ id }) => !requests.has(id) && !closed.has(id)
}

/** Returns the held entries that may be lost: all up to the snapshot when it has another hash at its version. */
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
    // A request that another node has opened again must not be asked for twice: its visitor may have left since.
    toCommand: (at, state) =>
      isMissingIn(state)({ id: requestId }) && mayAskAgain(state, visitorId)
        ? { type: 'requestChat', requestId, visitorId, facts, weight, routingResult, at }
        : null,
    detailsOf: null,
  }
}

function mayAskAgain({ requestsByVisitor, policy }: DeskState, visitorId: VisitorId): boolean {
  const live = requestsByVisitor.get(visitorId)
  return live === undefined || (Array.isArray(live) ? live.length : 1) < policy.requestsPerVisitorMax
}

type LostRequest = DeskState['requests'] extends ReadonlyMap<RequestId, infer Request> ? Request : never

export interface StateReplacement {
  readonly before: DeskState
  readonly after: DeskState
  readonly version: number
}

/** Emits the difference between two states as rings and stops, so that each ring still has its stop. */
export function emitRingDiff(eventBus: EventBus, { before, after, version }: StateReplacement): void {
  const header = { version, at: after.at, isOrigin: false }
  for (const edge of diffRings(before, after)) {
    const { requestId, staffIds } = edge
    if (edge.type === 'stop') {
      const { reason, by } = edge
      const visitorId = (after.requests.get(requestId) ?? before.requests.get(requestId))?.visitorId ?? ''
      eventBus.emit('stop', devFreeze({ requestId, visitorId, staffIds, reason, by, ...header }))
      continue
    }
    const request = requestView(after, requestId)
    if (request === undefined) continue
    const { visitorId, tone, step } = request
    eventBus.emit('ring', devFreeze({ requestId, visitorId, staffIds, request, tone, step, ...header }))
  }
}

/**
 * Returns the edges between two states: `stop` for the staff whose ringing ends, `ring` for those whose ringing begins.
 * The reason of a stop is the one that the new state shows for the request.
 */
function diffRings(before: DeskState, after: DeskState): (RingEdge | StopEdge)[] {
  const [ringingBefore, ringingAfter] = [ringingStaffByRequest(before), ringingStaffByRequest(after)]
  const stops = [...ringingBefore].flatMap(([requestId, ringing]): StopEdge[] => {
    const staffIds = [...ringing].filter((staffId) => ringingAfter.get(requestId)?.has(staffId) !== true)
    if (staffIds.length === 0) return []
    return [{ type: 'stop', requestId, staffIds, ...stopReasonOf(after, requestId) }]
  })
  const rings = [...ringingAfter].flatMap(([requestId, ringing]): RingEdge[] => {
    const staffIds = [...ringing].filter((staffId) => ringingBefore.get(requestId)?.has(staffId) !== true)
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
