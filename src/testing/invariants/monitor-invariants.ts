import type { DomainEvent } from '../../core'
import type { AppliedEvent, Step } from '../driver/scenario'
import type { ReferenceModel } from '../reference-model/reference-model'
import { capacityIsRespected, singleAssignment } from './assignment'
import { idempotence, refusalsHaveNoEffect, staleCommandsHaveNoEffect } from './commands-without-effect'
import type { DeskView, Invariant, InvariantObserver } from './invariant'
import { neverUnattended } from './liveness'
import { awaitingIsComplete, offersFollowPriority } from './queue'
import { edgesAlternate, muteIsolation, ringsEveryoneEligible, ringsNobodyElse } from './ringing'

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
export function monitorInvariants(invariants: readonly Invariant[] = allInvariants) {
  const watches = invariants.map((invariant) => ({ invariant, observer: invariant.createObserver() }))
  const hear = (question: (observer: InvariantObserver) => string | null | undefined) => {
    for (const { invariant, observer } of watches) {
      const complaint = question(observer)
      if (typeof complaint === 'string') throw new BrokenInvariantError(invariant, complaint)
    }
  }
  return {
    beforeEvent: (event: DomainEvent, book: ReferenceModel) => hear((observer) => observer.beforeEvent?.(event, book)),
    afterEvent: (step: AppliedEvent, book: ReferenceModel) => hear((observer) => observer.afterEvent?.(step, book)),
    afterTurn: (turn: Step, book: ReferenceModel) => hear((observer) => observer.afterTurn?.(turn, book)),
    atRest: (desk: DeskView, book: ReferenceModel) => hear((observer) => observer.atRest?.(desk, book)),
  }
}

/** Those that an observer sees. I8 and I11 need a second run, I14 a host: they are functions of their own. */
export const allInvariants: readonly Invariant[] = [
  neverUnattended,
  singleAssignment,
  edgesAlternate,
  ringsNobodyElse,
  ringsEveryoneEligible,
  muteIsolation,
  idempotence,
  capacityIsRespected,
  offersFollowPriority,
  staleCommandsHaveNoEffect,
  awaitingIsComplete,
  refusalsHaveNoEffect,
]
