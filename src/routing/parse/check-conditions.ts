import * as z from 'zod/mini'
import type { Json } from '../../core'
import {
  collectIssues,
  type InputPath,
  idSchema,
  isForbiddenKey,
  isRecord,
  issueOf,
  nearest,
  nonEmptyListOf,
  objectOf,
  type ParseContext,
  parseWithSchema,
  wholeNumber,
  withSuggestion,
} from '../../input'
import { parseFactPath, suggestPath } from '../facts/fact-reader'
import { routingLimits } from '../routing-limits'
import { expectedTimeZone, isTimeZone } from '../shifts/time-zone'
import type { HostNames } from '../workflow/vocabulary'
import { builtInDecorators, builtInOperators, expectedValue, parseOperatorName } from '../workflow/vocabulary'
import { type Condition, groupKeys, isFactReference, type NamedConditions } from '../workflow/workflow'
import { parseTarget } from './parse-route'

/** What workflows may name. */
export interface Vocabulary {
  readonly conditions: NamedConditions
  readonly names: HostNames
}

const jsonSchema = z.unknown() as unknown as z.ZodMiniType<Json>
const referenceFields = {
  fact: idSchema,
  path: z.optional(z.string({ error: 'a path such as "plan.name" or "items[0]"' })),
  params: z.optional(z.record(z.string(), jsonSchema, { error: 'an object of JSON values' })),
}

/** `{fact, path?, params?}` as a right-hand side. */
const factReferenceSchema = objectOf(referenceFields, 'a fact: an object with fact, path, params')

/** One condition; `list` and `inner` are what stands beneath it. */
function conditionSchemaWith(list: z.ZodMiniType, inner: z.ZodMiniType) {
  return objectOf(
    {
      all: z.optional(list),
      any: z.optional(list),
      not: z.optional(inner),
      condition: z.optional(idSchema),
      ...referenceFields,
      fact: z.optional(idSchema),
      operator: z.optional(z.string({ error: 'the name of an operator' })),
      value: z.optional(jsonSchema),
      name: z.optional(idSchema),
      priority: z.optional(wholeNumber(1, routingLimits.priorityMax)),
    },
    'a condition: an object with all, any, not or condition, or with fact, operator and value',
  )
}

/** A whole tree, for the JSON Schema: parsing goes through the tree without recursion, node by node. */
export const conditionSchema: z.ZodMiniType<Condition> = conditionSchemaWith(
  z.lazy(() => conditionListSchema),
  z.lazy((): z.ZodMiniType => conditionSchema),
) as unknown as z.ZodMiniType<Condition>
const conditionListSchema = nonEmptyListOf(conditionSchema, routingLimits.conditionsMax)

const nodeSchema = conditionSchemaWith(nonEmptyListOf(jsonSchema, routingLimits.conditionsMax), jsonSchema)

interface ConditionNode {
  readonly value: unknown
  readonly path: InputPath
  readonly level: number
  /** The named conditions around it, the outermost first. Inside them only limits are checked here. */
  readonly references: readonly string[]
}

interface ConditionContext extends ParseContext {
  readonly vocabulary: Vocabulary
  /** The name of the conditions, if they have one. */
  readonly name?: string
}

/**
 * Checks conditions, which are a JSON copy: shapes, and what json-rules-engine would evaluate wrongly without an error
 * or fail at while a request waits (docs/semantics.md, Workflows): empty or several groups in one node, unknown names,
 * circles, too many levels or conditions. Every problem is added, also beneath others.
 */
export function checkConditions(root: unknown, context: ConditionContext): void {
  const { path, issues, name } = context
  const { conditionsMax, issuesMax } = routingLimits
  if (isRecord(root) && Object.hasOwn(root, 'fact')) {
    const expected = 'all, any, not or condition at the root of conditions'
    issues.push({ path, expected, got: 'a single condition' })
  }
  const pending: ConditionNode[] = [{ value: root, path, level: 1, references: name === undefined ? [] : [name] }]
  const depth = pending[0]?.references.length ?? 0
  let count = 0
  for (let node = pending.pop(); node !== undefined && issues.length <= issuesMax; node = pending.pop()) {
    count += 1
    if (count > conditionsMax) {
      issues.push({ path, expected: `at most ${conditionsMax} conditions in one workflow`, got: 'more' })
      return
    }
    const isReferenced = node.references.length > depth
    if (node.level > routingLimits.conditionLevelsMax) {
      const expected = `at most ${routingLimits.conditionLevelsMax} levels of conditions`
      issues.push({ path: node.path, expected, got: 'one more' })
    } else {
      if (!isReferenced) checkNode(node, context)
      pending.push(...nodesInside(node, context).reverse())
    }
  }
}

/** The conditions right beneath a node, those behind a name included. */
function nodesInside({ value, path, level, references }: ConditionNode, context: ConditionContext): ConditionNode[] {
  if (!isRecord(value)) return []
  const inside: ConditionNode[] = []
  for (const key of ['all', 'any'] as const) {
    const list = value[key]
    if (!Array.isArray(list)) continue
    for (const [index, one] of list.slice(0, routingLimits.conditionsMax).entries()) {
      inside.push({ value: one, path: [...path, key, index], level: level + 1, references })
    }
  }
  if (Object.hasOwn(value, 'not'))
    inside.push({ value: value.not, path: [...path, 'not'], level: level + 1, references })
  const { condition: name } = value
  if (typeof name !== 'string' || name === '') return inside
  const place = [...path, 'condition']
  const { conditions } = context.vocabulary
  if (references.includes(name)) addCircle([...references, name], place, context)
  else if (Object.hasOwn(conditions, name)) {
    inside.push({ value: conditions[name], path: place, level: level + 1, references: [...references, name] })
  }
  return inside
}

/** Adds a circle of named conditions once: where the conditions are checked that have the first of its names. */
function addCircle(names: readonly string[], path: InputPath, { issues, name }: ConditionContext): void {
  const circle = names.slice(names.indexOf(names.at(-1) ?? ''))
  if (name === undefined || circle[0] !== name || circle.some((one) => one < name)) return
  const expected = 'a condition that does not lead back to itself'
  issues.push({ path, expected, got: `a circle: ${circle.join(' > ')}` })
}

function checkNode({ value, path }: ConditionNode, { vocabulary, issues }: ConditionContext): void {
  parseWithSchema(nodeSchema, value, { path, issues })
  if (!isRecord(value)) return
  const kinds = conditionKinds.filter((key) => Object.hasOwn(value, key))
  const isLeaf = kinds.includes('fact') || Object.hasOwn(value, 'operator')
  const groups = kinds.filter((key) => key !== 'fact')
  if (groups.length + (isLeaf ? 1 : 0) !== 1) {
    const isOperatorAlone = isLeaf && kinds.length === groups.length && groups.length === 1
    const got = kinds.join(' and ') || 'none of them'
    if (!isOperatorAlone) issues.push({ path, expected: 'exactly one of all, any, not, condition, fact', got })
  }
  const [group] = groups
  if (group !== undefined) checkGroup(value, group, { path, issues })
  else if (isLeaf) checkLeaf(value, vocabulary.names, { path, issues })
  const { condition: name } = value
  const { conditions } = vocabulary
  if (typeof name === 'string' && name !== '' && !Object.hasOwn(conditions, name)) {
    const known = Object.keys(conditions)
    const expected = `the name of a known condition (${known.slice(0, 10).join(', ') || 'none is known'})`
    issues.push(issueOf([...path, 'condition'], expected, name, known))
  }
}

const conditionKinds = [...groupKeys, 'fact'] as const
const requiredLeafKeys = ['fact', 'operator', 'value'] as const
const leafOnlyKeys = ['operator', 'value', 'path', 'params'] as const

function checkGroup(value: Record<string, unknown>, group: string, { path, issues }: ParseContext): void {
  if (Object.hasOwn(value, 'fact')) return
  for (const key of leafOnlyKeys) {
    if (Object.hasOwn(value, key))
      issues.push({ path: [...path, key], expected: `no ${key} beside ${group}`, got: 'one' })
  }
}

/** Checks that a comparison has all its parts, its operator is known, its value fits, and its paths can be followed. */
function checkLeaf(condition: Record<string, unknown>, names: HostNames, { path, issues }: ParseContext): void {
  for (const key of requiredLeafKeys) {
    if (!Object.hasOwn(condition, key))
      issues.push({ path: [...path, key], expected: `${key} of a condition`, got: 'nothing' })
  }
  checkFactReference(condition, { path, issues })
  const { operator, value } = condition
  if (isFactReference(value)) {
    const place = { path: [...path, 'value'], issues }
    parseWithSchema(factReferenceSchema, value, place)
    checkFactReference(value as unknown as Record<string, unknown>, place)
  }
  if (typeof operator === 'string') checkComparison(operator, value, names, { path, issues })
}

function checkComparison(operator: string, value: unknown, names: HostNames, { path, issues }: ParseContext): void {
  const name = parseOperatorName(operator, names)
  if (name === null) {
    const expected = 'an operator of json-rules-engine or of the host'
    const issue = issueOf([...path, 'operator'], expected, operator)
    issues.push(withSuggestion(issue, nearestOperator(operator, names)))
    return
  }
  const isHosts = names.operators.has(name.operator) || name.decorators.some((one) => names.decorators.has(one))
  if (isHosts || value === undefined || isFactReference(value)) return
  const needed = expectedValue(name, value)
  if (needed !== undefined) issues.push(issueOf([...path, 'value'], `${needed} for ${operator}`, value))
}

/** `not:equals` means `not:equal`. */
function nearestOperator(text: string, names: HostNames): string | undefined {
  const parts = text.split(':').slice(0, routingLimits.decoratorsMax + 1)
  const last = parts.length - 1
  const meant = parts.map((part, index) => {
    const known =
      index === last ? [...builtInOperators, ...names.operators] : [...builtInDecorators, ...names.decorators]
    return nearest(part, known) ?? part
  })
  return parseOperatorName(meant.join(':'), names) === null ? undefined : meant.join(':')
}

function checkFactReference(
  { fact, path: inside, params }: Record<string, unknown>,
  { path, issues }: ParseContext,
): void {
  const parameters = isRecord(params) ? params : {}
  if (typeof fact === 'string' && isForbiddenKey(fact)) {
    issues.push(issueOf([...path, 'fact'], 'another name of a fact', fact))
  }
  if (typeof inside === 'string' && parseFactPath(inside) === null) {
    const expected = `own properties and indexes, at most ${routingLimits.pathSegmentsMax}, such as "plan.items[0]"`
    issues.push(withSuggestion(issueOf([...path, 'path'], expected, inside), suggestPath(inside)))
  }
  if (fact === 'clock' && !(typeof parameters.timeZone === 'string' && isTimeZone(parameters.timeZone))) {
    const place = [...path, 'params', 'timeZone']
    issues.push(issueOf(place, expectedTimeZone(parameters.timeZone), parameters.timeZone))
  }
  if (fact === 'available' || fact === 'waiting') {
    collectIssues(issues, () => parseTarget(parameters.target, [...path, 'params', 'target']))
  }
}
