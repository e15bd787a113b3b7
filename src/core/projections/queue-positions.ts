import { SortedList } from '../collections/sorted-list'
import type { DomainEvent } from '../messages/event'
import type { RequestId, VisitorId } from '../model/ids'
import { canonicalTarget } from '../ringing/audience'
import type { DeskState, RequestState } from '../state/state'
import { type PlaceInQueue, placeInQueue, WaitEstimates } from './wait-estimates'

/** The position of an open request, from 1, and its estimated wait; `null` before five requests have waited. */
export interface QueuePosition {
  readonly position: number
  readonly estimateMs: number | null
}

/** The new position of a request. */
export interface QueuePositionChange extends QueuePosition {
  readonly requestId: RequestId
  readonly visitorId: VisitorId
}

/** An open request in its queue. Its priority and its queue are those of the time when it was added. */
interface QueuedRequest {
  readonly request: RequestState
  readonly queue: Queue
  readonly priority: number
  /** Its place when it was opened; `null` where it was not recorded, or its queue or priority has changed since. */
  opening: PlaceInQueue | null
  reportedPosition: number | null
}

interface Queue {
  readonly key: string
  readonly requests: SortedList<QueuedRequest>
  /** The first index whose request may have moved since the last `takeChanges`. */
  movedFrom: number
}

/** Up to so many queues are kept while they are empty: a request that is alone in its queue makes no new one. */
const emptyQueuesMax = 1_000

/**
 * The queue positions of open requests. One queue holds the requests whose routes begin with the same target, in the
 * order of service.
 */
export class QueuePositions {
  readonly #queues = new Map<string, Queue>()
  readonly #queued = new Map<RequestId, QueuedRequest>()
  readonly #estimates = new WaitEstimates()
  /** The queues in which requests may have moved since the last `takeChanges`. */
  readonly #moved = new Set<Queue>()

  /** To be called for each event right after it was folded into `state`. */
  record(state: DeskState, event: DomainEvent): void {
    if (!('requestId' in event)) return
    const { type, requestId, at } = event
    const before = this.#queued.get(requestId)
    if (type === 'request.accepted' && event.by === null && before !== undefined) this.#addWait(before, at)
    const added = this.#update(before, state.requests.get(requestId))
    if (type === 'request.opened' && added !== null) added.opening = placeInQueue(added.request, positionOf(added))
  }

  /** To be called for a restored state. */
  resume(state: DeskState): void {
    for (const [requestId, queued] of [...this.#queued]) this.#update(queued, state.requests.get(requestId))
    for (const [requestId, request] of state.requests) this.#update(this.#queued.get(requestId), request)
  }

  /** Returns the position of a request; `undefined` when it is not open. */
  position(requestId: RequestId): QueuePosition | undefined {
    const queued = this.#queued.get(requestId)
    if (queued === undefined) return undefined
    const position = positionOf(queued)
    return { position, estimateMs: this.#estimateMs(queued, position) }
  }

  /** Returns the positions that have changed since the last call, those of new requests too. */
  takeChanges(): QueuePositionChange[] {
    const changes: QueuePositionChange[] = []
    for (const queue of this.#moved) {
      const { entries } = queue.requests
      for (let index = queue.movedFrom; index < entries.length; index += 1) {
        const queued = entries[index] as QueuedRequest
        const position = index + 1
        if (queued.reportedPosition === position) continue
        queued.reportedPosition = position
        const { id: requestId, visitorId } = queued.request
        changes.push({ requestId, visitorId, position, estimateMs: this.#estimateMs(queued, position) })
      }
      queue.movedFrom = Number.POSITIVE_INFINITY
    }
    this.#moved.clear()
    return changes
  }

  #estimateMs({ request, queue }: QueuedRequest, position: number): number | null {
    return this.#estimates.estimateMs(queue.key, placeInQueue(request, position))
  }

  #addWait({ request, queue, opening }: QueuedRequest, at: number): void {
    if (opening !== null) this.#estimates.add(queue.key, at - request.openedAt, opening)
  }

  /** Adds, moves or removes a request, as the state now has it. Returns it when it was added or moved. */
  #update(before: QueuedRequest | undefined, request: RequestState | undefined): QueuedRequest | null {
    const isOpen = request !== undefined && request.assignment === null
    const isInPlace = isOpen && before !== undefined && hasKeptPlace(before, request)
    if (isInPlace && before.request === request) return null
    if (before !== undefined) this.#remove(before)
    if (!isOpen) return null
    const added = this.#add(request)
    added.opening = isInPlace ? before.opening : null
    added.reportedPosition = before?.reportedPosition ?? null
    return added
  }

  #add(request: RequestState): QueuedRequest {
    const { priority } = request.routingResult
    const queue = this.#queueOf(queueKeyOf(request))
    const queued: QueuedRequest = { request, queue, priority, opening: null, reportedPosition: null }
    this.#queued.set(request.id, queued)
    this.#markMoved(queue, queue.requests.add(queued))
    return queued
  }

  #remove(queued: QueuedRequest): void {
    const { request, queue } = queued
    this.#queued.delete(request.id)
    this.#markMoved(queue, queue.requests.delete(queued))
    if (queue.requests.entries.length > 0 || this.#queues.size <= emptyQueuesMax) return
    this.#queues.delete(queue.key)
    this.#moved.delete(queue)
  }

  #markMoved(queue: Queue, index: number): void {
    if (queue.movedFrom === Number.POSITIVE_INFINITY) this.#moved.add(queue)
    if (index < queue.movedFrom) queue.movedFrom = index
  }

  #queueOf(key: string): Queue {
    const known = this.#queues.get(key)
    if (known !== undefined) return known
    const queue = { key, requests: new SortedList(byServiceOrder), movedFrom: Number.POSITIVE_INFINITY }
    this.#queues.set(key, queue)
    return queue
  }
}

function positionOf(queued: QueuedRequest): number {
  return queued.queue.requests.indexOf(queued) + 1
}

/** Compares by the order of service, with the priority that each request had when it was added. */
function byServiceOrder(a: QueuedRequest, b: QueuedRequest): number {
  return (
    b.priority - a.priority ||
    a.request.openedAt - b.request.openedAt ||
    a.request.sequenceNumber - b.request.sequenceNumber
  )
}

function hasKeptPlace({ queue, priority }: QueuedRequest, request: RequestState): boolean {
  return request.routingResult.priority === priority && queueKeyOf(request) === queue.key
}

const queueKeys = new WeakMap<object, string>()

/** Returns the queue of a request: the first target of its route, at whichever step the route is. */
function queueKeyOf({ routingResult }: RequestState): string {
  const first = routingResult.route.steps[0]
  if (first === undefined) return ''
  const known = queueKeys.get(first)
  if (known !== undefined) return known
  const key = canonicalTarget(first.to)
  queueKeys.set(first, key)
  return key
}
