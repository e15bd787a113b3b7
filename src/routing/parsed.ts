import type * as z from 'zod/mini'
import type { InputIssue, Json } from '../core'
import { shown } from './shown'

type Path = readonly (string | number)[]
type Issue = z.core.$ZodIssue

/**
 * Reads a JSON copy by a schema; says what is wrong in `issues`, each with its path and what came, and returns
 * `undefined`.
 */
export function parsed<Value>(
  schema: z.ZodMiniType<Value>,
  copy: Json,
  { path, issues }: { readonly path: Path; readonly issues: InputIssue[] },
): Value | undefined {
  const result = schema.safeParse(copy)
  if (result.success) return result.data
  for (const issue of result.error.issues) tell(issue, { value: copy, path, issues })
  return undefined
}

interface Place {
  readonly value: unknown
  readonly path: Path
  readonly issues: InputIssue[]
}

function tell(issue: Issue, { value, path, issues }: Place): void {
  const inside = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
  const place = { value: inside.reduce(partOf, value), path: [...path, ...inside], issues }
  if (issue.code === 'unrecognized_keys') return tellKeys(issue.keys, place)
  if (issue.code === 'invalid_union') return tellUnion(issue, place)
  if (issue.code === 'invalid_key') return void issues.push({ ...place, expected: 'a shorter name', got: 'this one' })
  issues.push({ path: place.path, expected: issue.message, got: shown(place.value) })
}

function tellKeys(keys: readonly string[], { path, issues }: Place): void {
  for (const key of keys.slice(0, 50)) {
    issues.push({ path: [...path, key], expected: 'no such key', got: 'an unknown key' })
  }
}

/** Of several shapes the one that was meant is told: the kind of value fits, and fewest keys are unknown or missing. */
function tellUnion(issue: Extract<Issue, { code: 'invalid_union' }>, place: Place): void {
  const fitting = issue.errors.filter((branch) => !branch.some(isWrongKind))
  const [meant] = fitting.sort((one, other) => strangeness(one) - strangeness(other))
  if (meant === undefined) {
    place.issues.push({ path: place.path, expected: issue.message, got: shown(place.value) })
  } else {
    for (const inner of meant) tell(inner, place)
  }
}

function isWrongKind({ code, path }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')
}

function strangeness(branch: readonly Issue[]): number {
  return branch.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0) return sum + issue.keys.length * 2
    return sum + (issue.path.length === 1 ? 1 : 0)
  }, 0)
}

function partOf(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}
