import type * as z from 'zod/mini'
import { type InputIssue, InvalidInputError, type RouteInput, type Target } from '../core'
import { jsonCopy } from './json-copy'
import { parsed } from './parsed'
import { type Path, type Place, pathTo } from './place'
import { routeSchema, targetSchema } from './route-schema'
import { routingLimits } from './routing-limits'

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
  readonly check: (value: Value, place: Place, issues: InputIssue[]) => void
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
export function checkRoute(route: RouteInput, place: Place, issues: InputIssue[]): void {
  if (!('steps' in route)) return checkTarget(route.to, { within: place, key: 'to' }, issues)
  let earliest = 0
  for (const [index, { to, afterMs = 0 }] of route.steps.entries()) {
    const within = { within: place, key: 'steps', index }
    checkTarget(to, { within, key: 'to' }, issues)
    const expected = index === 0 ? '0 for the first step' : `at least the ${earliest} of the step before`
    if (index === 0 ? afterMs !== 0 : afterMs < earliest) {
      issues.push({ path: pathTo(within, 'afterMs'), expected, got: String(afterMs) })
    }
    earliest = Math.max(earliest, afterMs)
  }
}

export function checkTarget(target: Target, place: Place, issues: InputIssue[]): void {
  const { targetLevelsMax } = routingLimits
  let inside: Target | undefined = target
  for (let level = 0; inside !== undefined; level += 1) {
    if (level >= targetLevelsMax) {
      issues.push({ path: pathTo(place), expected: `at most ${targetLevelsMax} levels of not`, got: 'more' })
      return
    }
    inside = inside === 'everyone' ? undefined : inside.not
  }
}
