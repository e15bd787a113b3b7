import { ChangeCollector, ChangeSet } from '../messages/edge'
import type { RequestId, StaffId } from '../model/ids'
import { openRequestsOf } from '../ringing/rings'
import type { DeskState, RequestState, StaffState } from '../state/state'
import { awaitingPeriodOf, awaitingReasonOf } from '../views/portal-snapshot'
import type { ScreenOperation } from '../views/views'
import {
  isSameInKind,
  isSameShared,
  isShown,
  type ReportedRequest,
  ReportedVisitors,
  reportOf,
  type Standing,
  type Subject,
  standingOf,
} from './reported-request'

/** Receives the changes of one screen. */
export interface ScreenRecipient {
  onOperation(operation: ScreenOperation): void
  /** The screen has changed in more than operations say: it is to be read whole. */
  onReplaced(): void
}

/** All screens of one staff member. */
interface StaffScreens {
  /** Most have one; the others, if any, in a list of their own. */
  first: ScreenRecipient
  others: readonly ScreenRecipient[] | null
  standing: Standing | null
  /** The number of the latest request for which these screens were considered. */
  visitNumber: number
}

/**
 * Derives what each attached screen must learn, from what has changed since the last `flush`: of a request its shared
 * part, or those who have a mark on it; of a staff member their own reasons, where their room, offer or reach has
 * changed in kind. The cost is that of what has changed, whatever else is open.
 */
export class ScreenProjection {
  readonly #source: { readonly state: DeskState }
  readonly #protect: <Value>(value: Value) => Value
  readonly #changes = new ChangeSet()
  #isClosed = false
  readonly #screens = new Map<StaffId, StaffScreens>()
  readonly #reported = new Map<RequestId, ReportedRequest>()
  readonly #subjects = new Map<RequestId, Subject>()
  #state: DeskState
  #heavyCount = 0
  readonly #visitors = new ReportedVisitors()
  #visitCount = 0

  /** `protect` is applied to every operation before it leaves. */
  constructor(source: { readonly state: DeskState }, protect: <Value>(value: Value) => Value = (value) => value) {
    this.#source = source
    this.#protect = protect
    this.#state = source.state
    this.#begin()
  }

  /** Whether something has changed since the last `flush`. */
  get isDirty(): boolean {
    return !this.#isClosed && (!this.#changes.isEmpty || this.#state !== this.#source.state)
  }

  /** The instant of the newest event. */
  get at(): number {
    return this.#source.state.at
  }

  attach(staffId: StaffId, recipient: ScreenRecipient): void {
    const known = this.#screens.get(staffId)
    if (known === undefined) {
      const standing = standingOf(this.#state, staffId)
      this.#screens.set(staffId, { first: recipient, others: null, standing, visitNumber: 0 })
    } else known.others = [...(known.others ?? []), recipient]
  }

  detach(staffId: StaffId, recipient: ScreenRecipient): void {
    const screens = this.#screens.get(staffId)
    if (screens === undefined) return
    const [first, ...others] = recipientsOf(screens).filter((each) => each !== recipient)
    if (first === undefined) return void this.#screens.delete(staffId)
    screens.first = first
    screens.others = others.length === 0 ? null : others
  }

  close(): void {
    this.#isClosed = true
    const { changes } = this.#source.state
    changes?.readers.delete(this.#changes)
    if (changes?.readers.size === 0) this.#source.state.changes = null
  }

  /** Passes all that has changed to the screens that it concerns. */
  flush(): void {
    if (!this.isDirty) return
    if (this.#state !== this.#source.state) return this.#restart()
    const { requestIds, staffIds, rosterIds, visitorIds } = this.#changes
    this.#subjects.clear()
    for (const requestId of requestIds) this.#flushRequest(requestId)
    for (const staffId of staffIds) this.#flushStaff(staffId)
    for (const staffId of rosterIds) this.#replace(staffId)
    if (visitorIds.size > 0) {
      for (const operation of this.#visitors.report(this.#state, visitorIds)) this.#sendToAll(this.#protect(operation))
    }
    this.#changes.clear()
  }

  /** Returns how a screen shows these subjects now. To be called while nothing is dirty. */
  operationsFor(staffId: StaffId, { requestIds, staffIds, visitorIds }: ChangeSet): readonly ScreenOperation[] {
    const staff = this.#state.staff.get(staffId)
    if (staff === undefined) return []
    const { availability } = staff
    return this.#protect([
      ...(staffIds.size > 0 ? [{ type: 'availability', availability } as const] : []),
      ...[...requestIds].map(
        (requestId) =>
          this.#wholeOperation(this.#subjectOf(requestId), staff) ?? ({ type: 'removed', requestId } as const),
      ),
      ...[...visitorIds].map((id) => this.#visitors.operationFor(this.#state, id)),
    ])
  }

  #begin(): void {
    const state = this.#source.state
    this.#state = state
    this.#visitors.begin(state)
    state.changes ??= new ChangeCollector()
    state.changes.readers.add(this.#changes)
    this.#changes.clear()
    this.#reported.clear()
    this.#heavyCount = 0
    for (const request of state.requests.values()) this.#setReported(request.id, reportOf(state, request))
  }

  /** Continues with another state. */
  #restart(): void {
    this.#begin()
    for (const staffId of this.#screens.keys()) this.#replace(staffId)
  }

  #replace(staffId: StaffId): void {
    const screens = this.#screens.get(staffId)
    if (screens === undefined) return
    screens.standing = standingOf(this.#state, staffId)
    for (const recipient of recipientsOf(screens)) recipient.onReplaced()
  }

  #setReported(requestId: RequestId, reported: ReportedRequest | undefined): ReportedRequest | undefined {
    const before = this.#reported.get(requestId)
    if (before !== undefined && before.view.weight > 1) this.#heavyCount -= 1
    if (reported !== undefined && reported.view.weight > 1) this.#heavyCount += 1
    if (reported === undefined) this.#reported.delete(requestId)
    else this.#reported.set(requestId, reported)
    return before
  }

  #flushRequest(requestId: RequestId): void {
    const request = this.#state.requests.get(requestId)
    const now = request === undefined ? undefined : reportOf(this.#state, request)
    const before = this.#setReported(requestId, now)
    const subject = this.#subjectOf(requestId)
    if (before !== undefined && now !== undefined && isSameShared(before, now)) {
      return this.#flushMarks(subject, before, now)
    }
    this.#visitCount += 1
    if (now !== undefined) this.#visitConcerned(subject, before, now)
    if (before !== undefined) this.#visitConcerned(subject, before, before)
  }

  /** Visits the staff of whose screens a request is, or was, a part by this report: each once. */
  #visitConcerned(subject: Subject, before: ReportedRequest | undefined, report: ReportedRequest): void {
    const { view, marks, audiences } = report
    const { staff } = this.#state
    if (view.assignment !== null) this.#visit(subject, before, staff.get(view.assignment.staffId))
    if (marks !== null) for (const staffId of marks.keys()) this.#visit(subject, before, staff.get(staffId))
    for (const { members } of audiences) {
      if (members.size <= this.#screens.size) for (const member of members) this.#visit(subject, before, member)
      else {
        for (const staffId of this.#screens.keys()) {
          const member = staff.get(staffId)
          if (member !== undefined && members.has(member)) this.#visit(subject, before, member)
        }
      }
    }
  }

  #visit(subject: Subject, before: ReportedRequest | undefined, staff: StaffState | undefined): void {
    const screens = staff === undefined ? undefined : this.#screens.get(staff.id)
    if (staff === undefined || screens === undefined || screens.visitNumber === this.#visitCount) return
    screens.visitNumber = this.#visitCount
    this.#sendPair(subject, before, { staff, screens })
  }

  /** Only those with a mark learn of a change that is not shared. */
  #flushMarks(subject: Subject, before: ReportedRequest, now: ReportedRequest): void {
    if (before.marks === null && now.marks === null) return
    for (const staffId of new Set([...(before.marks?.keys() ?? []), ...(now.marks?.keys() ?? [])])) {
      const screens = this.#screens.get(staffId)
      const staff = this.#state.staff.get(staffId)
      if (screens === undefined || staff === undefined) continue
      if (before.marks?.get(staffId)?.key === now.marks?.get(staffId)?.key) continue
      if (subject.request !== undefined && isShown(before, staff) && isShown(now, staff)) {
        send(screens, this.#reasonOperation(subject.request, staff))
      } else this.#sendPair(subject, before, { staff, screens })
    }
  }

  #sendPair(
    subject: Subject,
    before: ReportedRequest | undefined,
    { staff, screens }: { staff: StaffState; screens: StaffScreens },
  ): void {
    const operation = this.#wholeOperation(subject, staff)
    if (operation !== null) return send(screens, operation)
    if (before === undefined || !isShown(before, staff)) return
    subject.removed ??= this.#protect({ type: 'removed', requestId: subject.requestId })
    send(screens, subject.removed)
  }

  /** Returns how a screen shows a request; `null`: not at all. */
  #wholeOperation(subject: Subject, staff: StaffState): ScreenOperation | null {
    const { requestId, request, report, items } = subject
    if (request === undefined || report === undefined || !isShown(report, staff)) return null
    const { view, marks } = report
    if (request.assignment !== null) {
      subject.chat ??= this.#protect({ type: 'chat', request: view })
      return subject.chat
    }
    const isMarked = marks?.has(staff.id) === true
    const reason = awaitingReasonOf(request, staff)
    const known = isMarked ? undefined : items.get(reason)
    if (known !== undefined) return known
    const item = { requestId, reason, ...awaitingPeriodOf(this.#state, request, { staff, reason }), request: view }
    const operation = this.#protect({ type: 'awaiting', item } as const)
    if (!isMarked) items.set(reason, operation)
    return operation
  }

  #flushStaff(staffId: StaffId): void {
    const screens = this.#screens.get(staffId)
    const staff = this.#state.staff.get(staffId)
    if (screens === undefined || staff === undefined) return
    const before = screens.standing
    const now = standingOf(this.#state, staffId)
    screens.standing = now
    if (now === null) return
    const { availability } = now
    if (before?.availability !== availability) send(screens, this.#protect({ type: 'availability', availability }))
    if (before !== null && isSameInKind(before, now, this.#heavyCount > 0)) return
    for (const request of openRequestsOf(this.#state, staff)) send(screens, this.#reasonOperation(request, staff))
  }

  #reasonOperation(request: RequestState, staff: StaffState): ScreenOperation {
    const requestId = request.id
    const reason = awaitingReasonOf(request, staff)
    const { items, reasons, report } = this.#subjectOf(requestId)
    const isMarked = report?.marks?.has(staff.id) === true
    const known = isMarked ? undefined : (items.get(reason) ?? reasons.get(reason))
    if (known !== undefined) return known
    const period = awaitingPeriodOf(this.#state, request, { staff, reason })
    const operation = this.#protect({ type: 'reason', requestId, reason, ...period } as const)
    if (!isMarked) reasons.set(reason, operation)
    return operation
  }

  #subjectOf(requestId: RequestId): Subject {
    const known = this.#subjects.get(requestId)
    if (known !== undefined) return known
    const created: Subject = {
      requestId,
      request: this.#state.requests.get(requestId),
      report: this.#reported.get(requestId),
      items: new Map(),
      reasons: new Map(),
      chat: null,
      removed: null,
    }
    this.#subjects.set(requestId, created)
    return created
  }

  #sendToAll(operation: ScreenOperation): void {
    for (const screens of this.#screens.values()) send(screens, operation)
  }
}

function send({ first, others }: StaffScreens, operation: ScreenOperation): void {
  first.onOperation(operation)
  if (others !== null) for (const recipient of others) recipient.onOperation(operation)
}

function recipientsOf({ first, others }: StaffScreens): readonly ScreenRecipient[] {
  return others === null ? [first] : [first, ...others]
}
