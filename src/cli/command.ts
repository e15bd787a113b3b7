import type { ParseArgsConfig } from 'node:util'
import type { Terminal } from './terminal'

/** One word of the command line, such as `check`. */
export interface CliCommand {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What `--help` shows besides the options. */
  readonly usage: string
  readonly description: readonly string[]
  readonly options: readonly CliOption[]
  run(call: ParsedCall, terminal: Terminal): Promise<ExitCode>
}

export interface CliOption {
  readonly name: string
  readonly short?: string
  /** What stands for its value in the help; left out: the option takes none. */
  readonly value?: string
  readonly description: string
}

/** What was written behind the command. */
export interface ParsedCall {
  readonly files: readonly string[]
  has(option: string): boolean
  value(option: string): string | undefined
}

/** The options as `node:util` wants them. */
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

/** The command line itself is wrong. */
export function usageError(message: string): CliError {
  return new CliError(message, exitCodes.usage)
}

/** What the program says to the shell; `docs/guides/command-line.md` has the same table. */
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
