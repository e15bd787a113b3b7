import type { Decision, DeskState } from '../core'
import type { Outcome } from './desk-outcome'
import { refusalMessage } from './refusal-message'

/** What a host is told: a refusal with its sentence, a success with its details. */
export function answerOf(
  outcome: Decision['outcome'],
  details: ((state: DeskState) => object) | null,
  state: DeskState,
): Outcome {
  if (!outcome.ok) return { ...outcome, message: refusalMessage(outcome) }
  return (details === null ? outcome : { ...outcome, ...details(state) }) as Outcome
}
