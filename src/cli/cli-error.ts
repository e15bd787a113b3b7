import { type ExitCode, exitCodes } from './exit-codes'

/** Ends a command with a message for a person and a code for the shell. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode) {
    super(message)
    this.exitCode = exitCode
  }
}

/** The command line itself is wrong. */
export function usageError(message: string): CliError {
  return new CliError(message, exitCodes.usage)
}
