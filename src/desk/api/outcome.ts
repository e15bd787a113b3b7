import type {
  AssignmentId,
  ClosedOutcome,
  Decision,
  DeskError,
  DeskState,
  NotInAudienceReason,
  Refusal,
  RequestId,
} from '../../core'
import type { CommandInputType } from '../parse/command-input'

/** The outcome of a command. A refusal is a value and is never thrown; then nothing has changed. */
export type OutcomeOf<Type extends CommandInputType> = (Readonly<{ ok: true }> & OutcomeDetailsOf<Type>) | Refused

/** The outcome of any command. */
export type Outcome = OutcomeOf<CommandInputType>

/** A refusal: its code and details, and one sentence for people. */
export type Refused = Readonly<{ ok: false; message: string }> & Refusal

type OutcomeDetailsOf<Type extends CommandInputType> = Type extends keyof OutcomeDetails
  ? OutcomeDetails[Type]
  : unknown

interface OutcomeDetails {
  requestChat: {
    readonly requestId: RequestId
    /** The visitor already has a live request, open or in a chat; this is that one. */
    readonly duplicate: boolean
  }
  accept: AssignmentDetails
  assign: AssignmentDetails
  transfer: WarningDetails
  setStaff: WarningDetails
  setRoster: WarningDetails
  setWorkflows: RulesDetails & WarningDetails
  setWorkflow: RulesDetails & WarningDetails
  removeWorkflow: RulesDetails
  setShifts: RulesDetails & WarningDetails
}

interface AssignmentDetails {
  readonly assignmentId: AssignmentId
  /** The staff member had it already; nothing changed. */
  readonly already: boolean
}

interface WarningDetails {
  /** Targets that no known staff member satisfies, and shifts of staff that are not defined. Absent without any. */
  readonly warnings?: readonly Warning[]
}

interface RulesDetails {
  /** That of the rules after the command, for the next `ifRevision`. */
  readonly revision: number
  /** How many open requests were routed anew; absent unless the command has `reroute: true`. */
  readonly rerouted?: number
}

/** A part of a command that was accepted although it is likely a mistake. */
export interface Warning {
  /** Keys and indexes from the command inwards. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Returns one sentence for people; programs read `code`. */
export function refusalMessage(refusal: Refusal): string {
  switch (refusal.code) {
    case 'unknown-request':
      return `There is no request "${refusal.requestId}".`
    case 'unknown-staff':
      return `There is no staff member "${refusal.staffId}".`
    case 'unknown-workflow':
      return `There is no workflow "${refusal.name}".`
    case 'request-closed':
      return `Request "${refusal.requestId}" ${closedOutcomeTexts[refusal.outcome]}.`
    case 'taken':
      return `Request "${refusal.requestId}" has been taken by "${refusal.by}".`
    case 'not-in-audience':
      return `Request "${refusal.requestId}" is not for "${refusal.staffId}": ${notInAudienceTexts[refusal.reason]}.`
    case 'at-capacity': {
      const { staffId, requestId, load, capacity } = refusal
      return `"${staffId}" has no room for request "${requestId}": ${load} of ${capacity} taken.`
    }
    case 'not-assigned':
      return `Nobody has request "${refusal.requestId}".`
    case 'limit-exceeded':
      return limitMessage(refusal)
    case 'duplicate-id':
      return `The id "${refusal.requestId}" has been used for another request.`
    case 'conflict':
      return `The workflows or shifts were changed meanwhile: their revision is ${refusal.revision}.`
    case 'unavailable':
      return `The desk could not execute the command (${refusal.reason}).`
    case 'outcome-unknown': {
      const { commandId } = refusal
      const advice = commandId === null ? 'read the desk' : `repeat it with the commandId "${commandId}"`
      return `It is not known whether the command was executed: ${advice}.`
    }
    default:
      return refusal satisfies never
  }
}

function limitMessage({ limit, max }: Extract<Refusal, { code: 'limit-exceeded' }>): string {
  if (limit === 'factsBytesMax') return `The merged facts of the request are too large: ${max} bytes are allowed.`
  if (limit === 'workflowsMax') return `The desk has as many workflows as it may: ${max}.`
  if (limit === 'workflowBytesMax') return `The workflows of the desk are too large: ${max} bytes are allowed in all.`
  return `The desk is full: ${limit} allows ${max}.`
}

/** Returns the refusal of a command that was not executed because of this error. */
export function toUnavailable({ code, message }: DeskError): Refused {
  const isOfDesk = code !== 'listener-failed' && code !== 'fact-failed' && code !== 'page-silent'
  const reason = isOfDesk ? code : 'command-failed'
  const retry = reason !== 'closed' && reason !== 'command-failed'
  const refusal = { code: 'unavailable', reason, retry } as const
  return Object.freeze({ ok: false, ...refusal, message: `${refusalMessage(refusal)} Cause: ${message}` })
}

/** Returns the refusal of a command that may have been executed although this error occurred. */
export function toOutcomeUnknown(commandId: string | null, { message }: DeskError): Refused {
  const refusal = { code: 'outcome-unknown', commandId } as const
  return Object.freeze({ ok: false, ...refusal, message: `${refusalMessage(refusal)} Cause: ${message}` })
}

/** Returns whether an outcome says that the desk itself failed, and not that it decided against the command. */
export function isFailure(outcome: Outcome): outcome is Extract<Refused, { code: 'unavailable' | 'outcome-unknown' }> {
  return !outcome.ok && (outcome.code === 'unavailable' || outcome.code === 'outcome-unknown')
}

const closedOutcomeTexts: Readonly<Record<ClosedOutcome, string>> = {
  ended: 'has ended',
  cancelled: 'was cancelled',
  abandoned: 'was abandoned by its visitor',
  expired: 'waited longer than the policy allows',
}

const notInAudienceTexts: Readonly<Record<NotInAudienceReason, string>> = {
  'not-targeted': 'not among those it was sent to',
  'not-in-team': 'not of the team it was sent to',
  'lacks-skill': 'a skill it asks for is missing or too low',
  'not-in-shift': 'not of the shift it asks for',
  declined: 'it was declined',
}

/** Returns the outcome of a decision: a refusal with its sentence, or a success with its details. */
export function toOutcome(
  outcome: Decision['outcome'],
  details: ((state: DeskState) => object) | null,
  state: DeskState,
): Outcome {
  if (!outcome.ok) return { ...outcome, message: refusalMessage(outcome) }
  return (details === null ? outcome : { ...outcome, ...details(state) }) as Outcome
}
