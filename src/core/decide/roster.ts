import type { CommandOf, RulesChange } from '../messages/command'
import type { DomainEvent } from '../messages/event'
import type { Refusal } from '../messages/refusal'
import { isEqualJson, jsonBytesOf } from '../model/ids'
import { workflowBytesMax, workflowsMax } from '../model/route'
import { byServiceOrder, type DeskState, type StaffState } from '../state/state'
import { releaseEvents } from './assignment'
import { type Decision, decided, refused, unchanged, unknownStaff } from './decision'

/** Adds or replaces a staff member; an equal record changes nothing. */
export function setStaff(state: DeskState, { staff, at }: CommandOf<'setStaff'>): Decision {
  if (isEqualJson(state.staff.get(staff.id)?.record, staff)) return unchanged()
  return decided([{ type: 'staff.set', staff, at }])
}

/** Removes a staff member, and then releases their chats, which no longer ring for that person. */
export function removeStaff(state: DeskState, { staffId, at }: CommandOf<'removeStaff'>): Decision {
  const staff = state.staff.get(staffId)
  return staff === undefined ? unknownStaff(staffId) : decided(removalEvents(state, [staff], at))
}

/**
 * Makes the roster exactly the given staff: sets those who are new or changed, and then removes all others. Their chats
 * are released last, so that they ring for the staff of the new roster only.
 */
export function setRoster(state: DeskState, { staff, at }: CommandOf<'setRoster'>): Decision {
  const named = new Set(staff.map(({ id }) => id))
  const changed = staff.filter((record) => !isEqualJson(state.staff.get(record.id)?.record, record))
  const leaving = [...state.staff.values()].filter(({ id }) => !named.has(id))
  const set = changed.map((record): DomainEvent => ({ type: 'staff.set', staff: record, at }))
  return decided([...set, ...removalEvents(state, leaving, at)])
}

/** Returns the events that remove staff from the roster, and then release their chats. */
function removalEvents(state: DeskState, leaving: readonly StaffState[], at: number): DomainEvent[] {
  const chats = leaving.flatMap((staff) => [...staff.chats].map((request) => ({ request, by: staff.id })))
  return [
    ...leaving.map(({ id }): DomainEvent => ({ type: 'staff.removed', staffId: id, at })),
    ...chats
      .sort((a, b) => byServiceOrder(a.request, b.request))
      .flatMap(({ request, by }) => releaseEvents(state, request, { by, cause: 'staff-removed', exclude: false, at })),
  ]
}

/** Sets each part that is given as the command of that part does. */
export function configure(
  state: DeskState,
  { policy, shifts, staff, workflows, at }: CommandOf<'configure'>,
): Decision {
  const decisions = [
    policy === null ? unchanged() : setPolicy(state, { type: 'setPolicy', policy, at }),
    shifts === null ? unchanged() : setShifts(state, { type: 'setShifts', ...shifts, at }),
    staff === null ? unchanged() : setRoster(state, { type: 'setRoster', staff, at }),
    workflows === null ? unchanged() : setWorkflows(state, { type: 'setWorkflows', workflows, at }),
  ]
  return decided(decisions.flatMap(({ events }) => events))
}

export function setWorkflows(state: DeskState, command: CommandOf<'setWorkflows'>): Decision {
  const { workflows, by = null, at } = command
  const isSame = isEqualJson([...state.workflows.values()], workflows)
  return changeRules(state, command, () => (isSame ? null : { type: 'workflows.set', workflows, by, at }))
}

/** Reads no other workflow, so that the cost does not grow with their number. */
export function setWorkflow(state: DeskState, command: CommandOf<'setWorkflow'>): Decision {
  const { workflow, by = null, at } = command
  const known = state.workflows.get(workflow.name)
  return changeRules(state, command, () => {
    if (isEqualJson(known, workflow)) return null
    if (known === undefined && state.workflows.size >= workflowsMax)
      return { code: 'limit-exceeded', limit: 'workflowsMax', max: workflowsMax }
    const more = jsonBytesOf(workflow) - (known === undefined ? 0 : jsonBytesOf(known))
    if (more > 0 && state.bytes.workflows + more > workflowBytesMax)
      return { code: 'limit-exceeded', limit: 'workflowBytesMax', max: workflowBytesMax }
    return { type: 'workflow.set', workflow, by, at }
  })
}

export function removeWorkflow(state: DeskState, command: CommandOf<'removeWorkflow'>): Decision {
  const { name, by = null, at } = command
  return changeRules(state, command, () =>
    state.workflows.has(name) ? { type: 'workflow.removed', name, by, at } : { code: 'unknown-workflow', name },
  )
}

export function setShifts(state: DeskState, command: CommandOf<'setShifts'>): Decision {
  const { shifts, times, by = null, at } = command
  const isSame = isEqualJson(
    [...state.shifts.values()].map(({ shift }) => shift),
    shifts,
  )
  return changeRules(state, command, () => (isSame ? null : { type: 'shifts.set', shifts, times, by, at }))
}

/** Refuses a change that knows another revision of the rules. `decideChange` returns `null` where nothing changes. */
function changeRules(
  { rulesRevision }: DeskState,
  { ifRevision = rulesRevision }: RulesChange,
  decideChange: () => DomainEvent | Refusal | null,
): Decision {
  if (ifRevision !== rulesRevision) return refused({ code: 'conflict', revision: rulesRevision })
  const change = decideChange()
  if (change === null) return unchanged({ ok: true, revision: rulesRevision })
  if ('code' in change) return refused(change)
  return decided([change], { ok: true, revision: rulesRevision + 1 })
}

export function setPolicy(state: DeskState, { policy, at }: CommandOf<'setPolicy'>): Decision {
  if (isEqualJson(state.policy, policy)) return unchanged()
  return decided([{ type: 'policy.set', policy, at }])
}
