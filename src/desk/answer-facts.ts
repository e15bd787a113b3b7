import { countAvailable, countWaiting, type DeskState } from '../core'
import type { DeskFacts } from '../routing'

/** Answers what rules ask about the desk, from its state at that moment. */
export function answerFacts(stateNow: () => DeskState): DeskFacts {
  return {
    visitor: (visitorId) => stateNow().visitors.get(visitorId)?.facts,
    available: (target) => countAvailable(stateNow(), target),
    waiting: (target) => countWaiting(stateNow(), target),
    lastStaff: (visitorId) => stateNow().lastStaff.get(visitorId) ?? null,
  }
}
