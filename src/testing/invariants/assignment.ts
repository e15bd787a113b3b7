import type { DomainEvent } from '../../core'
import type { Step } from '../driver/scenario'
import { findRequest, findStaff, type ReferenceModel } from '../reference-model/reference-model'
import { capacityOf, loadOf } from '../reference-model/ringing'
import type { Invariant } from './invariant'

/**
 * I2: at most one live assignment per request (a supervisor's `assign` moves it), and every accept's answer agrees
 * with the events.
 */
export const singleAssignment: Invariant = {
  id: 'I2',
  name: 'one winner',
  createObserver: () => ({
    beforeEvent: (event, book) => findSecondAssignment(event, book),
    afterTurn: (turn, book) => (turn.command.type === 'accept' ? findOutcomeMismatch(turn, book) : null),
  }),
}

function findSecondAssignment(event: DomainEvent, book: ReferenceModel): string | null {
  if (event.type !== 'request.accepted') return null
  const request = findRequest(book, event.requestId)
  if (request === undefined || request.outcome !== null) return `${event.requestId} is accepted and is not open`
  if (request.assignment === null || event.by !== null) return null
  return `${event.requestId} is accepted by ${event.staffId} while ${request.assignment.staffId} has it`
}

function findOutcomeMismatch({ command, outcome, steps }: Step, book: ReferenceModel): string | null {
  if (command.type !== 'accept') return null
  const { requestId, staffId } = command
  const accepted = steps.filter(({ event }) => event.type === 'request.accepted').length
  const assignment = findRequest(book, requestId)?.assignment ?? null
  if (outcome.ok) {
    if (!('assignmentId' in outcome)) return `${staffId} was told yes for ${requestId} without an assignment`
    if (assignment?.staffId !== staffId) return `${staffId} was told yes for ${requestId} and has it not`
    if (outcome.assignmentId !== assignment.assignmentId) return `${requestId}: the answer names another assignment`
    return accepted === (outcome.already ? 0 : 1) ? null : `${accepted} acceptances after one accept of ${requestId}`
  }
  if (accepted > 0) return `${staffId} was told ${outcome.code} for ${requestId} and has it`
  if (outcome.code !== 'taken' || outcome.by === assignment?.staffId) return null
  return `${requestId} was called taken by ${outcome.by}, and ${assignment?.staffId} has it`
}

/** What may leave somebody beyond the limit besides a supervisor's `assign`: a lower limit. */
const limitLoweringEvents = new Set(['staff.set', 'policy.set'])

/** I9: load exceeds capacity only by `assign` or by a later lowering of the limit. */
export const capacityIsRespected: Invariant = {
  id: 'I9',
  name: 'capacity',
  createObserver: () => {
    let before = new Map<string, number>()
    return {
      afterEvent: ({ event }, book) => {
        const after = loadsOf(book)
        const isAllowed =
          limitLoweringEvents.has(event.type) || (event.type === 'request.accepted' && event.by !== null)
        for (const [staffId, load] of after) {
          const record = findStaff(book, staffId)
          if (isAllowed || record === undefined || load <= (before.get(staffId) ?? 0)) continue
          const capacity = capacityOf(book, record)
          if (load > capacity) return `${event.type} takes ${staffId} to ${load} of ${capacity}`
        }
        before = after
        return null
      },
      atRest: (desk, book) => {
        const wrong = book.staff.find(({ staff }) => desk.staff(staff.id)?.load !== loadOf(book, staff.id))
        return wrong === undefined ? null : `${wrong.staff.id}'s load is shown as ${desk.staff(wrong.staff.id)?.load}`
      },
    }
  },
}

function loadsOf(book: ReferenceModel): Map<string, number> {
  return new Map(book.staff.map(({ staff }) => [staff.id, loadOf(book, staff.id)]))
}
