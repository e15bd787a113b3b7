import { usageError } from './cli-error'
import type { CliCommand } from './command'
import { type ExitCode, exitCodes } from './exit-codes'
import { lintProblems } from './lint-problems'
import { printProblem } from './print-problems'
import type { Problem } from './problem'
import { readRuleFiles } from './rule-files'
import { type Rules, rulesFrom } from './rules'
import { findingsOf, isScenario, scenarioFrom } from './scenario-file'
import type { Terminal } from './terminal'

/** `frontbell check`: every problem of rules or of a scenario, and what their author likely did not mean. */
export const checkCommand: CliCommand = {
  name: 'check',
  summary: 'finds every mistake in workflows, rosters, shifts and scenarios',
  usage: 'FILE... [--strict] [--json]',
  about: [
    'Reads workflows, staff and shifts, each a list in a file of its own, or an object that holds them, or a scenario.',
    'Says every problem at once with file, line, column and path; then, where there are none, what looks like a',
    'mistake: workflows that never match or that another one shadows, targets nobody meets, hours without anybody.',
  ],
  options: [
    { name: 'strict', about: 'exit code 1 for warnings as well' },
    { name: 'json', about: 'gives the problems as JSON' },
    { name: 'operators', value: 'NAMES', about: "names of the host's own operators, with commas" },
    { name: 'decorators', value: 'NAMES', about: "names of the host's own decorators, with commas" },
  ],
  run: async (call, terminal) => {
    if (call.files.length === 0) throw usageError('check needs a file, or - for standard input')
    const names = { operators: listed(call.value('operators')), decorators: listed(call.value('decorators')) }
    const files = readRuleFiles(call.files, terminal)
    const { problems: found, told } = isScenario(files) ? checkedScenario(files) : checkedRules(files, names)
    const problems = inOrder(found, files)
    if (call.has('json')) terminal.out(JSON.stringify({ problems }, null, 2))
    else print(problems, told, terminal)
    return codeOf(problems, call.has('strict'))
  },
}

interface Checked {
  readonly problems: readonly Problem[]
  /** What was looked at, in words. */
  readonly told: string
}

function checkedRules(files: ReturnType<typeof readRuleFiles>, names: Parameters<typeof rulesFrom>[1]): Checked {
  const rules = rulesFrom(files, names)
  const problems = rules.problems.length > 0 ? rules.problems : lintProblems(files, rules)
  return { problems, told: toldRules(rules) }
}

function checkedScenario(files: ReturnType<typeof readRuleFiles>): Checked {
  const { scenario, problems } = scenarioFrom(files)
  const findings = scenario === undefined ? [] : findingsOf(scenario, files.files[0]?.name ?? '')
  return { problems: [...problems, ...findings], told: 'a scenario' }
}

/** File by file as they were named, and from top to bottom. */
function inOrder(problems: readonly Problem[], { files }: ReturnType<typeof readRuleFiles>): Problem[] {
  const names = files.map(({ name }) => name)
  const key = ({ file, line, column }: Problem) => [names.indexOf(file), line ?? 0, column ?? 0]
  const keyed = problems.map((problem) => ({ problem, at: key(problem) }))
  keyed.sort((one, other) => one.at.map((value, index) => value - (other.at[index] ?? 0)).find((by) => by !== 0) ?? 0)
  return keyed.map(({ problem }) => problem)
}

function toldRules({ workflows, staff, shifts }: Rules): string {
  const parts = [
    [workflows.length, 'workflow'],
    [staff.length, 'staff member'],
    [shifts.length, 'shift'],
  ] as const
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`)
  return told.length === 0 ? 'nothing' : told.join(', ')
}

function print(problems: readonly Problem[], told: string, terminal: Terminal): void {
  for (const problem of problems) terminal.out(printProblem(problem, terminal.paint))
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const warnings = problems.length - errors
  const count = `${errors} error${errors === 1 ? '' : 's'}, ${warnings} warning${warnings === 1 ? '' : 's'}`
  if (errors > 0) terminal.out(terminal.paint('red', count))
  else if (warnings > 0) terminal.out(terminal.paint('yellow', `${count} in ${told}`))
  else terminal.out(terminal.paint('green', `no problems in ${told}`))
}

function codeOf(problems: readonly Problem[], isStrict: boolean): ExitCode {
  const isWrong = problems.some(({ severity }) => isStrict || severity === 'error')
  return isWrong ? exitCodes.problems : exitCodes.fine
}

function listed(names: string | undefined): string[] {
  return (names ?? '').split(',').filter((name) => name !== '')
}
