import type { InputIssue } from '../core'
import { checkComparison } from './check-comparison'
import { type Condition, type Conditions, groupKeys } from './condition'
import type { HostNames } from './operator-names'
import type { Path } from './parse-route'
import { routingLimits } from './routing-limits'
import { shown } from './shown'
import type { NamedConditions } from './workflow'

/** What workflows may name. */
export interface Vocabulary {
  readonly conditions: NamedConditions
  readonly names: HostNames
}

interface Node {
  readonly condition: Condition
  readonly path: Path
  readonly level: number
  /** Named conditions on the way here. */
  readonly names: readonly string[]
}

/**
 * What json-rules-engine would get wrong in silence or fail at while a request waits (SEMANTICS 7): empty or several
 * groups in one node, unknown names, circles, too much of anything. Counts with a list of its own instead of recursion.
 */
export function checkConditions(
  root: Conditions,
  path: Path,
  { vocabulary, issues }: { readonly vocabulary: Vocabulary; readonly issues: InputIssue[] },
): void {
  if ('fact' in root) {
    issues.push({ path, expected: 'all, any, not or condition at the root of conditions', got: 'a single condition' })
  }
  const open: Node[] = [{ condition: root, path, level: 1, names: [] }]
  for (let count = 1; open.length > 0; count += 1) {
    if (count > routingLimits.conditionsMax) {
      issues.push({ path, expected: `at most ${routingLimits.conditionsMax} conditions in one workflow`, got: 'more' })
      return
    }
    const node = open.pop()
    if (node === undefined || issues.length > routingLimits.issuesMax) return
    open.push(...inside(node, { vocabulary, issues }).reverse())
  }
}

interface Checking {
  readonly vocabulary: Vocabulary
  readonly issues: InputIssue[]
}

/** Checks one node, and gives the conditions inside it. */
function inside(node: Node, checking: Checking): Node[] {
  const { condition, path, level } = node
  const { issues } = checking
  const groups = groupKeys.filter((key) => Object.hasOwn(condition, key))
  const isLeaf = Object.hasOwn(condition, 'fact') || Object.hasOwn(condition, 'operator')
  if (groups.length + (isLeaf ? 1 : 0) !== 1) {
    const got = [...groups, ...(isLeaf ? ['fact'] : [])].join(' and ') || 'none of them'
    issues.push({ path, expected: 'exactly one of all, any, not, condition, fact', got })
    return []
  }
  if (level > routingLimits.conditionLevelsMax) {
    const { conditionLevelsMax } = routingLimits
    issues.push({ path, expected: `at most ${conditionLevelsMax} levels of conditions`, got: 'one more' })
    return []
  }
  if ('fact' in condition || isLeaf) {
    checkLeaf(condition, path, checking)
    return []
  }
  refuseKeys(condition, ['operator', 'value', 'path', 'params'], { path, issues, by: groups[0] ?? '' })
  if ('condition' in condition) return behind(condition.condition, node, checking)
  return childrenOf(node)
}

function childrenOf({ condition, path, level, names }: Node): Node[] {
  if ('not' in condition) return [{ condition: condition.not, path: [...path, 'not'], level: level + 1, names }]
  const key = 'all' in condition ? 'all' : 'any'
  const list = 'all' in condition ? condition.all : 'any' in condition ? condition.any : []
  return list.map((child, index) => ({ condition: child, path: [...path, key, index], level: level + 1, names }))
}

/** What a reference stands for; it is counted where it is used, since json-rules-engine copies it there. */
function behind(name: string, { path, level, names }: Node, { vocabulary, issues }: Checking): Node[] {
  const place = [...path, 'condition']
  const found = Object.hasOwn(vocabulary.conditions, name) ? vocabulary.conditions[name] : undefined
  if (found === undefined) {
    const known = Object.keys(vocabulary.conditions).slice(0, 10).join(', ') || 'none is known'
    issues.push({ path: place, expected: `the name of a known condition (${known})`, got: shown(name) })
    return []
  }
  if (names.includes(name)) {
    const got = `a circle: ${[...names.slice(names.indexOf(name)), name].join(' > ')}`
    issues.push({ path: place, expected: 'a condition that does not lead back to itself', got })
    return []
  }
  return [{ condition: found, path: place, level: level + 1, names: [...names, name] }]
}

function checkLeaf(condition: Condition, path: Path, { vocabulary, issues }: Checking): void {
  const missing = ['fact', 'operator', 'value'].filter((key) => !Object.hasOwn(condition, key))
  for (const key of missing) issues.push({ path: [...path, key], expected: `${key} of a condition`, got: 'nothing' })
  if (missing.length > 0 || !('fact' in condition)) return
  checkComparison(condition, path, { names: vocabulary.names, issues })
}

interface Refusal {
  readonly path: Path
  readonly issues: InputIssue[]
  readonly by: string
}

function refuseKeys(condition: Condition, keys: readonly string[], { path, issues, by }: Refusal): void {
  for (const key of keys) {
    if (Object.hasOwn(condition, key)) {
      issues.push({ path: [...path, key], expected: `no ${key} beside ${by}`, got: 'one' })
    }
  }
}
