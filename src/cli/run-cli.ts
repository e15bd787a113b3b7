import { parseArgs } from 'node:util'
import { checkCommand } from './check-command'
import { CliError, usageError } from './cli-error'
import { type CliCall, type CliCommand, parseArgsOptions } from './command'
import { demoCommand } from './demo-command'
import { type ExitCode, exitCodes } from './exit-codes'
import { commandHelp, programHelp } from './help'
import { routeCommand } from './route-command'
import { simulateCommand } from './simulate-command'
import type { Terminal } from './terminal'
import { version } from './version'

const commands: readonly CliCommand[] = [checkCommand, routeCommand, simulateCommand, demoCommand]

/** The whole program: takes the words behind its name, speaks to a terminal, and gives the exit code. Never rejects. */
export async function runCli(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await dispatched(words, terminal)
  } catch (error) {
    return reported(error, terminal)
  } finally {
    terminal.progress(null)
  }
}

async function dispatched([word = '--help', ...rest]: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (word === '--version' || word === '-V') return said(terminal, version())
  if (word === '--help' || word === '-h') return said(terminal, programHelp(commands, terminal.paint))
  if (word === 'help') return said(terminal, helpOf(rest[0], terminal))
  const command = commandOf(word)
  const call = callOf(command, rest)
  if (call.has('help')) return said(terminal, commandHelp(command, terminal.paint))
  return await command.run(call, terminal)
}

function said(terminal: Terminal, text: string): ExitCode {
  terminal.out(text)
  return exitCodes.fine
}

function helpOf(word: string | undefined, { paint }: Terminal): string {
  return word === undefined ? programHelp(commands, paint) : commandHelp(commandOf(word), paint)
}

function commandOf(word: string): CliCommand {
  const found = commands.find(({ name }) => name === word)
  if (found !== undefined) return found
  const names = commands.map(({ name }) => name).join(', ')
  throw usageError(`there is no command ${JSON.stringify(word)}: expected one of ${names}. See frontbell --help`)
}

function callOf(command: CliCommand, words: readonly string[]): CliCall {
  const { values, positionals } = parsed(command, words)
  return {
    files: positionals,
    has: (option) => values[option] === true,
    value: (option) => {
      const value = values[option]
      return typeof value === 'string' ? value : undefined
    },
  }
}

function parsed(command: CliCommand, words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: parseArgsOptions(command), allowPositionals: true, strict: true })
  } catch (error) {
    const [message = ''] = (error as Error).message.split('. ')
    throw usageError(`${message}. See frontbell ${command.name} --help`)
  }
}

function reported(error: unknown, terminal: Terminal): ExitCode {
  const label = terminal.paintErr('red', 'frontbell:')
  if (error instanceof CliError) {
    terminal.err(`${label} ${error.message}`)
    return error.exitCode
  }
  terminal.err(`${label} this is a fault of frontbell's own: ${error instanceof Error ? error.stack : String(error)}`)
  return exitCodes.broken
}
