import type { DomainEvent } from '../../core'
import type { Chronicle } from '../chronicle/chronicle'
import type { DeskView } from '../playing/desk-view'
import type { Turn, TurnStep } from '../playing/turn'
import { allInvariants } from './all-invariants'
import type { Invariant, Observer } from './invariant'

/** Thrown at the first broken invariant, with its id. */
export class BrokenInvariantError extends Error {
  override readonly name = 'BrokenInvariantError'
  readonly id: string

  constructor({ id, name }: Invariant, complaint: string) {
    super(`${id} ${name}: ${complaint}`)
    this.id = id
  }
}

/**
 * Watches one desk for some invariants (default: all that can be seen from outside). Throws {@link
 * BrokenInvariantError}.
 */
export function watchInvariants(invariants: readonly Invariant[] = allInvariants) {
  const watches = invariants.map((invariant) => ({ invariant, observer: invariant.watch() }))
  const hear = (question: (observer: Observer) => string | null | undefined) => {
    for (const { invariant, observer } of watches) {
      const complaint = question(observer)
      if (typeof complaint === 'string') throw new BrokenInvariantError(invariant, complaint)
    }
  }
  return {
    beforeEvent: (event: DomainEvent, book: Chronicle) => hear((observer) => observer.beforeEvent?.(event, book)),
    afterEvent: (step: TurnStep, book: Chronicle) => hear((observer) => observer.afterEvent?.(step, book)),
    afterTurn: (turn: Turn, book: Chronicle) => hear((observer) => observer.afterTurn?.(turn, book)),
    atRest: (desk: DeskView, book: Chronicle) => hear((observer) => observer.atRest?.(desk, book)),
  }
}
