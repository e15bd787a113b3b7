import type * as z from 'zod/mini'
import type { InputIssue, Json } from '../../core'
import { describeReceived } from './issue-path'

type ValuePath = readonly (string | number)[]
type ZodIssue = z.core.$ZodIssue

/**
 * Reads a JSON copy by a schema; says what is wrong in `issues`, each with its path and what came, and returns
 * `undefined`.
 */
export function parseWithSchema<Value>(
  schema: z.ZodMiniType<Value>,
  copy: Json,
  { path, issues }: { readonly path: ValuePath; readonly issues: InputIssue[] },
): Value | undefined {
  const result = schema.safeParse(copy)
  if (result.success) return result.data
  for (const issue of result.error.issues) addIssue(issue, { value: copy, path, issues })
  return undefined
}

interface IssueContext {
  readonly value: unknown
  readonly path: ValuePath
  readonly issues: InputIssue[]
}

function addIssue(issue: ZodIssue, { value, path, issues }: IssueContext): void {
  const inside = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
  const place = { value: inside.reduce(childOf, value), path: [...path, ...inside], issues }
  if (issue.code === 'unrecognized_keys') return addUnknownKeyIssues(issue.keys, place)
  if (issue.code === 'invalid_union') return addUnionIssues(issue, place)
  if (issue.code === 'invalid_key') return void issues.push({ ...place, expected: 'a shorter name', got: 'this one' })
  issues.push({ path: place.path, expected: issue.message, got: describeReceived(place.value) })
}

function addUnknownKeyIssues(keys: readonly string[], { path, issues }: IssueContext): void {
  for (const key of keys.slice(0, 50)) {
    issues.push({ path: [...path, key], expected: 'no such key', got: 'an unknown key' })
  }
}

/** Of several shapes the one that was meant is told: the kind of value fits, and fewest keys are unknown or missing. */
function addUnionIssues(issue: Extract<ZodIssue, { code: 'invalid_union' }>, place: IssueContext): void {
  const fitting = issue.errors.filter((branch) => !branch.some(isWrongKind))
  const [meant] = fitting.sort((one, other) => mismatchScore(one) - mismatchScore(other))
  if (meant === undefined) {
    place.issues.push({ path: place.path, expected: issue.message, got: describeReceived(place.value) })
  } else {
    for (const inner of meant) addIssue(inner, place)
  }
}

function isWrongKind({ code, path }: ZodIssue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')
}

function mismatchScore(branch: readonly ZodIssue[]): number {
  return branch.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0) return sum + issue.keys.length * 2
    return sum + (issue.path.length === 1 ? 1 : 0)
  }, 0)
}

function childOf(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}
