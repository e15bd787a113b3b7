import * as z from 'zod/mini'
import type { Order, RouteInput, Target } from '../../core'
import { type InputIssue, InvalidInputError } from '../../core'
import { routingLimits } from '../routing-limits'
import { type InputPath, type IssuePath, toInputPath } from './issue-path'
import { copyJson } from './json-copy'
import { durationSchema, idSchema, nonEmptyListOf, oneOrManyIds, wholeNumber } from './schema-parts'
import { parseWithSchema } from './zod-issues'

/**
 * A route as a host writes it: a copy.
 * @throws InvalidInputError with every problem found.
 */
export function parseRoute(value: unknown, path: InputPath = ['route']): RouteInput {
  return parseCopy(routeSchema, value, { path, check: checkRoute })
}

/**
 * A target as a host writes it: a copy.
 * @throws InvalidInputError with every problem found.
 */
export function parseTarget(value: unknown, path: InputPath = ['target']): Target {
  return parseCopy(targetSchema, value, { path, check: checkTarget })
}

interface ParseSpecification<Value> {
  readonly path: InputPath
  readonly check: (value: Value, place: IssuePath, issues: InputIssue[]) => void
}

function parseCopy<Value>(
  schema: z.ZodMiniType<Value>,
  value: unknown,
  { path, check }: ParseSpecification<Value>,
): Value {
  const issues: InputIssue[] = []
  const copy = copyJson(value, path, issues)
  const found = copy === undefined ? undefined : parseWithSchema(schema, copy, { path, issues })
  if (found !== undefined) check(found, path, issues)
  if (found === undefined || issues.length > 0) throw new InvalidInputError(issues)
  return found
}

/** What no schema says: the first step starts at once, the others in order of time, and no target nests too deep. */
export function checkRoute(route: RouteInput, place: IssuePath, issues: InputIssue[]): void {
  if (!('steps' in route)) return checkTarget(route.to, { parent: place, key: 'to' }, issues)
  let earliest = 0
  for (const [index, { to, afterMs = 0 }] of route.steps.entries()) {
    const parent = { parent: place, key: 'steps', index }
    checkTarget(to, { parent: parent, key: 'to' }, issues)
    const expected = index === 0 ? '0 for the first step' : `at least the ${earliest} of the step before`
    if (index === 0 ? afterMs !== 0 : afterMs < earliest) {
      issues.push({ path: toInputPath(parent, 'afterMs'), expected, got: String(afterMs) })
    }
    earliest = Math.max(earliest, afterMs)
  }
}

export function checkTarget(target: Target, place: IssuePath, issues: InputIssue[]): void {
  const { targetLevelsMax } = routingLimits
  let inside: Target | undefined = target
  for (let level = 0; inside !== undefined; level += 1) {
    if (level >= targetLevelsMax) {
      issues.push({ path: toInputPath(place), expected: `at most ${targetLevelsMax} levels of not`, got: 'more' })
      return
    }
    inside = inside === 'everyone' ? undefined : inside.not
  }
}

const skillsSchema = z
  .record(idSchema, wholeNumber(0, 100), { error: 'an object of skill levels' })
  .check(z.refine((levels) => Object.keys(levels).length > 0, { error: 'at least one skill' }))

const targetObject = z
  .strictObject(
    {
      staff: z.optional(oneOrManyIds),
      team: z.optional(oneOrManyIds),
      shift: z.optional(oneOrManyIds),
      skills: z.optional(skillsSchema),
      not: z.optional(z.lazy((): z.ZodMiniType<Target> => targetSchema)),
    },
    { error: '"everyone" or an object' },
  )
  .check(
    z.refine((parts) => Object.keys(parts).length > 0, {
      error: '"everyone", or at least one of staff, team, shift, skills, not',
    }),
  )

/** Whom a step is for. */
export const targetSchema: z.ZodMiniType<Target> = z.union([z.literal('everyone'), targetObject], {
  error: '"everyone" or an object with staff, team, shift, skills or not',
}) as z.ZodMiniType<Target>

const orderNames = ['longest-idle', 'round-robin', 'least-loaded', 'best-skilled', 'listed', 'random'] as const
const orderSchema: z.ZodMiniType<Order> = z.enum(orderNames, { error: `one of ${orderNames.join(', ')}` })

const selectiveRing = z.strictObject(
  {
    concurrentOffers: z.optional(wholeNumber(1, 1_000)),
    order: orderSchema,
    offerTimeoutMs: z.optional(durationSchema(1)),
  },
  { error: '"all" or an object' },
)

const ringOptions = {
  ring: z.optional(
    z.union([z.literal('all'), selectiveRing], {
      error: '"all" or an object with concurrentOffers, order, offerTimeoutMs',
    }),
  ),
  tone: z.optional(idSchema),
}

const singleStepRoute = z.strictObject({ to: targetSchema, ...ringOptions }, { error: 'an object with to or steps' })

const stepSchema = z.strictObject(
  {
    to: targetSchema,
    afterMs: z.optional(durationSchema(0)),
    mode: z.optional(z.enum(['widen', 'replace'], { error: '"widen" or "replace"' })),
    skipWhen: z.optional(z.enum(['nobody-present', 'never'], { error: '"nobody-present" or "never"' })),
    ...ringOptions,
  },
  { error: 'an object with to' },
)

const multiStepRoute = z.strictObject(
  {
    steps: nonEmptyListOf(stepSchema, routingLimits.stepsMax),
    whenExhausted: z.optional(z.enum(['everyone', 'hold'], { error: '"everyone" or "hold"' })),
  },
  { error: 'an object with to or steps' },
)

/** `{to, ring?, tone?}`, or `{steps, whenExhausted?}`. */
export const routeSchema: z.ZodMiniType<RouteInput> = z.union([singleStepRoute, multiStepRoute], {
  error: 'a route: an object with to, or with steps',
}) as z.ZodMiniType<RouteInput>
