import { type InputIssue, InvalidInputError, type Json } from '../../core'
import { routingLimits } from '../routing-limits'
import type { Conditions, NamedConditions, Workflow } from '../workflow/workflow'
import { checkConditions, type Vocabulary } from './check-conditions'
import type { InputPath } from './issue-path'
import { describeReceived } from './issue-path'
import { copyJson } from './json-copy'
import { checkRoute } from './parse-route'
import { createReader, notReadable } from './schema-reader'
import { conditionSchema, workflowSchema } from './workflow-schema'
import { parseWithSchema } from './zod-issues'

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
 * Workflows as an administrator wrote them: copies that share nothing with the input. No two have the same name.
 * @throws InvalidInputError with every problem found, up to 1000.
 */
export function parseWorkflows(value: unknown, options: ParseWorkflowsOptions = {}): Workflow[] {
  const { path = ['workflows'] } = options
  const { workflowsMax } = routingLimits
  if (!Array.isArray(value) || value.length > workflowsMax) {
    const expected = `a list of at most ${workflowsMax} workflows`
    throw new InvalidInputError([{ path, expected, got: describeReceived(value) }])
  }
  const issues: InputIssue[] = []
  const checking = { vocabulary: vocabularyOf(options), issues }
  // Unlike `map` this sees the holes of a list, which are no workflows.
  const workflows = Array.from(value, (one: unknown, index) => parseWorkflow(one, [...path, index], checking))
  refuseDuplicateNames(workflows, path, issues)
  if (issues.length > 0) throw new InvalidInputError(issues.slice(0, routingLimits.issuesMax))
  return workflows.filter((workflow) => workflow !== undefined)
}

export function vocabularyOf({ conditions = {}, operators, decorators }: ParseWorkflowsOptions): Vocabulary {
  return { conditions, names: { operators: new Set(operators), decorators: new Set(decorators) } }
}

interface ParseContext {
  readonly vocabulary: Vocabulary
  readonly issues: InputIssue[]
}

export function parseWorkflow(
  value: unknown,
  path: InputPath,
  { vocabulary, issues }: ParseContext,
): Workflow | undefined {
  if (issues.length >= routingLimits.issuesMax) return undefined
  const read = readValidWorkflow(value)
  if (read === notReadable) return parseWithIssues(value, path, { vocabulary, issues })
  checkWorkflow(read, path, { vocabulary, issues })
  return read
}

/** What no schema says. */
function checkWorkflow({ conditions, event }: Workflow, path: InputPath, { vocabulary, issues }: ParseContext): void {
  checkConditions(conditions, { parent: path, key: 'conditions' }, { vocabulary, issues })
  const parent = { parent: path, key: 'event' }
  if (event.type === 'route') checkRoute(event.params, { parent: parent, key: 'params' }, issues)
}

const readValidWorkflow = createReader(workflowSchema)

/** What is wrong, strange or large: every problem is told, with its path. */
function parseWithIssues(value: unknown, path: InputPath, { vocabulary, issues }: ParseContext): Workflow | undefined {
  const known = issues.length
  const copy = copyJson(value, path, issues)
  const workflow = copy === undefined ? undefined : parseWithSchema(workflowSchema, copy, { path, issues })
  if (workflow !== undefined) checkWorkflow(workflow, path, { vocabulary, issues })
  else {
    const isSound = !issues.slice(known).some((issue) => issue.path[path.length] === 'conditions')
    const conditions = isSound ? conditionsInCopy(copy) : undefined
    const place = { parent: path, key: 'conditions' }
    if (conditions !== undefined) checkConditions(conditions, place, { vocabulary, issues })
  }
  return workflow
}

/** The conditions of a workflow that is wrong elsewhere: their problems are told together with the others. */
function conditionsInCopy(copy: Json | undefined): Conditions | undefined {
  const part: unknown = typeof copy === 'object' && copy !== null ? Reflect.get(copy, 'conditions') : undefined
  return part === undefined ? undefined : (part as Conditions)
}

function refuseDuplicateNames(
  workflows: readonly (Workflow | undefined)[],
  path: InputPath,
  issues: InputIssue[],
): void {
  const seen = new Set<string>()
  for (const [index, workflow] of workflows.entries()) {
    if (workflow === undefined) continue
    if (seen.has(workflow.name)) {
      const expected = 'a name that no other workflow has'
      issues.push({ path: [...path, index, 'name'], expected, got: describeReceived(workflow.name) })
    }
    seen.add(workflow.name)
  }
}

/**
 * Conditions by name, which may refer to each other but never in a circle.
 * @throws InvalidInputError with every problem found.
 */
export function parseConditions(value: unknown, options: ParseWorkflowsOptions = {}): NamedConditions {
  const { path = ['conditions'] } = options
  const issues: InputIssue[] = []
  const copy = copyJson(value, path, issues)
  if (copy === undefined) throw new InvalidInputError(issues)
  if (typeof copy !== 'object' || copy === null || Array.isArray(copy)) {
    throw new InvalidInputError([{ path, expected: 'an object of conditions by name', got: describeReceived(value) }])
  }
  const named: Record<string, Conditions> = {}
  for (const [name, one] of Object.entries(copy)) {
    const condition = parseWithSchema(conditionSchema, one, { path: [...path, name], issues })
    if (condition !== undefined) named[name] = condition as Conditions
  }
  const vocabulary = vocabularyOf({ ...options, conditions: named })
  for (const [name, one] of Object.entries(named)) {
    checkConditions(one, { parent: path, key: name }, { vocabulary, issues })
  }
  if (issues.length > 0) throw new InvalidInputError(issues)
  return named
}
