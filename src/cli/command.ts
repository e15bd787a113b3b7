import type { ParseArgsConfig } from 'node:util'
import type { ExitCode } from './exit-codes'
import type { Terminal } from './terminal'

/** One word of the command line, such as `check`. */
export interface CliCommand {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What `--help` shows besides the options. */
  readonly usage: string
  readonly about: readonly string[]
  readonly options: readonly CliOption[]
  run(call: CliCall, terminal: Terminal): Promise<ExitCode>
}

export interface CliOption {
  readonly name: string
  readonly short?: string
  /** What stands for its value in the help; left out: the option takes none. */
  readonly value?: string
  readonly about: string
}

/** What was written behind the command. */
export interface CliCall {
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

export const helpOption: CliOption = { name: 'help', short: 'h', about: 'shows this' }
