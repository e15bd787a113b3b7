import { described, type InputIssue, InvalidInputError, type Target } from '../../core'
import { parseRoster } from '../../desk'
import { parseShifts, unknownTargets } from '../../routing'
import type { CheckedRules, CheckOptions, WorkflowProperties } from './check-options'
import type { WorkflowProperty } from './workflow-property'

const runsMax = 1_000_000

/**
 * Looks at what was asked before anything is told; the rules' workflows are looked at by their own parser.
 * @throws InvalidInputError with every problem found.
 */
export function checkInput(rules: CheckedRules, properties: WorkflowProperties, options: CheckOptions): void {
  const issues: InputIssue[] = []
  const names = Object.keys(properties ?? {})
  if (names.length === 0)
    issues.push({ path: ['properties'], expected: 'at least one property', got: described(properties) })
  for (const [name, property] of Object.entries(properties ?? {})) {
    if (typeof property?.watch === 'function') checkProperty(rules, property, { path: ['properties', name], issues })
    else issues.push({ path: ['properties', name], expected: 'what everyRequest() ends in', got: described(property) })
  }
  for (const key of ['runs', 'sweepMax'] as const) checkCount(options[key], { path: [key], issues })
  if (options.replay !== undefined && !names.includes(options.replay.property)) {
    const expected = 'the name of one of the properties'
    issues.push({ path: ['replay', 'property'], expected, got: described(options.replay.property) })
  }
  if (issues.length > 0) throw new InvalidInputError(issues)
}

interface Place {
  readonly path: readonly string[]
  readonly issues: InputIssue[]
}

function checkProperty(rules: CheckedRules, property: WorkflowProperty, { path, issues }: Place): void {
  const staff = parseRoster(rules.staff ?? [])
  const shifts = parseShifts(rules.shifts ?? [])
  const known = shifts.map(({ id }) => id)
  for (const shift of property.whileOnShift ?? []) {
    if (known.includes(shift)) continue
    issues.push({ path, expected: `one of the shifts ${known.join(', ')}`, got: described(shift) })
  }
  const unmet = property.targets.flatMap((to: Target) => unknownTargets({ to }, { staff, shifts }))
  for (const { message } of unmet) issues.push({ path, expected: 'people of the roster', got: message })
  if (!Number.isInteger(property.withinMs) || property.withinMs < 0) {
    const expected = 'a whole number of milliseconds, 0 or more'
    issues.push({ path, expected, got: described(property.withinMs) })
  }
}

function checkCount(count: number | undefined, { path, issues }: Place): void {
  if (count === undefined || (Number.isInteger(count) && count >= 0 && count <= runsMax)) return
  issues.push({ path, expected: `a whole number, 0 to ${runsMax}`, got: described(count) })
}
