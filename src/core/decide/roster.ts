import type { CommandOf } from '../messages/command'
import { workflowsMax } from '../model/route'
import { byServiceOrder, type DeskState } from '../state/state'
import { releaseEvents } from './assignment'
import { type Decision, decided, findStaff, isRefusal, refused, unchanged } from './decision'

type RosterCommand = CommandOf<
  'setStaff' | 'removeStaff' | 'setWorkflows' | 'setWorkflow' | 'removeWorkflow' | 'setShifts' | 'setPolicy'
>

/** Who works here, when, and by which rules. Setting what is already so changes nothing. */
export function decideRoster(state: DeskState, command: RosterCommand): Decision {
  const { at } = command
  switch (command.type) {
    case 'setStaff':
      if (isSameJson(state.staff.get(command.staff.id)?.record, command.staff)) return unchanged()
      return decided([{ type: 'staff.set', staff: command.staff, at }])
    case 'removeStaff':
      return removeStaff(state, command)
    case 'setWorkflows':
      if (isSameJson([...state.workflows.values()], command.workflows)) return unchanged()
      return decided([{ type: 'workflows.set', workflows: command.workflows, at }])
    case 'setWorkflow':
      return setWorkflow(state, command)
    case 'removeWorkflow':
      if (!state.workflows.has(command.name)) return refused({ code: 'unknown-workflow', name: command.name })
      return decided([{ type: 'workflow.removed', name: command.name, at }])
    case 'setShifts':
      if (isSameJson(shiftsOf(state), command.shifts)) return unchanged()
      return decided([{ type: 'shifts.set', shifts: command.shifts, times: command.times, at }])
    case 'setPolicy':
      if (isSameJson(state.policy, command.policy)) return unchanged()
      return decided([{ type: 'policy.set', policy: command.policy, at }])
    default:
      return command satisfies never
  }
}

/** Their chats go back to the ring, after they have left it. */
function removeStaff(state: DeskState, { staffId, at }: CommandOf<'removeStaff'>): Decision {
  const staff = findStaff(state, staffId)
  if (isRefusal(staff)) return staff
  const releases = [...staff.chats]
    .sort(byServiceOrder)
    .flatMap((request) => releaseEvents(state, request, { by: staffId, cause: 'staff-removed', exclude: false, at }))
  return decided([{ type: 'staff.removed', staffId, at }, ...releases])
}

/** Looks at no other workflow, so that one of ten thousand costs what one costs. */
function setWorkflow({ workflows }: DeskState, { workflow, at }: CommandOf<'setWorkflow'>): Decision {
  const known = workflows.get(workflow.name)
  if (isSameJson(known, workflow)) return unchanged()
  if (known === undefined && workflows.size >= workflowsMax)
    return refused({ code: 'limit-exceeded', limit: 'workflowsMax', max: workflowsMax })
  return decided([{ type: 'workflow.set', workflow, at }])
}

function shiftsOf(state: DeskState) {
  return [...state.shifts.values()].map(({ shift }) => shift)
}

function isSameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
