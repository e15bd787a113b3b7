import type { InputIssue, Json } from '../core'
import { InvalidInputError } from '../core'
import { type FactCondition, type FactReference, isFactReference } from './condition'
import { factPath } from './fact-path'
import { isForbiddenKey } from './json-copy'
import { type HostNames, neededInstead, operatorName } from './operator-names'
import { parseTarget } from './parse-route'
import { parsed } from './parsed'
import { type Place, pathTo } from './place'
import { routingLimits } from './routing-limits'
import { shown } from './shown'
import { isTimeZone } from './time-zone'
import { factReferenceSchema } from './workflow-schema'

interface Checking {
  readonly names: HostNames
  readonly issues: InputIssue[]
}

/**
 * Checks a leaf: its operator is known, its value fits, its paths can be followed, a fact of the desk gets its params.
 */
export function checkComparison(condition: FactCondition, place: Place, { names, issues }: Checking): void {
  const { operator, value } = condition
  checkFact(condition, place, issues)
  if (isFactReference(value)) checkReference(value, { within: place, key: 'value' }, issues)
  const name = operatorName(operator, names)
  if (name === null) {
    const expected = 'an operator of json-rules-engine or of the host'
    issues.push({ path: pathTo(place, 'operator'), expected, got: shown(operator) })
    return
  }
  const isHosts = names.operators.has(name.base) || name.decorators.some((one) => names.decorators.has(one))
  if (isHosts || isFactReference(value)) return
  const needed = neededInstead(name, value)
  if (needed !== undefined) {
    issues.push({ path: pathTo(place, 'value'), expected: `${needed} for ${operator}`, got: shown(value) })
  }
}

function checkReference(value: Json | FactReference, place: Place, issues: InputIssue[]): void {
  const reference = parsed(factReferenceSchema, value as Json, { path: pathTo(place), issues })
  if (reference !== undefined) checkFact(reference, place, issues)
}

type Asked = Pick<FactCondition, 'fact' | 'path' | 'params'>

function checkFact({ fact, path: inside, params }: Asked, place: Place, issues: InputIssue[]): void {
  if (isForbiddenKey(fact)) {
    issues.push({ path: pathTo(place, 'fact'), expected: 'another name of a fact', got: shown(fact) })
  }
  if (inside !== undefined && factPath(inside) === null) {
    const expected = `own properties and indexes, at most ${routingLimits.pathSegmentsMax}, such as "plan.items[0]"`
    issues.push({ path: pathTo(place, 'path'), expected, got: shown(inside) })
  }
  if (fact === 'clock' && (typeof params?.timeZone !== 'string' || !isTimeZone(params.timeZone))) {
    const expected = 'the IANA name of a time zone'
    issues.push({ path: pathTo(place, 'params', 'timeZone'), expected, got: shown(params?.timeZone) })
  }
  if (fact === 'available' || fact === 'waiting') checkTargetParam(params?.target, place, issues)
}

function checkTargetParam(target: Json | undefined, place: Place, issues: InputIssue[]): void {
  try {
    parseTarget(target, pathTo(place, 'params', 'target'))
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    issues.push(...error.issues)
  }
}
