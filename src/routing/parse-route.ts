import type * as z from 'zod/mini'
import { type InputIssue, InvalidInputError, type RouteInput, type Target } from '../core'
import { jsonCopy } from './json-copy'
import { parsed } from './parsed'
import { routeSchema, targetSchema } from './route-schema'
import { routingLimits } from './routing-limits'

export type Path = readonly (string | number)[]

/**
 * A route as a host writes it: a copy.
 * @throws InvalidInputError with every problem found.
 */
export function parseRoute(value: unknown, path: Path = ['route']): RouteInput {
  return parseBy(routeSchema, value, { path, check: checkRoute })
}

/**
 * A target as a host writes it: a copy.
 * @throws InvalidInputError with every problem found.
 */
export function parseTarget(value: unknown, path: Path = ['target']): Target {
  return parseBy(targetSchema, value, { path, check: checkTarget })
}

interface Parsing<Value> {
  readonly path: Path
  readonly check: (value: Value, path: Path, issues: InputIssue[]) => void
}

function parseBy<Value>(schema: z.ZodMiniType<Value>, value: unknown, { path, check }: Parsing<Value>): Value {
  const issues: InputIssue[] = []
  const copy = jsonCopy(value, path, issues)
  const found = copy === undefined ? undefined : parsed(schema, copy, { path, issues })
  if (found !== undefined) check(found, path, issues)
  if (found === undefined || issues.length > 0) throw new InvalidInputError(issues)
  return found
}

/** What no schema says: the first step starts at once, the others in order of time, and no target nests too deep. */
export function checkRoute(route: RouteInput, path: Path, issues: InputIssue[]): void {
  if (!('steps' in route)) return checkTarget(route.to, [...path, 'to'], issues)
  let earliest = 0
  for (const [index, { to, afterMs = 0 }] of route.steps.entries()) {
    const place = [...path, 'steps', index]
    checkTarget(to, [...place, 'to'], issues)
    const expected = index === 0 ? '0 for the first step' : `at least the ${earliest} of the step before`
    if (index === 0 ? afterMs !== 0 : afterMs < earliest) {
      issues.push({ path: [...place, 'afterMs'], expected, got: String(afterMs) })
    }
    earliest = Math.max(earliest, afterMs)
  }
}

export function checkTarget(target: Target, path: Path, issues: InputIssue[]): void {
  let inside: Target | undefined = target
  for (let level = 0; inside !== undefined; level += 1) {
    if (level >= routingLimits.targetLevelsMax) {
      issues.push({ path, expected: `at most ${routingLimits.targetLevelsMax} levels of not`, got: 'more' })
      return
    }
    inside = inside === 'everyone' ? undefined : inside.not
  }
}
