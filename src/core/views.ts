import type { RequestId, StaffId } from './ids'
import { ringsAnybody } from './ringing'
import { type DeskState, isPresent, type RequestState } from './state'
import type { RequestView, StaffView, VisitorView } from './view'

/** One request that is open or assigned; `undefined` for one that is closed or was never asked. */
export function requestView(state: DeskState, requestId: RequestId): RequestView | undefined {
  const request = state.requests.get(requestId)
  return request === undefined ? undefined : requestViewOf(request)
}

export function requestViewOf(request: RequestState): RequestView {
  const { assignment, verdict } = request
  return {
    requestId: request.id,
    visitorId: request.visitorId,
    facts: request.facts,
    priority: verdict.priority,
    tags: verdict.tags,
    weight: request.weight,
    openedAt: request.openedAt,
    phase: assignment !== null ? 'assigned' : ringsAnybody(request) ? 'ringing' : 'waiting',
    step: request.step,
    workflow: verdict.workflow,
    tone: verdict.route.steps[request.step]?.tone ?? null,
    assignment:
      assignment === null ? null : { assignmentId: assignment.id, staffId: assignment.staff.id, at: assignment.at },
  }
}

export function staffView(state: DeskState, staffId: StaffId): StaffView | undefined {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return undefined
  const { record, capacity, load, availability } = staff
  return {
    staffId,
    name: record.name ?? staffId,
    teams: record.teams ?? [],
    skills: record.skills ?? {},
    shifts: record.shifts ?? [],
    capacity,
    load,
    availability,
    isPresent: isPresent(staff),
  }
}

/** Visitors who are here, in the order in which they came. */
export function visitorViews(state: DeskState): VisitorView[] {
  return [...state.visitors.values()]
    .filter(({ isHere }) => isHere)
    .map(({ id, facts, arrivedAt }) => ({ visitorId: id, facts, arrivedAt }))
}
