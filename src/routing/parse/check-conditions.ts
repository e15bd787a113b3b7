import type { InputIssue, Json } from '../../core'
import { InvalidInputError } from '../../core'
import { parseFactPath } from '../facts/fact-reader'
import { routingLimits } from '../routing-limits'
import { isTimeZone } from '../shifts/time-zone'
import type { HostNames } from '../workflow/vocabulary'
import { expectedValue, parseOperatorName } from '../workflow/vocabulary'
import type { NamedConditions } from '../workflow/workflow'
import {
  type Condition,
  type Conditions,
  type FactCondition,
  type FactReference,
  groupKeys,
  isFactReference,
} from '../workflow/workflow'
import { describeReceived, type IssuePath, toInputPath } from './issue-path'
import { isForbiddenKey } from './json-copy'
import { parseTarget } from './parse-route'
import { factReferenceSchema } from './workflow-schema'
import { parseWithSchema } from './zod-issues'

/** What workflows may name. */
export interface Vocabulary {
  readonly conditions: NamedConditions
  readonly names: HostNames
}

interface ConditionContext {
  readonly vocabulary: Vocabulary
  readonly issues: InputIssue[]
}

/**
 * What json-rules-engine would get wrong in silence or fail at while a request waits (SEMANTICS 7): empty or several
 * groups in one node, unknown names, circles, too much of anything. Goes no deeper than conditions may go.
 */
export function checkConditions(root: Conditions, place: IssuePath, checking: ConditionContext): void {
  if ('fact' in root) {
    const expected = 'all, any, not or condition at the root of conditions'
    checking.issues.push({ path: toInputPath(place), expected, got: 'a single condition' })
  }
  new ConditionChecker(place, checking).check(root, place, 1)
}

/** One walk through the conditions of one workflow. */
class ConditionChecker {
  readonly #root: IssuePath
  readonly #vocabulary: Vocabulary
  readonly #issues: InputIssue[]
  /** Named conditions on the way to where it is. */
  readonly #names: string[] = []
  #left: number = routingLimits.conditionsMax

  constructor(root: IssuePath, { vocabulary, issues }: ConditionContext) {
    this.#root = root
    this.#vocabulary = vocabulary
    this.#issues = issues
  }

  check(condition: Condition, place: IssuePath, level: number): void {
    if (this.#left < 0 || this.#issues.length > routingLimits.issuesMax) return
    this.#left -= 1
    if (this.#left < 0) {
      const expected = `at most ${routingLimits.conditionsMax} conditions in one workflow`
      return this.#refuse(this.#root, expected, 'more')
    }
    const kinds = countKinds(condition)
    if (kinds !== 1) {
      const got = conditionKinds.filter((key) => Object.hasOwn(condition, key)).join(' and ') || 'none of them'
      return this.#refuse(place, 'exactly one of all, any, not, condition, fact', got)
    }
    if (level > routingLimits.conditionLevelsMax) {
      return this.#refuse(place, `at most ${routingLimits.conditionLevelsMax} levels of conditions`, 'one more')
    }
    if ('fact' in condition || Object.hasOwn(condition, 'operator')) this.#checkLeaf(condition, place)
    else this.#checkInside(condition, place, level + 1)
  }

  #checkInside(condition: Exclude<Condition, { fact: string }>, place: IssuePath, level: number): void {
    this.#refuseKeysOfLeaves(condition, place)
    if ('condition' in condition) this.#checkBehind(condition.condition, place, level)
    else if ('not' in condition) this.check(condition.not, { parent: place, key: 'not' }, level)
    else {
      const key = 'all' in condition ? 'all' : 'any'
      const parts = 'all' in condition ? condition.all : condition.any
      for (let index = 0; index < parts.length; index += 1) {
        const part = parts[index]
        if (part !== undefined) this.check(part, { parent: place, key, index }, level)
      }
    }
  }

  /** What a reference stands for; it is counted where it is used, since json-rules-engine copies it there. */
  #checkBehind(name: string, place: IssuePath, level: number): void {
    const { conditions } = this.#vocabulary
    const inside = { parent: place, key: 'condition' }
    const found = Object.hasOwn(conditions, name) ? conditions[name] : undefined
    if (found === undefined) {
      const known = Object.keys(conditions).slice(0, 10).join(', ') || 'none is known'
      this.#refuse(inside, `the name of a known condition (${known})`, describeReceived(name))
    } else if (this.#names.includes(name)) {
      const circle = [...this.#names.slice(this.#names.indexOf(name)), name].join(' > ')
      this.#refuse(inside, 'a condition that does not lead back to itself', `a circle: ${circle}`)
    } else {
      this.#names.push(name)
      this.check(found, inside, level)
      this.#names.pop()
    }
  }

  #checkLeaf(condition: Condition, place: IssuePath): void {
    let isWhole = true
    for (const key of requiredLeafKeys) {
      if (Object.hasOwn(condition, key)) continue
      isWhole = false
      this.#refuse({ parent: place, key }, `${key} of a condition`, 'nothing')
    }
    if (!isWhole || !('fact' in condition)) return
    checkComparison(condition, place, { names: this.#vocabulary.names, issues: this.#issues })
  }

  #refuseKeysOfLeaves(condition: Condition, place: IssuePath): void {
    for (const key of leafOnlyKeys) {
      if (!Object.hasOwn(condition, key)) continue
      const by = groupKeys.find((group) => Object.hasOwn(condition, group))
      this.#refuse({ parent: place, key }, `no ${key} beside ${by}`, 'one')
    }
  }

  #refuse(place: IssuePath, expected: string, got: string): void {
    this.#issues.push({ path: toInputPath(place), expected, got })
  }
}

const requiredLeafKeys = ['fact', 'operator', 'value'] as const
const leafOnlyKeys = ['operator', 'value', 'path', 'params'] as const
const conditionKinds = [...groupKeys, 'fact'] as const

/** A leaf without its fact is one that lacks it. */
function countKinds(condition: Condition): number {
  let kinds = Object.hasOwn(condition, 'fact') || Object.hasOwn(condition, 'operator') ? 1 : 0
  for (const key of groupKeys) if (Object.hasOwn(condition, key)) kinds += 1
  return kinds
}

interface ComparisonContext {
  readonly names: HostNames
  readonly issues: InputIssue[]
}

/**
 * Checks a leaf: its operator is known, its value fits, its paths can be followed, a fact of the desk gets its params.
 */
export function checkComparison(
  condition: FactCondition,
  place: IssuePath,
  { names, issues }: ComparisonContext,
): void {
  const { operator, value } = condition
  checkFactReference(condition, place, issues)
  if (isFactReference(value)) checkValueReference(value, { parent: place, key: 'value' }, issues)
  const name = parseOperatorName(operator, names)
  if (name === null) {
    const expected = 'an operator of json-rules-engine or of the host'
    issues.push({ path: toInputPath(place, 'operator'), expected, got: describeReceived(operator) })
    return
  }
  const isHosts = names.operators.has(name.operator) || name.decorators.some((one) => names.decorators.has(one))
  if (isHosts || isFactReference(value)) return
  const needed = expectedValue(name, value)
  if (needed !== undefined) {
    issues.push({
      path: toInputPath(place, 'value'),
      expected: `${needed} for ${operator}`,
      got: describeReceived(value),
    })
  }
}

function checkValueReference(value: Json | FactReference, place: IssuePath, issues: InputIssue[]): void {
  const reference = parseWithSchema(factReferenceSchema, value as Json, { path: toInputPath(place), issues })
  if (reference !== undefined) checkFactReference(reference, place, issues)
}

type FactLocation = Pick<FactCondition, 'fact' | 'path' | 'params'>

function checkFactReference(
  { fact, path: inside, params }: FactLocation,
  place: IssuePath,
  issues: InputIssue[],
): void {
  if (isForbiddenKey(fact)) {
    issues.push({ path: toInputPath(place, 'fact'), expected: 'another name of a fact', got: describeReceived(fact) })
  }
  if (inside !== undefined && parseFactPath(inside) === null) {
    const expected = `own properties and indexes, at most ${routingLimits.pathSegmentsMax}, such as "plan.items[0]"`
    issues.push({ path: toInputPath(place, 'path'), expected, got: describeReceived(inside) })
  }
  if (fact === 'clock' && (typeof params?.timeZone !== 'string' || !isTimeZone(params.timeZone))) {
    const expected = 'the IANA name of a time zone'
    issues.push({ path: toInputPath(place, 'params', 'timeZone'), expected, got: describeReceived(params?.timeZone) })
  }
  if (fact === 'available' || fact === 'waiting') checkTargetParameter(params?.target, place, issues)
}

function checkTargetParameter(target: Json | undefined, place: IssuePath, issues: InputIssue[]): void {
  try {
    parseTarget(target, toInputPath(place, 'params', 'target'))
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    issues.push(...error.issues)
  }
}
