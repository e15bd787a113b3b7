import { DeskError, type DeskErrorCode, InvalidInputError, type RefusalCode } from '../../core'
import type { Outcome } from './outcome'

/** The result of a command, for log files, traces and measurements. Holds no facts and no names. */
export interface CommandReport {
  /** The command's type; `null` where none could be read. */
  readonly type: string | null
  readonly commandId: string | null
  readonly requestId: string | null
  readonly staffId: string | null
  /** `done`, `refused` by the desk, `invalid` input, or `failed` inside the desk. */
  readonly outcome: 'done' | 'refused' | 'invalid' | 'failed'
  /** The code of the refusal or error; `null` when done. */
  readonly code: RefusalCode | DeskErrorCode | 'invalid-input' | 'unknown' | null
  /** From the call to the outcome, rules and store included, by a monotonic clock. */
  readonly durationMs: number
  /** The desk's version at the outcome. */
  readonly version: number
  /** The desk's time at the outcome, in milliseconds since the epoch. */
  readonly at: number
}

/** Measures a command from the call to its outcome, which is returned, or to its error, which is thrown again. */
export async function measureCommand(
  command: unknown,
  execute: () => Promise<Outcome>,
  onReport: (report: Omit<CommandReport, 'version' | 'at'>) => void,
): Promise<Outcome> {
  const startedMs = performance.now()
  const report = (result: Pick<CommandReport, 'outcome' | 'code'>) =>
    onReport({ ...identifiersOf(command), ...result, durationMs: performance.now() - startedMs })
  try {
    const outcome = await execute()
    report(outcome.ok ? { outcome: 'done', code: null } : { outcome: 'refused', code: outcome.code })
    return outcome
  } catch (error) {
    report(toFailure(error))
    throw error
  }
}

function toFailure(error: unknown): Pick<CommandReport, 'outcome' | 'code'> {
  if (error instanceof InvalidInputError) return { outcome: 'invalid', code: 'invalid-input' }
  return { outcome: 'failed', code: error instanceof DeskError ? error.code : 'unknown' }
}

function identifiersOf(command: unknown): Pick<CommandReport, 'type' | 'commandId' | 'requestId' | 'staffId'> {
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

/** Longer identifiers, which are malformed, are cut to this length. */
const identifierLengthMax = 256
