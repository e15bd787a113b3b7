import type { RefusalCode } from '../../core'
import { isFailure, type Outcome } from './outcome'

/** The result of a command, for log files, traces and measurements. Holds no facts and no names. */
export interface CommandReport {
  /** The command's type; `null` where none could be read. */
  readonly type: string | null
  readonly commandId: string | null
  readonly requestId: string | null
  /** The visitor that the command names, or whose request it is about. */
  readonly visitorId: string | null
  readonly staffId: string | null
  /** `done`, `refused` by the desk's state, `invalid` input, or `failed`: `unavailable` or `outcome-unknown`. */
  readonly outcome: 'done' | 'refused' | 'invalid' | 'failed'
  /** The code of the refusal, or of the InvalidInputError; `null` when done. */
  readonly code: RefusalCode | 'invalid-input' | null
  /** From the call to the outcome, rules and store included, by a monotonic clock. */
  readonly durationMs: number
  /** The desk's version at the outcome. */
  readonly version: number
  /** The desk's time at the outcome, in milliseconds since the epoch. */
  readonly at: number
}

export interface ReportOptions {
  /** Returns the visitor of a request that is open or assigned. */
  readonly visitorOf: (requestId: string) => string | undefined
  readonly onReport: (report: Omit<CommandReport, 'version' | 'at'>) => void
}

/** Measures a command to its outcome, which is returned, or to its InvalidInputError, which is thrown again. */
export async function measureCommand(
  command: unknown,
  execute: () => Promise<Outcome>,
  { visitorOf, onReport }: ReportOptions,
): Promise<Outcome> {
  const startedMs = performance.now()
  const named = identifiersOf(command)
  // Read before the command: it may close the request.
  const visitorId = named.visitorId ?? (named.requestId === null ? null : (visitorOf(named.requestId) ?? null))
  const report = (result: Pick<CommandReport, 'outcome' | 'code'>) =>
    onReport({ ...named, visitorId, ...result, durationMs: performance.now() - startedMs })
  try {
    const outcome = await execute()
    if (outcome.ok) report({ outcome: 'done', code: null })
    else report({ outcome: isFailure(outcome) ? 'failed' : 'refused', code: outcome.code })
    return outcome
  } catch (error) {
    report({ outcome: 'invalid', code: 'invalid-input' })
    throw error
  }
}

type Identifiers = Pick<CommandReport, 'type' | 'commandId' | 'requestId' | 'visitorId' | 'staffId'>

function identifiersOf(command: unknown): Identifiers {
  const given = typeof command === 'object' && command !== null ? command : {}
  const textAt = (name: string): string | null => {
    const value: unknown = Object.getOwnPropertyDescriptor(given, name)?.value
    return typeof value === 'string' ? value.slice(0, identifierLengthMax) : null
  }
  return {
    type: textAt('type'),
    commandId: textAt('commandId'),
    requestId: textAt('requestId'),
    visitorId: textAt('visitorId'),
    staffId: textAt('staffId'),
  }
}

/** Longer identifiers, which are malformed, are cut to this length. */
const identifierLengthMax = 256
