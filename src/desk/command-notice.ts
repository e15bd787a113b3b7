import { DeskError, type DeskErrorCode, InvalidInputError, type RefusalCode } from '../core'
import type { Outcome } from './desk-outcome'

/** What became of a command, for logs, traces and measurements. Carries no facts and no names. */
export interface CommandNotice {
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
export function watchCommand<Answer extends Outcome>(
  command: unknown,
  ask: () => Promise<Answer>,
  tell: (notice: Omit<CommandNotice, 'version' | 'at'>) => void,
): Promise<Answer> {
  const startedMs = performance.now()
  const answered = (ended: Pick<CommandNotice, 'outcome' | 'code'>) =>
    tell({ ...namesIn(command), ...ended, durationMs: performance.now() - startedMs })
  const failed = (error: unknown): never => {
    answered(failureOf(error))
    throw error
  }
  return ask().then((outcome) => {
    answered(outcome.ok ? { outcome: 'done', code: null } : { outcome: 'refused', code: outcome.code })
    return outcome
  }, failed)
}

function failureOf(error: unknown): Pick<CommandNotice, 'outcome' | 'code'> {
  if (error instanceof InvalidInputError) return { outcome: 'invalid', code: 'invalid-input' }
  return { outcome: 'failed', code: error instanceof DeskError ? error.code : 'unknown' }
}

function namesIn(command: unknown): Pick<CommandNotice, 'type' | 'commandId' | 'requestId' | 'staffId'> {
  const given = typeof command === 'object' && command !== null ? command : {}
  const textAt = (name: string): string | null => {
    const value: unknown = Object.getOwnPropertyDescriptor(given, name)?.value
    return typeof value === 'string' ? value.slice(0, textMax) : null
  }
  return {
    type: textAt('type'),
    commandId: textAt('commandId'),
    requestId: textAt('requestId'),
    staffId: textAt('staffId'),
  }
}

/** What was refused as too long is not carried into logs whole. */
const textMax = 256
