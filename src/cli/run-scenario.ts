import { InvalidInputError } from '../core'
import { type Comparison, compareWorkflows, readArrivals, type Scenario, simulate, withArrivals } from '../simulation'
import { CliError } from './cli-error'
import type { CliCall } from './command'
import { exitCodes } from './exit-codes'
import { printProblems } from './print-problems'
import { type Problem, pathIn } from './problem'
import { drawProgress } from './progress-bar'
import { readText } from './read-text'
import { type RuleFiles, readRuleFiles } from './rule-files'
import { rulesFrom } from './rules'
import { besideScenario } from './scenario-file'
import type { Terminal } from './terminal'

const seedsMax = 10_000

/**
 * The scenario with the arrivals of the file that it names. Malformed lines are said and left out, or, with
 * `--strict`, refused.
 */
export function withReadArrivals(scenario: Scenario, files: RuleFiles, { isStrict, terminal }: Reading): Scenario {
  const { arrivals } = scenario
  if (arrivals.from !== 'file') return scenario
  const { name, text } = readText(besideScenario(files, arrivals.file), terminal)
  const { format, columns } = arrivals
  try {
    const read = readArrivals(text.split('\n'), { format, columns })
    const problems = read.problems.map(({ line, message }) => lineProblem(name, line, message))
    printProblems(problems, terminal)
    const count = `${problems.length} of ${problems.length + read.arrivals.length} lines`
    if (problems.length > 0 && isStrict) throw new CliError(`${count} of ${name} are no arrivals`, exitCodes.problems)
    if (problems.length > 0) terminal.err(`${count} left out`)
    return withArrivals(scenario, read.arrivals)
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    const found = error.issues.map(({ expected, got }) => `${name}: error: expected ${expected}, got ${got}`)
    throw new CliError(found.join('\n'), exitCodes.problems)
  }
}

export interface Reading {
  readonly isStrict: boolean
  readonly terminal: Terminal
}

function lineProblem(file: string, line: number, message: string): Problem {
  return { severity: 'error', file, line, column: null, path: pathIn([]), message }
}

/** The workflows that `--compare` names, parsed; `undefined` when it is not given. */
export function otherWorkflows(call: CliCall, scenario: Scenario, terminal: Terminal) {
  const file = call.value('compare')
  if (file === undefined) return undefined
  const { conditions } = scenario
  const files = readRuleFiles([file], terminal)
  const part = { file: files.files[0], base: [], value: conditions }
  const parts = new Map(files.parts)
  if (part.file !== undefined && !parts.has('conditions')) parts.set('conditions', { ...part, file: part.file })
  const { workflows, problems } = rulesFrom({ ...files, parts })
  if (problems.length === 0 && files.parts.has('workflows')) return { name: file, workflows }
  printProblems(problems, terminal)
  throw new CliError(`--compare: ${file} holds no workflows that can be used`, exitCodes.problems)
}

/** One run, or, with other workflows, several of both sets, while a bar shows how far it has come. */
export function runScenario(
  scenario: Scenario,
  { call, other, terminal }: { call: CliCall; other: ReturnType<typeof otherWorkflows>; terminal: Terminal },
): { readonly result: ReturnType<typeof simulate>; readonly comparison: Comparison | null } {
  const seed = wholeOption(call, { option: 'seed', min: 0, max: Number.MAX_SAFE_INTEGER }) ?? 1
  const seeds = wholeOption(call, { option: 'seeds', min: 1, max: seedsMax }) ?? 10
  const onProgress = drawProgress(terminal)
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
    terminal.progress(null)
  }
}

function wholeOption(call: CliCall, { option, min, max }: { option: string; min: number; max: number }) {
  const given = call.value(option)
  if (given === undefined) return undefined
  const number = Number(given)
  if (given.trim() !== '' && Number.isSafeInteger(number) && number >= min && number <= max) return number
  throw new CliError(`--${option}: expected a whole number, ${min} to ${max}, got ${given}`, exitCodes.usage)
}
