import type { DomainEvent } from '../messages/event'
import type { RequestId } from '../model/ids'
import { canonicalTarget } from '../ringing/audience'
import { byServiceOrder, type DeskState, type RequestState } from '../state/state'

/** The position of an open request, from 1, and its estimated wait; `null` before five requests were accepted. */
export interface QueuePosition {
  readonly position: number
  readonly estimateMs: number | null
}

export interface QueuePositionChange extends QueuePosition {
  readonly requestId: RequestId
}

const gapsMin = 5
const gapsMax = 20
const queuesMax = 1_000

/**
 * The queue positions of visitors. Requests queue with those whose route begins with the same target, in the order of
 * service. The estimate is the position times the usual time between two accepts of that queue.
 */
export class QueuePositions {
  /** Queue key to the latest gaps between accepts, oldest first. */
  readonly #gaps = new Map<string, { acceptedAt: number; gapsMs: number[] }>()
  #latestKey: string | null = null
  readonly #reportedPositions = new Map<RequestId, number>()

  /** To be called for each event right after it was folded into `state`. */
  record(state: DeskState, event: DomainEvent): void {
    if (event.type !== 'request.accepted' || event.by !== null) return
    const request = state.requests.get(event.requestId)
    if (request === undefined) return
    const key = queueKeyOf(request)
    const queue = this.#gaps.get(key) ?? { acceptedAt: 0, gapsMs: [] }
    queue.gapsMs.push(Math.max(0, event.at - Math.max(queue.acceptedAt, request.openedAt)))
    if (queue.gapsMs.length > gapsMax) queue.gapsMs.shift()
    queue.acceptedAt = event.at
    if (key === this.#latestKey) return
    this.#latestKey = key
    this.#gaps.delete(key)
    this.#gaps.set(key, queue)
    if (this.#gaps.size > queuesMax) this.#forgetOldest()
  }

  /** Returns the position of a request; `undefined` when it is not open. */
  position(state: DeskState, requestId: RequestId): QueuePosition | undefined {
    const request = state.requests.get(requestId)
    if (request === undefined || request.assignment !== null) return undefined
    const key = queueKeyOf(request)
    let position = 1
    for (const other of state.requests.values()) {
      const isBefore = other.assignment === null && other !== request && byServiceOrder(other, request) < 0
      if (isBefore && queueKeyOf(other) === key) position += 1
    }
    return { position, estimateMs: this.#estimateMs(key, position) }
  }

  /** Returns the positions that have changed since the last call, those of new requests too. */
  takeChanges(state: DeskState): QueuePositionChange[] {
    const counts = new Map<string, number>()
    const changes: QueuePositionChange[] = []
    const open = [...state.requests.values()].filter(({ assignment }) => assignment === null).sort(byServiceOrder)
    for (const request of open) {
      const key = queueKeyOf(request)
      const position = (counts.get(key) ?? 0) + 1
      counts.set(key, position)
      if (this.#reportedPositions.get(request.id) === position) continue
      changes.push({ requestId: request.id, position, estimateMs: this.#estimateMs(key, position) })
    }
    for (const { requestId, position } of changes) this.#reportedPositions.set(requestId, position)
    if (this.#reportedPositions.size > open.length) this.#forgetClosed(state)
    return changes
  }

  #forgetOldest(): void {
    for (const oldest of this.#gaps.keys()) {
      this.#gaps.delete(oldest)
      return
    }
  }

  #forgetClosed(state: DeskState): void {
    for (const requestId of this.#reportedPositions.keys()) {
      if (state.requests.get(requestId)?.assignment !== null) this.#reportedPositions.delete(requestId)
    }
  }

  /** The mean of the middle gaps, times the position: a night without a request changes it little. */
  #estimateMs(key: string, position: number): number | null {
    const gapsMs = this.#gaps.get(key)?.gapsMs ?? []
    if (gapsMs.length < gapsMin) return null
    const cut = Math.floor(gapsMs.length / 5)
    const middle = [...gapsMs].sort((a, b) => a - b).slice(cut, gapsMs.length - cut)
    return Math.round((middle.reduce((sum, gapMs) => sum + gapMs, 0) / middle.length) * position)
  }
}

const queueKeys = new WeakMap<object, string>()

/** Returns the queue of a request: the first target of its route, however far the route has come. */
function queueKeyOf({ routingResult }: RequestState): string {
  const first = routingResult.route.steps[0]
  if (first === undefined) return ''
  const known = queueKeys.get(first)
  if (known !== undefined) return known
  const key = canonicalTarget(first.to)
  queueKeys.set(first, key)
  return key
}
