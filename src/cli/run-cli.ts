import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  type CliCommand,
  CliError,
  type CliOption,
  type ExitCode,
  exitCodes,
  helpOption,
  type ParsedCall,
  parseArgsOptions,
  usageError,
} from './command'
import { checkCommand } from './commands/check'
import { demoCommand } from './commands/demo'
import { routeCommand } from './commands/route'
import { simulateCommand } from './commands/simulate'
import { pad } from './format'
import type { Colorize, Terminal } from './terminal'

const commands: readonly CliCommand[] = [checkCommand, routeCommand, simulateCommand, demoCommand]

/** The whole program: takes the words behind its name, speaks to a terminal, and gives the exit code. Never rejects. */
export async function runCli(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await dispatch(words, terminal)
  } catch (error) {
    return reportError(error, terminal)
  } finally {
    terminal.showProgress(null)
  }
}

async function dispatch([word = '--help', ...rest]: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (word === '--version' || word === '-V') return print(terminal, version())
  if (word === '--help' || word === '-h') return print(terminal, formatProgramHelp(commands, terminal.colorize))
  if (word === 'help') return print(terminal, helpFor(rest[0], terminal))
  const command = findCommand(word)
  const call = parseCall(command, rest)
  if (call.has('help')) return print(terminal, formatCommandHelp(command, terminal.colorize))
  return await command.run(call, terminal)
}

function print(terminal: Terminal, text: string): ExitCode {
  terminal.print(text)
  return exitCodes.ok
}

function helpFor(word: string | undefined, { colorize }: Terminal): string {
  return word === undefined ? formatProgramHelp(commands, colorize) : formatCommandHelp(findCommand(word), colorize)
}

function findCommand(word: string): CliCommand {
  const found = commands.find(({ name }) => name === word)
  if (found !== undefined) return found
  const names = commands.map(({ name }) => name).join(', ')
  throw usageError(`there is no command ${JSON.stringify(word)}: expected one of ${names}. See frontbell --help`)
}

function parseCall(command: CliCommand, words: readonly string[]): ParsedCall {
  const { values, positionals } = parseArguments(command, words)
  return {
    files: positionals,
    has: (option) => values[option] === true,
    value: (option) => {
      const value = values[option]
      return typeof value === 'string' ? value : undefined
    },
  }
}

function parseArguments(command: CliCommand, words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: parseArgsOptions(command), allowPositionals: true, strict: true })
  } catch (error) {
    const [message = ''] = (error as Error).message.split('. ')
    throw usageError(`${message}. See frontbell ${command.name} --help`)
  }
}

function reportError(error: unknown, terminal: Terminal): ExitCode {
  const label = terminal.colorizeError('red', 'frontbell:')
  if (error instanceof CliError) {
    terminal.printError(`${label} ${error.message}`)
    return error.exitCode
  }
  terminal.printError(
    `${label} this is a fault of frontbell's own: ${error instanceof Error ? error.stack : String(error)}`,
  )
  return exitCodes.internalError
}

/** What `frontbell --help` shows. */
export function formatProgramHelp(commands: readonly CliCommand[], colorize: Colorize): string {
  return [
    'frontbell decides who is rung for a chat request. Here it checks your rules, and tries them on requests and days.',
    '',
    colorize('bold', 'Usage'),
    '  frontbell COMMAND [FILES] [OPTIONS]',
    '',
    colorize('bold', 'Commands'),
    ...formatHelpRows(commands.map(({ name, summary }) => [name, summary] as const)),
    '',
    colorize('bold', 'Options'),
    ...formatHelpRows([
      ['-h, --help', 'shows this, or the help of a command'],
      ['-V, --version', 'shows the version'],
    ]),
    '',
    'A file named - is standard input. Colours come only on a terminal, and not with NO_COLOR.',
    'Exit codes: 0 fine, 1 problems found, 2 wrong command line, 3 unreadable file, 70 a fault.',
  ].join('\n')
}

/** What `frontbell COMMAND --help` shows. */
export function formatCommandHelp({ name, usage, description, options }: CliCommand, colorize: Colorize): string {
  return [
    colorize('bold', 'Usage'),
    `  frontbell ${name} ${usage}`,
    '',
    ...description,
    '',
    colorize('bold', 'Options'),
    ...formatHelpRows([...options, helpOption].map((option) => [formatOption(option), option.description] as const)),
  ].join('\n')
}

function formatOption({ name, short, value }: CliOption): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
}

function formatHelpRows(entries: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...entries.map(([left]) => left.length))
  return entries.map(([left, right]) => `  ${pad(left, width)}  ${right}`)
}

/** The version of the package that this program belongs to. */
export function version(): string {
  let folder = dirname(realpathSync(process.argv[1] ?? '.'))
  for (;;) {
    const found = versionIn(folder)
    if (found !== undefined) return found
    const above = dirname(folder)
    if (above === folder) return 'unknown'
    folder = above
  }
}

function versionIn(folder: string): string | undefined {
  try {
    const { name, version: found } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return name === 'frontbell' ? found : undefined
  } catch {
    return undefined
  }
}
