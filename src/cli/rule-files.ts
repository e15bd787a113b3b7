import { dirname, isAbsolute, join } from 'node:path'
import type { InputIssue } from '../core'
import { InvalidInputError, type Policy, type RouteInput, type Shift, type Staff } from '../core'
import { parsePolicy, parseRoster } from '../desk'
import { collectIssues, unknownKeyIssue } from '../input'
import {
  type NamedConditions,
  type ParseWorkflowsOptions,
  parseConditions,
  parseRoute,
  parseShifts,
  parseWorkflows,
  type Workflow,
} from '../routing'
import { checkStaffing, parseScenario, type Scenario } from '../simulation'
import { CliError, exitCodes } from './command'
import type { Problem } from './input-file'
import { formatPath, JsonFile, readText } from './input-file'
import type { Terminal } from './terminal'

/** Files that were read, and the sections of the rules in them. */
export interface RuleFiles {
  readonly files: readonly JsonFile[]
  readonly sections: ReadonlyMap<string, RuleSection>
  /** Files that are no JSON, or have unknown contents. */
  readonly problems: readonly Problem[]
}

/**
 * Reads files of rules. A file holds a list (workflows, staff or shifts: what is in it tells), or an object with any
 * of the parts; there, a text in the place of a part names the file that holds it, seen from this one.
 * @throws CliError for a file that cannot be read.
 */
export function readRuleFiles(names: readonly string[], terminal: Terminal): RuleFiles {
  const reading = new RuleFileReader(terminal)
  for (const name of names) reading.readFile(name)
  return reading
}

class RuleFileReader implements RuleFiles {
  readonly files: JsonFile[] = []
  readonly sections = new Map<string, RuleSection>()
  readonly problems: Problem[] = []
  readonly #terminal: Terminal

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  readFile(name: string): void {
    const file = this.#open(name)
    if (file.problems.length > 0) return
    if (Array.isArray(file.value)) return this.#readList(file)
    if (typeof file.value === 'object' && file.value !== null) return this.#readObject(file, file.value)
    this.#addProblem(file, [], 'expected a list or an object')
  }

  #open(name: string): JsonFile {
    const { name: shown, text } = readText(name, this.#terminal)
    const file = new JsonFile(shown, text)
    this.files.push(file)
    this.problems.push(...file.problems)
    return file
  }

  #readList(file: JsonFile): void {
    const kind = detectSection(file.value as readonly unknown[], file.name)
    if (kind === undefined) this.#addProblem(file, [], 'expected a list of workflows, of staff or of shifts')
    else this.#addSection(kind, { file, basePath: [], value: file.value })
  }

  #readObject(file: JsonFile, object: object): void {
    const entries = Object.entries(object)
    if ('conditions' in object && 'event' in object)
      return this.#addProblem(file, [], 'expected a list of workflows, got a single one')
    for (const [key, value] of entries) {
      const isPart = (sectionNames as readonly string[]).includes(key)
      if (isPart && typeof value === 'string') this.#readReferencedFile(key as SectionName, file, value)
      else this.#addSection(key, { file, basePath: [key], value })
    }
  }

  /** Reads a section that has a file of its own. */
  #readReferencedFile(key: SectionName, file: JsonFile, name: string): void {
    const path = isAbsolute(name) || file.name === '<stdin>' ? name : join(dirname(file.name), name)
    try {
      const other = this.#open(path)
      if (other.problems.length === 0) this.#addSection(key, { file: other, basePath: [], value: other.value })
    } catch (error) {
      if (!(error instanceof CliError) || error.exitCode !== exitCodes.unreadable) throw error
      this.#addProblem(file, [key], error.message)
    }
  }

  #addSection(key: string, part: RuleSection): void {
    const known = this.sections.get(key)
    if (known === undefined) this.sections.set(key, part)
    else this.#addProblem(part.file, part.basePath, `${key} were given already, in ${known.file.name}`)
  }

  #addProblem(file: JsonFile, path: RuleSection['basePath'], message: string): void {
    this.problems.push(file.problemAtPath(path, { severity: 'error', message }))
  }
}

const sectionKeys: readonly (readonly [SectionName, readonly string[]])[] = [
  ['workflows', ['conditions', 'event']],
  ['shifts', ['timeZone', 'weekly']],
  ['staff', ['id']],
]

const sectionFileNames: readonly (readonly [SectionName, RegExp])[] = [
  ['workflows', /workflow|rule/i],
  ['shifts', /shift|hours/i],
  ['staff', /staff|roster|agent|people/i],
]

/** Returns the section of a list, by the keys of its items, or else by the name of the file. */
function detectSection(list: readonly unknown[], fileName: string): SectionName | undefined {
  const keys = new Set(list.flatMap((one) => (typeof one === 'object' && one !== null ? Object.keys(one) : [])))
  const byKeys = sectionKeys.find(([, own]) => own.some((key) => keys.has(key)))
  return (byKeys ?? sectionFileNames.find(([, pattern]) => pattern.test(fileName)))?.[0]
}

/** What rules are made of, by the names under which a desk is opened with them. */
export const sectionNames = ['staff', 'shifts', 'workflows', 'conditions', 'policy', 'defaultRoute'] as const

export type SectionName = (typeof sectionNames)[number]

/** One part of the rules, and where it stands. */
export interface RuleSection {
  readonly file: JsonFile
  /** Keys from the file's outermost value to the part. */
  readonly basePath: InputIssue['path']
  readonly value: unknown
}

export type RuleSections = ReadonlyMap<string, RuleSection>

/** Where an issue stands whose path begins with the name of a part, or with a key of `whole`. */
export function locateIssue(issue: InputIssue, parts: RuleSections, whole: JsonFile): Problem {
  const [name = '', ...inside] = issue.path
  const part = parts.get(String(name))
  return part === undefined
    ? whole.problemOfIssue(issue.path, issue)
    : part.file.problemOfIssue([...part.basePath, ...inside], issue)
}

/** Rules that have been parsed; a part with problems, or that was not given, is empty. */
export interface Rules {
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  readonly workflows: readonly Workflow[]
  readonly conditions: NamedConditions
  readonly policy: Partial<Policy>
  readonly defaultRoute: RouteInput | undefined
  /** Every problem found, those of the files themselves first. */
  readonly problems: readonly Problem[]
}

type HostNames = Pick<ParseWorkflowsOptions, 'operators' | 'decorators'>

/** Parses all parts, each on its own, and gathers what is wrong. `names`: the host's own operators and decorators. */
export function parseRules(files: RuleFiles, names: HostNames = {}): Rules {
  const issues: InputIssue[] = []
  const parse = <Value>(name: string, parser: (value: unknown) => Value): Value | undefined => {
    const part = files.sections.get(name)
    return part === undefined ? undefined : collectIssues(issues, () => parser(part.value))
  }
  const conditions = parse('conditions', (value) => parseConditions(value, names)) ?? {}
  const rules = {
    conditions,
    staff: parse('staff', (value) => parseRoster(value)) ?? [],
    shifts: parse('shifts', (value) => parseShifts(value)) ?? [],
    workflows: parse('workflows', (value) => parseWorkflows(value, { ...names, conditions })) ?? [],
    policy: parse('policy', parsePolicy) ?? {},
    defaultRoute: parse('defaultRoute', (value) => parseRoute(value, ['defaultRoute'])),
  }
  for (const [name, part] of files.sections) {
    const isPart = (sectionNames as readonly string[]).includes(name)
    if (!isPart) issues.push(unknownKeyIssue(part.basePath.slice(0, -1), name, sectionNames))
  }
  const [whole] = files.files
  const found = whole === undefined ? [] : issues.map((issue) => locateIssue(issue, files.sections, whole))
  return { ...rules, problems: [...files.problems, ...found] }
}

/** A scenario from its file, with what is wrong in it. */
export interface ParsedScenario {
  readonly scenario: Scenario | undefined
  /** Why there is none. */
  readonly problems: readonly Problem[]
}

/** Whether what was read is a scenario and not rules alone. */
export function isScenario({ sections }: RuleFiles): boolean {
  return ['arrivals', 'behaviour'].some((key) => sections.has(key))
}

/** Parses a scenario; parts of its rules may stand in files of their own. */
export function parseScenarioFiles(files: RuleFiles): ParsedScenario {
  const { sections, problems } = files
  const [whole] = files.files
  if (problems.length > 0 || whole === undefined) return { scenario: undefined, problems }
  try {
    return {
      scenario: parseScenario(Object.fromEntries([...sections].map(([key, { value }]) => [key, value]))),
      problems,
    }
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    return { scenario: undefined, problems: error.issues.map((issue) => locateIssue(issue, sections, whole)) }
  }
}

/** Returns the findings of `checkStaffing` as problems. */
export function staffingProblems(scenario: Scenario, file: string): Problem[] {
  return checkStaffing(scenario).map(({ severity, message }) => ({
    ...{ severity, message, file, line: null, column: null, path: formatPath([]) },
  }))
}

/** A file that a scenario names, seen from the scenario's own. */
export function resolveRelative({ files }: RuleFiles, name: string): string {
  const [whole] = files
  if (name === '-' || isAbsolute(name) || whole === undefined || whole.name === '<stdin>') return name
  return join(dirname(whole.name), name)
}
