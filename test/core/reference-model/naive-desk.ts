import type { DomainEvent, Edge, StopReason } from '../../../src/core'
import {
  findRequest,
  findStaff,
  isOpen,
  type ReferenceModel,
  type RequestRecord,
} from '../../../src/testing/reference-model/reference-model'
import {
  activeSteps,
  capacityOf,
  hasCapacityFor,
  isEligibleByRoster,
  isInAudience,
  isKeptForEarlier,
  isVisitorPresent,
  loadOf,
  type RingingPair,
  ringingPairs,
} from '../../../src/testing/reference-model/ringing'

/**
 * The second desk: arrays, no indexes, nothing kept but what the events said. Whom it rings is asked anew for every
 * pair after every event, and its edges are the difference; it knows nothing of how the core does it.
 */
export class NaiveDesk {
  #ringing = new Set<string>()

  /**
   * The edges that an event must have made, given the chronicle after it; `reasons` are those the definition allows.
   */
  expectedEdges(event: DomainEvent, book: ReferenceModel): ExpectedEdge[] {
    const before = this.#ringing
    this.#ringing = new Set(ringingPairs(book).map(keyOf))
    const begun = [...this.#ringing].filter((pair) => !before.has(pair))
    const ended = [...before].filter((pair) => !this.#ringing.has(pair))
    return [
      ...begun.map((pair): ExpectedEdge => ({ type: 'ring', pair })),
      ...ended.map((pair): ExpectedEdge => ({ type: 'stop', pair, ...whyEnded(event, book, pairOf(pair)) })),
    ]
  }

  /** What one person's awaiting list must say, in its order. */
  awaiting(book: ReferenceModel, staffId: string): { requestId: string; reason: string; untilAt: number | null }[] {
    const mayTake = (request: RequestRecord) => isInAudience(book, staffId, request) || request.transfer?.by === staffId
    return inOrder(book.requests.filter((request) => isOpen(request) && mayTake(request))).map((request) => ({
      requestId: request.requestId,
      ...this.#reason(book, staffId, request),
    }))
  }

  ringing(staffId: string): string[] {
    const pairs = [...this.#ringing].map(pairOf).filter((pair) => pair.staffId === staffId)
    return pairs.map(({ requestId }) => requestId).sort()
  }

  phase(request: RequestRecord): 'ringing' | 'waiting' | 'assigned' {
    if (request.assignment !== null) return 'assigned'
    const isRinging = [...this.#ringing].some((pair) => pairOf(pair).requestId === request.requestId)
    return isRinging ? 'ringing' : 'waiting'
  }

  #reason(book: ReferenceModel, staffId: string, request: RequestRecord): { reason: string; untilAt: number | null } {
    if (this.#ringing.has(keyOf({ requestId: request.requestId, staffId }))) return { reason: 'ringing', untilAt: null }
    if (request.transfer?.by === staffId)
      return { reason: 'transferred', untilAt: request.transfer.sinceAt + book.policy.transferMs }
    const silence = request.mutes.find((each) => each.staffId === staffId)
    if (silence !== undefined)
      return { reason: silence.untilAt === null ? 'muted' : 'snoozed', untilAt: silence.untilAt }
    const record = findStaff(book, staffId)
    const isFull = record !== undefined && loadOf(book, staffId) + request.weight > capacityOf(book, record)
    if (isFull) return { reason: 'over-capacity', untilAt: null }
    return { reason: isSlotHeld(book, staffId, request) ? 'reserved' : 'missed or waiting', untilAt: null }
  }
}

/** One pair's edge, with the reasons that a stop may give and whom it must name. */
export type ExpectedEdge =
  | { readonly type: 'ring'; readonly pair: string }
  | {
      readonly type: 'stop'
      readonly pair: string
      readonly reasons: readonly StopReason[]
      readonly by: string | null
    }

/** Edges as one line for each pair, as `ring r1 ana`. */
export function flat(
  edges: readonly Edge[],
): { type: 'ring' | 'stop'; pair: string; reason: string; by: string | null }[] {
  return edges.flatMap((edge) => {
    if (edge.type === 'visitor') return []
    const { type, requestId, staffIds } = edge
    const { reason, by } = type === 'stop' ? edge : { reason: '', by: null }
    return staffIds.map((staffId) => ({ type, pair: keyOf({ requestId, staffId }), reason, by }))
  })
}

/** By priority, then by age, then by the order of opening. */
export function inOrder(requests: readonly RequestRecord[]): RequestRecord[] {
  return requests.toSorted((a, b) => b.priority - a.priority || a.openedAt - b.openedAt)
}

function keyOf({ requestId, staffId }: RingingPair): string {
  return `${requestId} ${staffId}`
}

function pairOf(key: string): RingingPair {
  const space = key.indexOf(' ')
  return { requestId: key.slice(0, space), staffId: key.slice(space + 1) }
}

interface Why {
  readonly reasons: readonly StopReason[]
  readonly by: string | null
}

/** Why a ring ended: what happened to the request itself, or else what happened to the person. */
function whyEnded(event: DomainEvent, book: ReferenceModel, pair: RingingPair): Why {
  const isAboutIt = 'requestId' in event && event.requestId === pair.requestId
  return (isAboutIt ? ofTheRequest(event) : null) ?? { reasons: ofThePerson(event, book, pair), by: null }
}

/** Whether there is room, and it would ring or be offered but for an offer or a heavy request that holds the slot. */
function isSlotHeld(book: ReferenceModel, staffId: string, request: RequestRecord): boolean {
  const record = findStaff(book, staffId)
  const wanted = { steps: activeSteps(book, request), declinedBy: [], mutes: [] }
  if (record === undefined || !isEligibleByRoster(book, staffId, wanted)) return false
  if (loadOf(book, staffId) + request.weight > capacityOf(book, record)) return false
  return isKeptForEarlier(book, staffId, request) || !hasCapacityFor(book, record, request)
}

function ofTheRequest(event: DomainEvent): Why | null {
  switch (event.type) {
    case 'request.accepted':
      return { reasons: ['accepted'], by: event.staffId }
    case 'transfer.returned':
      return event.to === null
        ? { reasons: ['rerouted'], by: null }
        : { reasons: ['transferred'], by: event.to.staffId }
    case 'request.muted':
      return { reasons: [event.untilAt === null ? 'muted' : 'snoozed'], by: null }
    case 'request.declined':
      return { reasons: ['declined'], by: null }
    case 'offer.expired':
      return { reasons: ['offer-expired'], by: null }
    case 'step.started':
      return { reasons: ['handed-over'], by: null }
    case 'request.transferred':
      return { reasons: ['transferred'], by: null }
    case 'request.rerouted':
      return { reasons: ['rerouted'], by: null }
    case 'request.closed':
      return event.outcome === 'ended' ? null : { reasons: [event.outcome], by: null }
    default:
      return null
  }
}

function ofThePerson(event: DomainEvent, book: ReferenceModel, { requestId, staffId }: RingingPair): StopReason[] {
  const held = findRequest(book, requestId)
  if (held !== undefined && isOpen(held) && isVisitorPresent(book, held) && isSlotHeld(book, staffId, held))
    return ['reserved']
  switch (event.type) {
    case 'visitor.left':
      return ['visitor-away']
    case 'session.ended':
    case 'presence.ended':
    case 'availability.changed':
      return ['unavailable']
    case 'shift.ended':
    case 'shift.started':
    case 'shifts.set':
      return ['off-shift']
    case 'staff.removed':
      return ['removed']
    case 'staff.set': {
      const request = findRequest(book, requestId)
      const isMeant = request !== undefined && isInAudience(book, staffId, request)
      return isMeant ? ['at-capacity', 'off-shift'] : ['removed']
    }
    case 'offer.made':
      return ['reserved']
    case 'policy.set':
      return ['at-capacity', 'reserved', 'rerouted']
    default:
      return ['at-capacity', 'reserved']
  }
}
