/**
 * A desk as a good programmer would write it by hand: it rings all staff, with plain Maps, and has no rules, steps,
 * reminders or replay. It keeps the same events, and returns the same edges and outcomes; test/bench compares them.
 */
export interface BaselineEdge {
  readonly type: 'ring' | 'stop'
  readonly requestId: string
  readonly staffIds: readonly string[]
  readonly reason?: string
  readonly by?: string | null
}

interface BaselineStaff {
  readonly id: string
  isPresent: boolean
  isAvailable: boolean
  load: number
  readonly capacity: number
  readonly chats: Set<string>
}

interface BaselineRequest {
  readonly id: string
  readonly visitorId: string
  readonly facts: object
  readonly openedAt: number
  readonly muted: Set<string>
  acceptedBy: BaselineStaff | null
}

export class BaselineDesk {
  readonly staff = new Map<string, BaselineStaff>()
  readonly requests = new Map<string, BaselineRequest>()
  readonly byVisitor = new Map<string, BaselineRequest>()
  readonly closed = new Map<string, string>()
  readonly events: object[] = []
  readonly #onEdge: (edge: BaselineEdge) => void

  constructor(onEdge: (edge: BaselineEdge) => void) {
    this.#onEdge = onEdge
  }

  connect(id: string, capacity: number): void {
    this.staff.set(id, { id, isPresent: true, isAvailable: true, load: 0, capacity, chats: new Set() })
  }

  requestChat(requestId: string, visitorId: string, facts: object, at: number) {
    const open = this.byVisitor.get(visitorId)
    if (open !== undefined) return { ok: true, requestId: open.id, duplicate: true }
    if (this.requests.has(requestId) || this.closed.has(requestId)) return { ok: false, code: 'duplicate-id' }
    const request = { id: requestId, visitorId, facts, openedAt: at, muted: new Set<string>(), acceptedBy: null }
    this.requests.set(requestId, request)
    this.byVisitor.set(visitorId, request)
    this.events.push({ type: 'request.opened', requestId, visitorId, facts, at })
    this.#onEdge({ type: 'ring', requestId, staffIds: this.#ringingStaffIds(request) })
    return { ok: true, requestId, duplicate: false }
  }

  mute(requestId: string, staffId: string, at: number) {
    const request = this.requests.get(requestId)
    const staff = this.staff.get(staffId)
    if (request === undefined || staff === undefined) return { ok: false, code: 'unknown' }
    if (request.acceptedBy !== null) return { ok: false, code: 'taken', by: request.acceptedBy.id }
    if (request.muted.has(staffId)) return { ok: true }
    const did = this.#rings(request, staff)
    request.muted.add(staffId)
    this.events.push({ type: 'request.muted', requestId, staffId, at })
    if (did) this.#onEdge({ type: 'stop', requestId, staffIds: [staffId], reason: 'muted', by: null })
    return { ok: true }
  }

  accept(requestId: string, staffId: string, at: number) {
    const request = this.requests.get(requestId)
    const staff = this.staff.get(staffId)
    if (request === undefined || staff === undefined) return { ok: false, code: 'unknown' }
    if (request.acceptedBy !== null) return { ok: false, code: 'taken', by: request.acceptedBy.id }
    if (staff.load >= staff.capacity) return { ok: false, code: 'at-capacity' }
    const staffIds = this.#ringingStaffIds(request)
    request.acceptedBy = staff
    staff.load += 1
    staff.chats.add(requestId)
    this.byVisitor.delete(request.visitorId)
    this.events.push({ type: 'request.accepted', requestId, staffId, at })
    this.#onEdge({ type: 'stop', requestId, staffIds, reason: 'accepted', by: staffId })
    if (staff.load === staff.capacity) this.#stopRingingFor(staff)
    return { ok: true, assignmentId: `${requestId}/1`, already: false }
  }

  end(requestId: string, at: number) {
    const request = this.requests.get(requestId)
    if (request === undefined || request.acceptedBy === null) return { ok: false, code: 'not-assigned' }
    const staff = request.acceptedBy
    staff.load -= 1
    staff.chats.delete(requestId)
    this.requests.delete(requestId)
    this.closed.set(requestId, 'ended')
    this.events.push({ type: 'request.closed', requestId, staffId: staff.id, at })
    return { ok: true }
  }

  /** Returns the requests that this staff member may accept. */
  awaiting(staffId: string): string[] {
    const open = [...this.requests.values()].filter(({ acceptedBy }) => acceptedBy === null)
    return open.filter((request) => request.muted.has(staffId) || request.acceptedBy === null).map(({ id }) => id)
  }

  #stopRingingFor(staff: BaselineStaff): void {
    for (const request of this.requests.values()) {
      if (request.acceptedBy !== null || request.muted.has(staff.id)) continue
      this.#onEdge({ type: 'stop', requestId: request.id, staffIds: [staff.id], reason: 'at-capacity', by: null })
    }
  }

  #rings(request: BaselineRequest, staff: BaselineStaff): boolean {
    return staff.isPresent && staff.isAvailable && staff.load < staff.capacity && !request.muted.has(staff.id)
  }

  #ringingStaffIds(request: BaselineRequest): string[] {
    const ids: string[] = []
    for (const staff of this.staff.values()) if (this.#rings(request, staff)) ids.push(staff.id)
    return ids
  }
}
