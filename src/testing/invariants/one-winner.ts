import type { DomainEvent } from '../../core'
import { type Chronicle, requestIn } from '../chronicle/chronicle'
import type { Turn } from '../playing/turn'
import type { Invariant } from './invariant'

/**
 * I2: at most one live assignment per request (a supervisor's `assign` moves it), and every accept's answer agrees
 * with the events.
 */
export const oneWinner: Invariant = {
  id: 'I2',
  name: 'one winner',
  watch: () => ({
    beforeEvent: (event, book) => secondWinner(event, book),
    afterTurn: (turn, book) => (turn.command.type === 'accept' ? disagreement(turn, book) : null),
  }),
}

function secondWinner(event: DomainEvent, book: Chronicle): string | null {
  if (event.type !== 'request.accepted') return null
  const request = requestIn(book, event.requestId)
  if (request === undefined || request.outcome !== null) return `${event.requestId} is accepted and is not open`
  if (request.assignment === null || event.by !== null) return null
  return `${event.requestId} is accepted by ${event.staffId} while ${request.assignment.staffId} has it`
}

function disagreement({ command, outcome, steps }: Turn, book: Chronicle): string | null {
  if (command.type !== 'accept') return null
  const { requestId, staffId } = command
  const accepted = steps.filter(({ event }) => event.type === 'request.accepted').length
  const assignment = requestIn(book, requestId)?.assignment ?? null
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
