import type {
  AssignmentId,
  ClosedOutcome,
  Decision,
  DeskState,
  NotInAudienceReason,
  Refusal,
  RequestId,
} from '../../core'
import { DeskError, type DeskErrorCode, InvalidInputError, type RefusalCode } from '../../core'
import type { CommandInputType } from '../parse/command-input'

/** What a command answers. A refusal is an answer like any other, never thrown; nothing has changed then. */
export type OutcomeOf<Type extends CommandInputType> = (Readonly<{ ok: true }> & OutcomeDetailsOf<Type>) | Refused

export type Outcome = OutcomeOf<CommandInputType>

/** Turned down, and why: the refusal's code and details, and one sentence for people. */
export type Refused = Readonly<{ ok: false; message: string }> & Refusal

type OutcomeDetailsOf<Type extends CommandInputType> = Type extends keyof OutcomeDetails
  ? OutcomeDetails[Type]
  : unknown

interface OutcomeDetails {
  requestChat: {
    readonly requestId: RequestId
    /** The visitor has an open request already; this is that one. */
    readonly duplicate: boolean
  }
  accept: AssignmentDetails
  assign: AssignmentDetails
  transfer: WarningDetails
  setWorkflows: WarningDetails & RerouteDetails
  setWorkflow: WarningDetails & RerouteDetails
  removeWorkflow: RerouteDetails
  setShifts: WarningDetails & RerouteDetails
}

interface AssignmentDetails {
  readonly assignmentId: AssignmentId
  /** It was this person's already; nothing changed. */
  readonly already: boolean
}

interface WarningDetails {
  /** Targets that nobody known today satisfies; rosters change, so they are accepted. Absent when there are none. */
  readonly warnings?: readonly Warning[]
}

interface RerouteDetails {
  /** How many open requests were routed anew; absent unless asked for. */
  readonly rerouted?: number
}

/** Something that was accepted although it is likely a mistake. */
export interface Warning {
  /** Keys and indexes from the command inwards. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** One sentence for people; programs read `code`. */
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
      return `The desk is full: ${refusal.limit} allows ${refusal.max}.`
    case 'duplicate-id':
      return `The id "${refusal.requestId}" has been used for another request.`
    default:
      return refusal satisfies never
  }
}

const closedOutcomeTexts: Readonly<Record<ClosedOutcome, string>> = {
  ended: 'has ended',
  cancelled: 'was cancelled',
  abandoned: 'was abandoned by its visitor',
  expired: 'waited longer than the policy allows',
}

const notInAudienceTexts: Readonly<Record<NotInAudienceReason, string>> = {
  'not-in-team': 'not among those it was sent to',
  'lacks-skill': 'a skill it asks for is missing or too low',
  'off-shift': 'not of the shift it asks for',
  declined: 'it was declined',
}

/** What a host is told: a refusal with its sentence, a success with its details. */
export function toOutcome(
  outcome: Decision['outcome'],
  details: ((state: DeskState) => object) | null,
  state: DeskState,
): Outcome {
  if (!outcome.ok) return { ...outcome, message: refusalMessage(outcome) }
  return (details === null ? outcome : { ...outcome, ...details(state) }) as Outcome
}

/** What became of a command, for logs, traces and measurements. Carries no facts and no names. */
export interface CommandNotification {
  /** The command's type; `null` where none could be read. */
  readonly type: string | null
  readonly commandId: string | null
  readonly requestId: string | null
  readonly staffId: string | null
  /** `done`, `refused` by the desk, `invalid` as it was given, or `failed` for the desk's own trouble. */
  readonly outcome: 'done' | 'refused' | 'invalid' | 'failed'
  /** Why not: the refusal's or the error's code; `null` when done. */
  readonly code: RefusalCode | DeskErrorCode | 'invalid-input' | 'unknown' | null
  /** From asking to answering, rules and log included, by a clock that only runs forward. */
  readonly durationMs: number
  /** The desk's version when it answered. */
  readonly version: number
  /** The desk's time when it answered, in milliseconds since the epoch. */
  readonly at: number
}

/** Measures a command from here to its answer, which is passed on as it is. */
export function measureCommand<Answer extends Outcome>(
  command: unknown,
  ask: () => Promise<Answer>,
  tell: (notice: Omit<CommandNotification, 'version' | 'at'>) => void,
): Promise<Answer> {
  const startedMs = performance.now()
  const answered = (ended: Pick<CommandNotification, 'outcome' | 'code'>) =>
    tell({ ...identifiersOf(command), ...ended, durationMs: performance.now() - startedMs })
  const failed = (error: unknown): never => {
    answered(toFailure(error))
    throw error
  }
  return ask().then((outcome) => {
    answered(outcome.ok ? { outcome: 'done', code: null } : { outcome: 'refused', code: outcome.code })
    return outcome
  }, failed)
}

function toFailure(error: unknown): Pick<CommandNotification, 'outcome' | 'code'> {
  if (error instanceof InvalidInputError) return { outcome: 'invalid', code: 'invalid-input' }
  return { outcome: 'failed', code: error instanceof DeskError ? error.code : 'unknown' }
}

function identifiersOf(command: unknown): Pick<CommandNotification, 'type' | 'commandId' | 'requestId' | 'staffId'> {
  const given = typeof command === 'object' && command !== null ? command : {}
  const textAt = (name: string): string | null => {
    const value: unknown = Object.getOwnPropertyDescriptor(given, name)?.value
    return typeof value === 'string' ? value.slice(0, identifierLengthMax) : null
  }
  return {
    type: textAt('type'),
    commandId: textAt('commandId'),
    requestId: textAt('requestId'),
    staffId: textAt('staffId'),
  }
}

/** What was refused as too long is not carried into logs whole. */
const identifierLengthMax = 256
