import type { Edge } from './edge'
import { EdgeBook } from './edge-book'
import type { DomainEvent } from './event'
import { evolveChat } from './evolve-chat'
import { evolvePresence } from './evolve-presence'
import { evolveRequest } from './evolve-request'
import { evolveRoster } from './evolve-roster'
import { evolveVisitor } from './evolve-visitor'
import { tidyMatches } from './offering'
import type { DeskState } from './state'

/**
 * Folds one event into the state, in place, and returns what it changed for people's ears. Decides nothing: every
 * choice stands in the event. Edges come in the order in which they are to be announced.
 */
export function evolve(state: DeskState, event: DomainEvent): readonly Edge[] {
  const book = new EdgeBook()
  state.at = Math.max(state.at, event.at)
  apply(state, book, event)
  if (state.matchable.size > 0) tidyMatches(state)
  return book.edges
}

function apply(state: DeskState, book: EdgeBook, event: DomainEvent): void {
  switch (event.type) {
    case 'policy.set':
    case 'workflows.set':
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
      return evolveChat(state, book, event)
    default:
      return evolveRequest(state, book, event)
  }
}
