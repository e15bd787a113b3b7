import type { ParseArgsConfig } from 'node:util'
import type { Terminal } from './terminal'

/** One command of the program, such as `check`. */
export interface CliCommand {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** The arguments, as `--help` shows them. */
  readonly usage: string
  readonly description: readonly string[]
  readonly options: readonly CliOption[]
  run(call: ParsedCall, terminal: Terminal): Promise<ExitCode>
}

export interface CliOption {
  readonly name: string
  readonly short?: string
  /** The name of its value in the help; without it the option has no value. */
  readonly value?: string
  readonly description: string
}

/** The arguments and options of a call. */
export interface ParsedCall {
  readonly files: readonly string[]
  has(option: string): boolean
  value(option: string): string | undefined
}

/** Returns the options as `node:util` expects them. */
export function parseArgsOptions({ options }: CliCommand): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    [...options, helpOption].map(({ name, short, value }) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', ...(short === undefined ? {} : { short }) } as const,
    ]),
  )
}

export const helpOption: CliOption = { name: 'help', short: 'h', description: 'shows this' }

/** Ends a command with a message for a person and a code for the shell. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Returns the error of a wrong command line. */
export function usageError(message: string): CliError {
  return new CliError(message, exitCodes.usage)
}

/** The exit codes of the program; `docs/guides/command-line.md` has the same table. */
export const exitCodes = {
  /** Done, nothing wrong. Warnings and lint do not count, unless `--strict`. */
  ok: 0,
  /** Problems were found in what was read. */
  problems: 1,
  /** The command line was wrong: an unknown command or option, or something missing. */
  usage: 2,
  /** A file could not be read or written. */
  unreadable: 3,
  /** A fault of frontbell's own. */
  internalError: 70,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
