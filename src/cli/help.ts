import { type CliCommand, type CliOption, helpOption } from './command'
import type { Paint } from './terminal'
import { padded } from './text-table'

/** What `frontbell --help` shows. */
export function programHelp(commands: readonly CliCommand[], paint: Paint): string {
  return [
    'frontbell decides who is rung for a chat request. Here it checks your rules, and tries them on requests and days.',
    '',
    paint('bold', 'Usage'),
    '  frontbell COMMAND [FILES] [OPTIONS]',
    '',
    paint('bold', 'Commands'),
    ...rows(commands.map(({ name, summary }) => [name, summary] as const)),
    '',
    paint('bold', 'Options'),
    ...rows([
      ['-h, --help', 'shows this, or the help of a command'],
      ['-V, --version', 'shows the version'],
    ]),
    '',
    'A file named - is standard input. Colours come only on a terminal, and not with NO_COLOR.',
    'Exit codes: 0 fine, 1 problems found, 2 wrong command line, 3 unreadable file, 70 a fault.',
  ].join('\n')
}

/** What `frontbell COMMAND --help` shows. */
export function commandHelp({ name, usage, about, options }: CliCommand, paint: Paint): string {
  return [
    paint('bold', 'Usage'),
    `  frontbell ${name} ${usage}`,
    '',
    ...about,
    '',
    paint('bold', 'Options'),
    ...rows([...options, helpOption].map((option) => [spelling(option), option.about] as const)),
  ].join('\n')
}

function spelling({ name, short, value }: CliOption): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
}

function rows(entries: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...entries.map(([left]) => left.length))
  return entries.map(([left, right]) => `  ${padded(left, width)}  ${right}`)
}
