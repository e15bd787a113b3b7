import type { Edge, StopReason } from './edge'
import type { RequestId, StaffId } from './ids'

/** Collects the edges of one event; those of one request that say the same are one edge for many people. */
export class EdgeBook {
  #edges: Edge[] | null = null
  #rings: Map<RequestId, StaffId[]> | null = null
  #stops: Map<string, StaffId[]> | null = null

  get edges(): readonly Edge[] {
    return this.#edges ?? none
  }

  add(edge: Edge): void {
    if (this.#edges === null) this.#edges = [edge]
    else this.#edges.push(edge)
  }

  /** One person more. */
  ring(requestId: RequestId, staffId: StaffId): void {
    const known = this.#rings?.get(requestId)
    if (known !== undefined) return void known.push(staffId)
    const staffIds = [staffId]
    this.#rings ??= new Map()
    this.#rings.set(requestId, staffIds)
    this.ringAll(requestId, staffIds)
  }

  stop(requestId: RequestId, staffId: StaffId, reason: StopReason): void {
    const key = `${reason} ${requestId}`
    const known = this.#stops?.get(key)
    if (known !== undefined) return void known.push(staffId)
    const staffIds = [staffId]
    this.#stops ??= new Map()
    this.#stops.set(key, staffIds)
    this.stopAll(requestId, staffIds, reason, null)
  }

  /** The whole list at once; the list is kept as it is. */
  ringAll(requestId: RequestId, staffIds: readonly StaffId[]): void {
    if (staffIds.length > 0) this.add({ type: 'ring', requestId, staffIds })
  }

  stopAll(requestId: RequestId, staffIds: readonly StaffId[], reason: StopReason, by: string | null): void {
    if (staffIds.length > 0) this.add({ type: 'stop', requestId, staffIds, reason, by })
  }
}

const none: readonly never[] = []
