import type { DomainEvent } from '../../core'
import type { AppliedEvent, Step } from '../driver/scenario'
import type { ReferenceModel } from '../reference-model/reference-model'
import { capacityIsRespected, oneRequestPerVisitor, singleAssignment } from './assignment'
import { idempotence, refusalsHaveNoEffect, staleCommandsHaveNoEffect } from './commands-without-effect'
import type { DeskView, Invariant, InvariantObserver } from './invariant'
import { neverUnattended } from './liveness'
import { awaitingIsComplete, offersFollowPriority } from './queue'
import { edgesAlternate, muteIsolation, ringsEveryoneEligible, ringsNobodyElse } from './ringing'
import { onlyPresentVisitorsRing } from './visitors'

/** Thrown at the first violation of an invariant; `id` is the invariant's. */
export class BrokenInvariantError extends Error {
  override readonly name = 'BrokenInvariantError'
  readonly id: string

  constructor({ id, name }: Invariant, violation: string) {
    super(`${id} ${name}: ${violation}`)
    this.id = id
  }
}

/**
 * Returns the callbacks that check invariants on one desk (default: {@link allInvariants}).
 * @throws BrokenInvariantError from a callback, at the first violation.
 */
export function monitorInvariants(invariants: readonly Invariant[] = allInvariants) {
  const monitored = invariants.map((invariant) => ({ invariant, observer: invariant.createObserver() }))
  const check = (violationOf: (observer: InvariantObserver) => string | null | undefined) => {
    for (const { invariant, observer } of monitored) {
      const violation = violationOf(observer)
      if (typeof violation === 'string') throw new BrokenInvariantError(invariant, violation)
    }
  }
  return {
    beforeEvent: (event: DomainEvent, model: ReferenceModel) =>
      check((observer) => observer.beforeEvent?.(event, model)),
    afterEvent: (applied: AppliedEvent, model: ReferenceModel) =>
      check((observer) => observer.afterEvent?.(applied, model)),
    afterStep: (step: Step, model: ReferenceModel) => check((observer) => observer.afterStep?.(step, model)),
    onIdle: (desk: DeskView, model: ReferenceModel) => check((observer) => observer.onIdle?.(desk, model)),
  }
}

/** The invariants that need one run. I8 and I11 need a second one, I14 a host: they are functions of their own. */
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
  onlyPresentVisitorsRing,
  oneRequestPerVisitor,
]
