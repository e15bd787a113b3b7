import type { CommandOf } from '../messages/command'
import { workflowsMax } from '../model/route'
import { byServiceOrder, type DeskState } from '../state/state'
import { releaseEvents } from './assignment'
import { type Decision, decided, refused, unchanged, unknownStaff } from './decision'

/** Adds or replaces a staff member; an equal record changes nothing. */
export function setStaff(state: DeskState, { staff, at }: CommandOf<'setStaff'>): Decision {
  if (isSameJson(state.staff.get(staff.id)?.record, staff)) return unchanged()
  return decided([{ type: 'staff.set', staff, at }])
}

/** Removes a staff member, and then releases their chats, which no longer ring for that person. */
export function removeStaff(state: DeskState, { staffId, at }: CommandOf<'removeStaff'>): Decision {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return unknownStaff(staffId)
  const releases = [...staff.chats]
    .sort(byServiceOrder)
    .flatMap((request) => releaseEvents(state, request, { by: staffId, cause: 'staff-removed', exclude: false, at }))
  return decided([{ type: 'staff.removed', staffId, at }, ...releases])
}

export function setWorkflows(state: DeskState, { workflows, at }: CommandOf<'setWorkflows'>): Decision {
  if (isSameJson([...state.workflows.values()], workflows)) return unchanged()
  return decided([{ type: 'workflows.set', workflows, at }])
}

/** Reads no other workflow, so that the cost does not grow with their number. */
export function setWorkflow({ workflows }: DeskState, { workflow, at }: CommandOf<'setWorkflow'>): Decision {
  const known = workflows.get(workflow.name)
  if (isSameJson(known, workflow)) return unchanged()
  if (known === undefined && workflows.size >= workflowsMax)
    return refused({ code: 'limit-exceeded', limit: 'workflowsMax', max: workflowsMax })
  return decided([{ type: 'workflow.set', workflow, at }])
}

export function removeWorkflow({ workflows }: DeskState, { name, at }: CommandOf<'removeWorkflow'>): Decision {
  if (!workflows.has(name)) return refused({ code: 'unknown-workflow', name })
  return decided([{ type: 'workflow.removed', name, at }])
}

export function setShifts(state: DeskState, { shifts, times, at }: CommandOf<'setShifts'>): Decision {
  const current = [...state.shifts.values()].map(({ shift }) => shift)
  if (isSameJson(current, shifts)) return unchanged()
  return decided([{ type: 'shifts.set', shifts, times, at }])
}

export function setPolicy(state: DeskState, { policy, at }: CommandOf<'setPolicy'>): Decision {
  if (isSameJson(state.policy, policy)) return unchanged()
  return decided([{ type: 'policy.set', policy, at }])
}

function isSameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
