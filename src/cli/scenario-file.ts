import { dirname, isAbsolute, join } from 'node:path'
import { InvalidInputError } from '../core'
import { checkStaffing, parseScenario, type Scenario } from '../simulation'
import { type Problem, pathIn } from './problem'
import type { RuleFiles } from './rule-files'
import { problemOf } from './rule-part'

/** A scenario from its file, with what is wrong in it. */
export interface ScenarioFile {
  readonly scenario: Scenario | undefined
  /** Why there is none. */
  readonly problems: readonly Problem[]
}

/** Whether what was read is a scenario and not rules alone. */
export function isScenario({ parts }: RuleFiles): boolean {
  return ['arrivals', 'behaviour'].some((key) => parts.has(key))
}

/** Parses a scenario; parts of its rules may stand in files of their own. */
export function scenarioFrom(files: RuleFiles): ScenarioFile {
  const { parts, problems } = files
  const [whole] = files.files
  if (problems.length > 0 || whole === undefined) return { scenario: undefined, problems }
  try {
    return { scenario: parseScenario(Object.fromEntries([...parts].map(([key, { value }]) => [key, value]))), problems }
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    return { scenario: undefined, problems: error.issues.map((issue) => problemOf(issue, parts, whole)) }
  }
}

/** What is said of a scenario before it is run. */
export function findingsOf(scenario: Scenario, file: string): Problem[] {
  return checkStaffing(scenario).map(({ severity, message }) => ({
    ...{ severity, message, file, line: null, column: null, path: pathIn([]) },
  }))
}

/** A file that a scenario names, seen from the scenario's own. */
export function besideScenario({ files }: RuleFiles, name: string): string {
  const [whole] = files
  if (name === '-' || isAbsolute(name) || whole === undefined || whole.name === '<stdin>') return name
  return join(dirname(whole.name), name)
}
