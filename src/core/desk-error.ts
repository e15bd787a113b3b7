export type DeskErrorCode =
  | 'closed'
  | 'listener-failed'
  | 'fact-failed'
  | 'log-failed'
  | 'log-diverged'
  | 'log-damaged'
  | 'log-newer-schema'
  | 'stale'

/**
 * A desk that is broken, not a command that was late: its log, a listener or a fact failed. `cause` holds what was
 * thrown.
 */
export class DeskError extends Error {
  override readonly name = 'DeskError'
  readonly code: DeskErrorCode

  constructor(code: DeskErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}
