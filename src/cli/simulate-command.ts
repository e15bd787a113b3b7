import { writeFileSync } from 'node:fs'
import { CliError, usageError } from './cli-error'
import type { CliCommand } from './command'
import { comparisonLines } from './comparison-lines'
import { exitCodes } from './exit-codes'
import { printProblems } from './print-problems'
import { reasonOf } from './read-text'
import { reportPage } from './report/report-page'
import { resultLines } from './result-lines'
import { readRuleFiles } from './rule-files'
import { otherWorkflows, runScenario, withReadArrivals } from './run-scenario'
import { findingsOf, isScenario, scenarioFrom } from './scenario-file'

/** `frontbell simulate`: a day at the desk, before it comes. */
export const simulateCommand: CliCommand = {
  name: 'simulate',
  summary: 'plays a day at the desk: waits, service level, abandonment, occupancy',
  usage: 'SCENARIO.json [--seed N] [--compare WORKFLOWS.json [--seeds N]] [--html FILE] [--json] [--strict]',
  about: [
    'Runs a scenario in virtual time with the real rules and shows what came of it. The same seed gives the same day.',
    'What stands in the way, such as hours without anybody, is said first. staff, shifts and workflows of the scenario',
    'may name files; arrivals may come from a file of JSON lines or CSV, whose malformed lines are said and left out.',
  ],
  options: [
    { name: 'seed', value: 'N', about: 'another day of the same kind; default 1' },
    {
      name: 'compare',
      value: 'FILE',
      about: 'runs these workflows on the same days as well, and shows the difference',
    },
    { name: 'seeds', value: 'N', about: 'how many days are compared; default 10' },
    { name: 'html', value: 'FILE', about: 'writes a page with plots over the day, in one file' },
    { name: 'json', about: 'gives the figures as JSON' },
    { name: 'strict', about: 'runs nothing when a line is malformed or the scenario cannot be staffed' },
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
    const { scenario: written, problems } = scenarioFrom(files)
    printProblems(problems, terminal)
    if (written === undefined) return exitCodes.problems
    const scenario = withReadArrivals(written, files, { isStrict, terminal })
    const findings = findingsOf(scenario, files.files[0]?.name ?? file)
    printProblems(findings, terminal)
    if (isStrict && findings.some(({ severity }) => severity === 'error'))
      throw new CliError('nothing was run: the scenario cannot be staffed', exitCodes.problems)
    const other = otherWorkflows(call, scenario, terminal)
    const { result, comparison } = runScenario(scenario, { call, other, terminal })
    if (call.has('json')) terminal.out(JSON.stringify(comparison === null ? result : { result, comparison }, null, 2))
    else for (const line of resultLines(result, terminal.paint)) terminal.out(line)
    if (comparison !== null && !call.has('json'))
      for (const line of comparisonLines(comparison, terminal.paint)) terminal.out(line)
    const page = call.value('html')
    if (page !== undefined) write(page, reportPage(result, comparison))
    if (page !== undefined) terminal.err(`the report is in ${page}`)
    return findings.some(({ severity }) => severity === 'error') ? exitCodes.problems : exitCodes.fine
  },
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    const isHomeless = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new CliError(`${file}: ${isHomeless ? 'there is no such folder' : reasonOf(error)}`, exitCodes.unreadable)
  }
}
