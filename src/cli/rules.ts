import { type InputIssue, InvalidInputError, type Policy, type RouteInput, type Shift, type Staff } from '../core'
import { parsePolicy, parseRoster } from '../desk'
import {
  type NamedConditions,
  type ParseWorkflowsOptions,
  parseConditions,
  parseRoute,
  parseShifts,
  parseWorkflows,
  type Workflow,
} from '../routing'
import type { Problem } from './problem'
import type { RuleFiles } from './rule-files'
import { partNames, problemOf } from './rule-part'

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

type Names = Pick<ParseWorkflowsOptions, 'operators' | 'decorators'>

/** Parses all parts, each on its own, and gathers what is wrong. `names`: the host's own operators and decorators. */
export function rulesFrom(files: RuleFiles, names: Names = {}): Rules {
  const issues: InputIssue[] = []
  const parse = <Value>(name: string, parser: (value: unknown) => Value): Value | undefined => {
    const part = files.parts.get(name)
    return part === undefined ? undefined : gathered(issues, () => parser(part.value))
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
  for (const [name, part] of files.parts) {
    const expected = `one of ${partNames.join(', ')}`
    const isPart = (partNames as readonly string[]).includes(name)
    if (!isPart) issues.push({ path: [...part.base], expected, got: 'an unknown key' })
  }
  const [whole] = files.files
  const found = whole === undefined ? [] : issues.map((issue) => problemOf(issue, files.parts, whole))
  return { ...rules, problems: [...files.problems, ...found] }
}

/** What a parser makes of a part; what it throws joins the other issues. */
function gathered<Value>(issues: InputIssue[], parse: () => Value): Value | undefined {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    issues.push(...error.issues)
    return undefined
  }
}
