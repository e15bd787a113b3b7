import type { Edge } from '../messages/edge'
import { EdgeCollector } from '../messages/edge'
import type { DomainEvent } from '../messages/event'
import { pruneOfferable } from '../ringing/offers'
import type { DeskState } from '../state/state'
import { evolveAssignment } from './assignment'
import { evolvePresence } from './presence'
import { evolveRequest } from './request'
import { evolveRoster } from './roster'
import { evolveVisitor } from './visitor'

/**
 * Folds one event into the state, in place, and returns what it changed for people's ears. Decides nothing: every
 * choice stands in the event. Edges come in the order in which they are to be announced.
 */
export function evolve(state: DeskState, event: DomainEvent): readonly Edge[] {
  const book = new EdgeCollector()
  state.at = Math.max(state.at, event.at)
  applyEvent(state, book, event)
  if (state.offerable.size > 0) pruneOfferable(state)
  return book.edges
}

function applyEvent(state: DeskState, book: EdgeCollector, event: DomainEvent): void {
  switch (event.type) {
    case 'policy.set':
    case 'workflows.set':
    case 'workflow.set':
    case 'workflow.removed':
    case 'staff.set':
    case 'staff.removed':
    case 'shifts.set':
    case 'shift.started':
    case 'shift.ended':
      return evolveRoster(state, book, event)
    case 'session.started':
    case 'session.renewed':
    case 'session.ended':
    case 'presence.ended':
    case 'availability.changed':
    case 'staff.notResponding':
      return evolvePresence(state, book, event)
    case 'visitor.arrived':
    case 'visitor.left':
    case 'visitor.forgotten':
      return evolveVisitor(state, book, event)
    case 'request.accepted':
    case 'request.replied':
    case 'request.released':
    case 'request.transferred':
    case 'transfer.returned':
    case 'request.closed':
    case 'wrapUp.ended':
      return evolveAssignment(state, book, event)
    default:
      return evolveRequest(state, book, event)
  }
}
