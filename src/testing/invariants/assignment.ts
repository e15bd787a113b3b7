import type { DomainEvent } from '../../core'
import type { Step } from '../driver/scenario'
import { findRequest, findStaff, type ReferenceModel } from '../reference-model/reference-model'
import { capacityOf, loadOf } from '../reference-model/ringing'
import type { Invariant } from './invariant'

/**
 * I2: at most one live assignment per request (a supervisor's `assign` actions it), and every accept's outcome
 * agrees with the events.
 */
export const singleAssignment: Invariant = {
  id: 'I2',
  name: 'single assignment',
  createObserver: () => ({
    beforeEvent: (event, model) => findSecondAssignment(event, model),
    afterStep: (step, model) => (step.command.type === 'accept' ? findOutcomeMismatch(step, model) : null),
  }),
}

function findSecondAssignment(event: DomainEvent, model: ReferenceModel): string | null {
  if (event.type !== 'request.accepted') return null
  const request = findRequest(model, event.requestId)
  if (request === undefined || request.outcome !== null) return `${event.requestId} is accepted and is not open`
  if (request.assignment === null || event.by !== null) return null
  return `${event.requestId} is accepted by ${event.staffId} while ${request.assignment.staffId} has it`
}

function findOutcomeMismatch({ command, outcome, applied }: Step, model: ReferenceModel): string | null {
  if (command.type !== 'accept') return null
  const { requestId, staffId } = command
  const accepted = applied.filter(({ event }) => event.type === 'request.accepted').length
  const assignment = findRequest(model, requestId)?.assignment ?? null
  if (outcome.ok) {
    if (!('assignmentId' in outcome)) return `${staffId}'s accept of ${requestId} succeeded without an assignment`
    if (assignment?.staffId !== staffId)
      return `${staffId}'s accept of ${requestId} succeeded, and the assignment is not theirs`
    if (outcome.assignmentId !== assignment.assignmentId) return `${requestId}: the outcome names another assignment`
    return accepted === (outcome.already ? 0 : 1) ? null : `${accepted} acceptances after one accept of ${requestId}`
  }
  if (accepted > 0) return `${staffId}'s accept of ${requestId} was refused as ${outcome.code}, and made an assignment`
  if (outcome.code !== 'taken' || outcome.by === assignment?.staffId) return null
  return `${requestId} was refused as taken by ${outcome.by}, and ${assignment?.staffId} has it`
}

/** I17: no request is opened beside `requestsPerVisitorMax` live ones of its visitor, open or in a chat. */
export const oneRequestPerVisitor: Invariant = {
  id: 'I17',
  name: 'one visitor, one bell',
  createObserver: () => ({
    afterEvent: ({ event }, model) => {
      if (event.type !== 'request.opened') return null
      const { visitorId } = event
      const live = model.requests.filter((each) => each.visitorId === visitorId && each.outcome === null)
      const max = model.policy.requestsPerVisitorMax
      return live.length <= max ? null : `${visitorId} has ${live.length} live requests, ${max} is the maximum`
    },
    afterStep: ({ command, outcome }, model) => {
      if (command.type !== 'requestChat' || !outcome.ok || !('duplicate' in outcome)) return null
      const given = findRequest(model, outcome.requestId)
      const isLive = given?.visitorId === command.visitorId && given.outcome === null
      return isLive ? null : `${command.visitorId} is given ${outcome.requestId}, which is no live request of theirs`
    },
  }),
}

/** Events that may lower a limit below the present load; apart from them only a supervisor's `assign` exceeds it. */
const limitLoweringEvents = new Set(['staff.set', 'policy.set'])

/** I9: load exceeds capacity only by `assign` or by a later lowering of the limit. */
export const capacityIsRespected: Invariant = {
  id: 'I9',
  name: 'capacity',
  createObserver: () => {
    let before = new Map<string, number>()
    return {
      afterEvent: ({ event }, model) => {
        const after = loadsOf(model)
        const isAllowed =
          limitLoweringEvents.has(event.type) || (event.type === 'request.accepted' && event.by !== null)
        for (const [staffId, load] of after) {
          const record = findStaff(model, staffId)
          if (isAllowed || record === undefined || load <= (before.get(staffId) ?? 0)) continue
          const capacity = capacityOf(model, record)
          if (load > capacity) return `${event.type} takes ${staffId} to ${load} of ${capacity}`
        }
        before = after
        return null
      },
      onIdle: (desk, model) => {
        const wrong = model.staff.find(({ staff }) => desk.staff(staff.id)?.load !== loadOf(model, staff.id))
        return wrong === undefined ? null : `${wrong.staff.id}'s load is shown as ${desk.staff(wrong.staff.id)?.load}`
      },
    }
  },
}

function loadsOf(model: ReferenceModel): Map<string, number> {
  return new Map(model.staff.map(({ staff }) => [staff.id, loadOf(model, staff.id)]))
}
