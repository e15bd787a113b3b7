import { lintWorkflows } from '../../routing'
import type { CliCommand } from '../command'
import { type ExitCode, exitCodes, usageError } from '../command'
import type { Problem } from '../input-file'
import { colorizeProblem } from '../input-file'
import type { RuleFiles, Rules } from '../rule-files'
import { isScenario, parseRules, parseScenarioFiles, readRuleFiles, staffingProblems } from '../rule-files'
import type { Terminal } from '../terminal'

/** `frontbell check`: every problem of rules or of a scenario, and their lint. */
export const checkCommand: CliCommand = {
  name: 'check',
  summary: 'finds every mistake in workflows, rosters, shifts and scenarios',
  usage: 'FILE... [--strict] [--json]',
  description: [
    'Reads workflows, staff and shifts, each a list in a file of its own, or an object that holds them, or a scenario.',
    'Says every problem at once with file, line, column and path; then, where there are none, what looks like a',
    'mistake: workflows that never match or that another one shadows, targets nobody meets, hours without anybody.',
  ],
  options: [
    { name: 'strict', description: 'exit code 1 for warnings as well' },
    { name: 'json', description: 'gives the problems as JSON' },
    { name: 'operators', value: 'NAMES', description: "names of the host's own operators, with commas" },
    { name: 'decorators', value: 'NAMES', description: "names of the host's own decorators, with commas" },
  ],
  run: async (call, terminal) => {
    if (call.files.length === 0) throw usageError('check needs a file, or - for standard input')
    const names = {
      operators: parseNameList(call.value('operators')),
      decorators: parseNameList(call.value('decorators')),
    }
    const files = readRuleFiles(call.files, terminal)
    const { problems: found, subject } = isScenario(files) ? checkScenario(files) : checkRules(files, names)
    const problems = sortProblems(found, files)
    if (call.has('json')) terminal.print(JSON.stringify({ problems }, null, 2))
    else printCheckResult(problems, subject, terminal)
    return exitCodeOf(problems, call.has('strict'))
  },
}

interface CheckResult {
  readonly problems: readonly Problem[]
  /** What was checked, in words. */
  readonly subject: string
}

function checkRules(files: ReturnType<typeof readRuleFiles>, names: Parameters<typeof parseRules>[1]): CheckResult {
  const rules = parseRules(files, names)
  const problems = rules.problems.length > 0 ? rules.problems : lintProblems(files, rules)
  return { problems, subject: describeRules(rules) }
}

function checkScenario(files: ReturnType<typeof readRuleFiles>): CheckResult {
  const { scenario, problems } = parseScenarioFiles(files)
  const findings = scenario === undefined ? [] : staffingProblems(scenario, files.files[0]?.name ?? '')
  return { problems: [...problems, ...findings], subject: 'a scenario' }
}

/** File by file as they were named, and from top to bottom. */
function sortProblems(problems: readonly Problem[], { files }: ReturnType<typeof readRuleFiles>): Problem[] {
  const names = files.map(({ name }) => name)
  const key = ({ file, line, column }: Problem) => [names.indexOf(file), line ?? 0, column ?? 0]
  const keyed = problems.map((problem) => ({ problem, at: key(problem) }))
  keyed.sort((one, other) => one.at.map((value, index) => value - (other.at[index] ?? 0)).find((by) => by !== 0) ?? 0)
  return keyed.map(({ problem }) => problem)
}

function describeRules({ workflows, staff, shifts }: Rules): string {
  const parts = [
    [workflows.length, 'workflow'],
    [staff.length, 'staff member'],
    [shifts.length, 'shift'],
  ] as const
  const texts = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`)
  return texts.length === 0 ? 'nothing' : texts.join(', ')
}

function printCheckResult(problems: readonly Problem[], subject: string, terminal: Terminal): void {
  for (const problem of problems) terminal.print(colorizeProblem(problem, terminal.colorize))
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const warnings = problems.length - errors
  const count = `${errors} error${errors === 1 ? '' : 's'}, ${warnings} warning${warnings === 1 ? '' : 's'}`
  if (errors > 0) terminal.print(terminal.colorize('red', count))
  else if (warnings > 0) terminal.print(terminal.colorize('yellow', `${count} in ${subject}`))
  else terminal.print(terminal.colorize('green', `no problems in ${subject}`))
}

function exitCodeOf(problems: readonly Problem[], isStrict: boolean): ExitCode {
  const isWrong = problems.some(({ severity }) => isStrict || severity === 'error')
  return isWrong ? exitCodes.problems : exitCodes.ok
}

function parseNameList(names: string | undefined): string[] {
  return (names ?? '').split(',').filter((name) => name !== '')
}

/** Findings about staff and hours, which need a roster. */
const rosterDependentCodes: ReadonlySet<string> = new Set(['empty-audience', 'nobody-on-shift'])

/** Returns the lint of rules, at the lines of the workflows. */
export function lintProblems(files: RuleFiles, rules: Rules): Problem[] {
  return [...lintWorkflowProblems(files, rules), ...rosterProblems(files, rules)]
}

/** About ten seconds of work: a command line may take its time. */
const lintStepsMax = 100_000_000

function lintWorkflowProblems(files: RuleFiles, { workflows, staff, shifts, conditions }: Rules): Problem[] {
  const part = files.sections.get('workflows')
  if (part === undefined) return []
  const known = files.sections.has('shifts') ? shifts : impliedShifts(staff)
  const isJudged = (code: string) => files.sections.has('staff') || !rosterDependentCodes.has(code)
  return lintWorkflows({ workflows, staff, shifts: known, conditions, stepsMax: lintStepsMax })
    .filter(({ code }) => isJudged(code))
    .map(({ workflow, message }) => {
      const index = workflows.findIndex(({ name }) => name === workflow)
      const path = [...part.basePath, index, 'name']
      return part.file.problemAtPath(path, { severity: 'warning', message: `${JSON.stringify(workflow)}: ${message}` })
    })
}

/** Without shifts in the files, every shift of a staff member counts as always on. */
function impliedShifts(staff: Rules['staff']): Rules['shifts'] {
  const ids = new Set(staff.flatMap(({ shifts = [] }) => shifts))
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
  return [...ids].map((id) => ({ id, timeZone: 'UTC', weekly: [{ days, from: '00:00', to: '24:00' }] }))
}

/** Reports staff with unknown shifts, who are never on shift. */
function rosterProblems(files: RuleFiles, { staff, shifts }: Rules): Problem[] {
  const part = files.sections.get('staff')
  if (part === undefined || !files.sections.has('shifts')) return []
  const known = new Set(shifts.map(({ id }) => id))
  return staff.flatMap(({ id, shifts: own = [] }, index) =>
    own.flatMap((shift, at) => {
      if (known.has(shift)) return []
      const message = `${id} works in the shift ${JSON.stringify(shift)}, which is not there`
      return [part.file.problemAtPath([...part.basePath, index, 'shifts', at], { severity: 'warning', message })]
    }),
  )
}
