import { writeFileSync } from 'node:fs'
import { describeIssue, type InputIssue, InvalidInputError } from '../../core'
import type { OnProgress } from '../../simulation'
import {
  type Comparison,
  compareWorkflows,
  readArrivals,
  type Scenario,
  simulate,
  withArrivals,
} from '../../simulation'
import type { CliCommand, ParsedCall } from '../command'
import { CliError, exitCodes, usageError } from '../command'
import { describeFileError, formatPath, type Problem, printProblems, readText } from '../input-file'
import { renderHtmlReport } from '../report/html-report'
import { formatComparison, formatResult } from '../report/text-report'
import {
  isScenario,
  parseRules,
  parseScenarioFiles,
  type RuleFiles,
  readRuleFiles,
  resolveRelative,
  staffingProblems,
} from '../rule-files'
import type { Terminal } from '../terminal'

/** `frontbell simulate`: a day at the desk, before it comes. */
export const simulateCommand: CliCommand = {
  name: 'simulate',
  summary: 'plays a day at the desk: waits, service level, abandonment, occupancy',
  usage: 'SCENARIO.json [--seed N] [--compare WORKFLOWS.json [--seeds N]] [--html FILE] [--json] [--strict]',
  description: [
    'Runs a scenario in virtual time with the real rules and shows what came of it. The same seed gives the same day.',
    'What stands in the way, such as hours without anybody, is said first. staff, shifts and workflows of the scenario',
    'may name files; arrivals may come from a file of JSON lines or CSV, whose malformed lines are said and left out.',
  ],
  options: [
    { name: 'seed', value: 'N', description: 'another day of the same kind; default 1' },
    {
      name: 'compare',
      value: 'FILE',
      description: 'runs these workflows on the same days as well, and shows the difference',
    },
    { name: 'seeds', value: 'N', description: 'how many days are compared; default 10' },
    { name: 'html', value: 'FILE', description: 'writes a page with plots over the day, in one file' },
    { name: 'json', description: 'gives the result as JSON' },
    { name: 'time-format', value: 'FORMAT', description: 'how arrivals write times: DD/MM/YYYY HH:mm, %d/%m/%Y %H:%M' },
    { name: 'day-first', description: 'arrivals write 05/11/2026 for 5 November' },
    { name: 'date-column', value: 'NAME', description: 'the column of the date, with --time-column' },
    { name: 'time-column', value: 'NAME', description: 'the column of the time of day' },
    { name: 'strict', description: 'runs nothing when a line is malformed or the scenario cannot be staffed' },
  ],
  run: async (call, terminal) => {
    const [file] = call.files
    if (call.files.length !== 1 || file === undefined)
      throw usageError('simulate needs one scenario, or - for standard input')
    if (call.value('seeds') !== undefined && call.value('compare') === undefined)
      throw usageError('--seeds says how many days are compared: it needs --compare')
    const isStrict = call.has('strict')
    const files = readRuleFiles([file], terminal)
    if (files.problems.length === 0 && !isScenario(files))
      throw new CliError(`${file} is no scenario: it has neither arrivals nor behaviour`, exitCodes.problems)
    const { scenario: written, problems } = parseScenarioFiles(files)
    printProblems(problems, terminal)
    if (written === undefined) return exitCodes.problems
    const scenario = loadArrivals(withTimeOptions(written, call), files, { isStrict, terminal })
    const findings = staffingProblems(scenario, files.files[0]?.name ?? file)
    printProblems(findings, terminal)
    if (isStrict && findings.some(({ severity }) => severity === 'error'))
      throw new CliError('nothing was run: the scenario cannot be staffed', exitCodes.problems)
    const other = loadComparedWorkflows(call, scenario, terminal)
    const { result, comparison } = runScenario(scenario, { call, other, terminal })
    if (call.has('json')) terminal.print(JSON.stringify(comparison === null ? result : { result, comparison }, null, 2))
    else for (const line of formatResult(result, terminal.colorize)) terminal.print(line)
    if (comparison !== null && !call.has('json'))
      for (const line of formatComparison(comparison, terminal.colorize)) terminal.print(line)
    const page = call.value('html')
    if (page !== undefined) writeReport(page, renderHtmlReport(result, comparison))
    if (page !== undefined) terminal.printError(`the report is in ${page}`)
    return findings.some(({ severity }) => severity === 'error') ? exitCodes.problems : exitCodes.ok
  },
}

function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    const isHomeless = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new CliError(
      `${file}: ${isHomeless ? 'there is no such folder' : describeFileError(error)}`,
      exitCodes.unreadable,
    )
  }
}

const seedsMax = 10_000

/** Returns the scenario with what the command line says of the times in its file of arrivals. */
function withTimeOptions(scenario: Scenario, call: ParsedCall): Scenario {
  const given = {
    ...optionalEntry('timeFormat', call.value('time-format')),
    ...optionalEntry('date', call.value('date-column')),
    ...optionalEntry('time', call.value('time-column')),
    ...(call.has('day-first') ? { dayFirst: true } : {}),
  }
  if (Object.keys(given).length === 0) return scenario
  const { arrivals } = scenario
  if (arrivals.from !== 'file')
    throw usageError('--time-format, --day-first, --date-column and --time-column need arrivals from a file')
  return { ...scenario, arrivals: { ...arrivals, columns: { ...arrivals.columns, ...given } } }
}

function optionalEntry(key: string, value: string | undefined): object {
  return value === undefined ? {} : { [key]: value }
}

/**
 * The scenario with the arrivals of the file that it names. Malformed lines are said and left out, or, with
 * `--strict`, refused.
 */
export function loadArrivals(scenario: Scenario, files: RuleFiles, { isStrict, terminal }: LoadOptions): Scenario {
  const { arrivals } = scenario
  if (arrivals.from !== 'file') return scenario
  const { name, text } = readText(resolveRelative(files, arrivals.file), terminal)
  const { format, columns } = arrivals
  try {
    const read = readArrivals(text, { format, columns })
    const problems = read.problems.map(({ line, message }) => toLineProblem(name, line, message))
    printProblems(problems, terminal)
    const count = `${problems.length} of ${problems.length + read.arrivals.length} lines`
    if (problems.length > 0 && isStrict) throw new CliError(`${count} of ${name} are no arrivals`, exitCodes.problems)
    if (problems.length > 0) terminal.printError(`${count} left out`)
    if (problems.length > 0 && read.arrivals.length === 0)
      throw new CliError(`nothing was run: no line of ${name} is an arrival`, exitCodes.problems)
    return withArrivals(scenario, read.arrivals)
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    throw new CliError(error.issues.map((issue) => describeFileIssue(name, issue)).join('\n'), exitCodes.problems)
  }
}

/** Returns an issue of a whole file, or of the columns that were named for it. */
function describeFileIssue(name: string, issue: InputIssue): string {
  const [first, at] = issue.path
  if (first === 'line') return `${name}:${at}: error: ${describeIssue(issue)}`
  return `${name}: error: ${first === 'columns' ? `${formatPath(issue.path)}: ` : ''}${describeIssue(issue)}`
}

export interface LoadOptions {
  readonly isStrict: boolean
  readonly terminal: Terminal
}

function toLineProblem(file: string, line: number, message: string): Problem {
  return { severity: 'error', file, line, column: null, path: formatPath([]), message }
}

/** The workflows that `--compare` names, parsed; `undefined` when it is not given. */
export function loadComparedWorkflows(call: ParsedCall, scenario: Scenario, terminal: Terminal) {
  const file = call.value('compare')
  if (file === undefined) return undefined
  const { conditions } = scenario
  const files = readRuleFiles([file], terminal)
  const part = { file: files.files[0], basePath: [], value: conditions }
  const parts = new Map(files.sections)
  if (part.file !== undefined && !parts.has('conditions')) parts.set('conditions', { ...part, file: part.file })
  const { workflows, problems } = parseRules({ ...files, sections: parts })
  if (problems.length === 0 && files.sections.has('workflows')) return { name: file, workflows }
  printProblems(problems, terminal)
  throw new CliError(`--compare: ${file} holds no workflows that can be used`, exitCodes.problems)
}

/** One run, or, with other workflows, several of both sets, while a bar shows how far it has come. */
export function runScenario(
  scenario: Scenario,
  { call, other, terminal }: { call: ParsedCall; other: ReturnType<typeof loadComparedWorkflows>; terminal: Terminal },
): { readonly result: ReturnType<typeof simulate>; readonly comparison: Comparison | null } {
  const seed = parseIntegerOption(call, { option: 'seed', min: 0, max: Number.MAX_SAFE_INTEGER }) ?? 1
  const seeds = parseIntegerOption(call, { option: 'seeds', min: 1, max: seedsMax }) ?? 10
  const onProgress = createProgressBar(terminal)
  try {
    if (other === undefined) return { result: simulate(scenario, { seed, onProgress }), comparison: null }
    const all = Array.from({ length: seeds }, (_, index) => seed + index)
    const sides = { a: { name: 'the scenario', workflows: scenario.workflows }, b: other }
    const comparison = compareWorkflows(scenario, sides, { seeds: all, onProgress })
    const [result = simulate(scenario, { seed })] = comparison.a.results
    return { result, comparison }
  } catch (error) {
    if (error instanceof InvalidInputError) throw new CliError(error.message, exitCodes.problems)
    throw error
  } finally {
    terminal.showProgress(null)
  }
}

function parseIntegerOption(call: ParsedCall, { option, min, max }: { option: string; min: number; max: number }) {
  const given = call.value(option)
  if (given === undefined) return undefined
  const number = Number(given)
  if (given.trim() !== '' && Number.isSafeInteger(number) && number >= min && number <= max) return number
  throw new CliError(`--${option}: expected a whole number, ${min} to ${max}, got ${given}`, exitCodes.usage)
}

const progressBarWidth = 30

/** Draws how far a simulation has come, where a person waits. */
export function createProgressBar(terminal: Terminal): OnProgress {
  return ({ share, at, requests }) => {
    const full = Math.round(share * progressBarWidth)
    const bar = `${'█'.repeat(full)}${'░'.repeat(progressBarWidth - full)}`
    const time = new Date(at).toISOString().slice(0, 16).replace('T', ' ')
    terminal.showProgress(`${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${time} UTC  ${requests} requests`)
  }
}
