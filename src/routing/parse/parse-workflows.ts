import * as z from 'zod/mini'
import { type InputIssue, type Json, jsonBytesOf } from '../../core'
import {
  copyJson,
  type InputPath,
  idSchema,
  isRecord,
  issueOf,
  type ListContext,
  nonEmptyListOf,
  objectOf,
  type ParseContext,
  parseJson,
  parseList,
  parseListInPieces,
  parseOrThrow,
  refuse,
  wholeNumber,
} from '../../input'
import { jsonLimits, routingLimits } from '../routing-limits'
import { comparisonsOf } from '../workflow/condition-walk'
import type { Conditions, NamedConditions, Workflow } from '../workflow/workflow'
import { checkConditions, conditionSchema, type Vocabulary } from './check-conditions'
import { checkRoute, routeSchema } from './parse-route'

export interface ParseWorkflowsOptions {
  /** Conditions that workflows may refer to by name. */
  readonly conditions?: NamedConditions
  /** Names of the host's own operators. */
  readonly operators?: Iterable<string>
  /** Names of the host's own decorators. */
  readonly decorators?: Iterable<string>
  readonly path?: InputPath
}

/**
 * Parses workflows as an administrator wrote them: copies that share nothing with the input. No two have the same name.
 * @throws InvalidInputError with every problem found, up to 1000.
 */
export function parseWorkflows(value: unknown, options: ParseWorkflowsOptions = {}): Workflow[] {
  return parseOrThrow((issues) => parseList(value, listContextOf(options, issues)))
}

/**
 * Parses workflows that a store holds. They were accepted one by one, perhaps by another release: what they exceed
 * together is no reason to lose them.
 * @throws InvalidInputError with every problem found, up to 1000.
 */
export function parseStoredWorkflows(value: unknown, options: ParseWorkflowsOptions): Workflow[] {
  return parseOrThrow((issues) => {
    const { checkTotal: _, ...context } = listContextOf(options, issues)
    return parseList(value, context)
  })
}

/**
 * Parses workflows as `parseWorkflows` does, with a pause after each piece of the list, which must not change then.
 * @throws InvalidInputError (as a rejection) with every problem found, up to 1000.
 */
export async function parseWorkflowsInPieces(
  value: unknown,
  options: ParseWorkflowsOptions,
  pause: () => Promise<void>,
): Promise<Workflow[]> {
  const found: InputIssue[] = []
  const parsed = await parseListInPieces(value, listContextOf(options, found), pause)
  return parseOrThrow((issues) => {
    issues.push(...found)
    return parsed
  })
}

function listContextOf(options: ParseWorkflowsOptions, issues: InputIssue[]): ListContext<Workflow> {
  const { path = ['workflows'] } = options
  const vocabulary = vocabularyOf(options)
  return {
    path,
    issues,
    lengthMax: routingLimits.workflowsMax,
    item: 'workflow',
    uniqueKey: 'name',
    parseItem: (one, context) => parseWorkflow(one, { ...context, vocabulary }),
    checkTotal: totalCheck(vocabulary.conditions),
    weightOf: ({ conditions }) => 4 + comparisonsOf(conditions, vocabulary.conditions).length,
  }
}

/** Returns a function that adds a workflow to those of a list, and says which limit they exceed together. */
function totalCheck(named: NamedConditions) {
  const { workflowBytesMax, conditionsInAllMax } = routingLimits
  let [bytes, conditions] = [0, 0]
  return (workflow: Workflow) => {
    bytes += jsonBytesOf(workflow as unknown as Json)
    conditions += comparisonsOf(workflow.conditions, named).length
    if (bytes > workflowBytesMax)
      return { expected: `at most ${workflowBytesMax} bytes of JSON in all workflows`, got: 'more' }
    if (conditions > conditionsInAllMax)
      return { expected: `at most ${conditionsInAllMax} conditions in all workflows`, got: 'more' }
    return undefined
  }
}

export function vocabularyOf({ conditions = {}, operators, decorators }: ParseWorkflowsOptions): Vocabulary {
  return { conditions, names: { operators: new Set(operators), decorators: new Set(decorators) } }
}

/** Parses one workflow: a copy. `undefined` when something is wrong, and `issues` says what. */
export function parseWorkflow(
  value: unknown,
  { path, issues, vocabulary }: ParseContext & { readonly vocabulary: Vocabulary },
): Workflow | undefined {
  const check = (copy: Json, context: ParseContext) => checkWorkflow(copy, { ...context, vocabulary })
  return parseJson(parsedWorkflowSchema, value, { path, issues, limits: jsonLimits, check })
}

/** Checks what no schema says, also of a workflow that is wrong elsewhere. */
function checkWorkflow(copy: Json, { path, issues, vocabulary }: ParseContext & { vocabulary: Vocabulary }): void {
  if (!isRecord(copy)) return
  const { conditions, event } = copy
  if (conditions !== undefined) checkConditions(conditions, { path: [...path, 'conditions'], issues, vocabulary })
  if (isRecord(event) && event.type === 'route') {
    checkRoute(event.params as Json, { path: [...path, 'event', 'params'], issues })
  }
}

const { priorityMax, tagsMax } = routingLimits
const prioritizeParams = objectOf({ priority: wholeNumber(-priorityMax, priorityMax) })
const tagParams = objectOf({ tags: nonEmptyListOf(idSchema, tagsMax) })
const eventSchema = z.discriminatedUnion(
  'type',
  [
    objectOf({ type: z.literal('route'), params: routeSchema }),
    objectOf({ type: z.literal('prioritize'), params: prioritizeParams }),
    objectOf({ type: z.literal('tag'), params: tagParams }),
  ],
  { error: '"route", "prioritize" or "tag"' },
)

function workflowSchemaWith(conditions: z.ZodMiniType) {
  const fields = {
    name: idSchema,
    priority: z.optional(wholeNumber(1, priorityMax)),
    conditions,
    event: eventSchema,
  }
  return objectOf(fields, 'an object with name, conditions, event') as unknown as z.ZodMiniType<Workflow>
}

/** A whole workflow, for the JSON Schema. */
export const workflowSchema = workflowSchemaWith(conditionSchema)

/** Leaves the conditions to `checkConditions`, which goes through them without recursion. */
const parsedWorkflowSchema = workflowSchemaWith(z.unknown() as unknown as z.ZodMiniType)

/**
 * Parses conditions by name, which may refer to each other but never in a circle.
 * @throws InvalidInputError with every problem found.
 */
export function parseConditions(value: unknown, options: ParseWorkflowsOptions = {}): NamedConditions {
  const { path = ['conditions'] } = options
  return parseOrThrow((issues) => {
    const expected = 'an object of conditions by name'
    if (!isRecord(value)) return refuse(issues, issueOf(path, expected, value))
    const copy = copyJson(value, { path, issues, limits: jsonLimits }) as Record<string, Conditions> | undefined
    if (copy === undefined || issues.length > 0) return undefined
    const vocabulary = vocabularyOf({ ...options, conditions: copy })
    for (const [name, one] of Object.entries(copy)) {
      checkConditions(one, { path: [...path, name], issues, vocabulary, name })
    }
    return copy
  })
}
