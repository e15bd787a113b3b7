import * as z from 'zod/mini'
import type { Json, RouteInput, Target } from '../../core'
import {
  durationSchema,
  type InputPath,
  idSchema,
  isRecord,
  nonEmptyListOf,
  objectOf,
  oneOf,
  type ParseContext,
  parseJson,
  parseOrThrow,
  wholeNumber,
} from '../../input'
import { jsonLimits, routingLimits } from '../routing-limits'

/**
 * Parses a route as a host writes it: a copy.
 * @throws InvalidInputError with every problem found.
 */
export function parseRoute(value: unknown, path: InputPath = ['route']): RouteInput {
  return parseOrThrow((issues) =>
    parseJson(routeSchema, value, { path, issues, limits: jsonLimits, check: checkRoute }),
  )
}

/**
 * Parses a target as a host writes it: a copy.
 * @throws InvalidInputError with every problem found.
 */
export function parseTarget(value: unknown, path: InputPath = ['target']): Target {
  return parseOrThrow((issues) =>
    parseJson(targetSchema, value, { path, issues, limits: jsonLimits, check: checkTarget }),
  )
}

const oneOrManyIds = z.union([idSchema, nonEmptyListOf(idSchema, routingLimits.idsMax)], {
  error: 'an id or a list of ids',
})

const skillsSchema = z
  .record(idSchema, wholeNumber(0, 100), { error: 'an object of skill levels' })
  .check(z.refine((levels) => Object.keys(levels).length > 0, { error: 'at least one skill' }))

const targetObject = objectOf(
  {
    staff: z.optional(oneOrManyIds),
    team: z.optional(oneOrManyIds),
    shift: z.optional(oneOrManyIds),
    skills: z.optional(skillsSchema),
    not: z.optional(z.lazy((): z.ZodMiniType<Target> => targetSchema)),
  },
  '"everyone" or an object',
).check(
  z.refine((parts) => Object.keys(parts).length > 0, {
    error: '"everyone", or at least one of staff, team, shift, skills, not',
  }),
)

/** Whom a step is for. */
export const targetSchema: z.ZodMiniType<Target> = z.union([z.literal('everyone'), targetObject], {
  error: '"everyone" or an object with staff, team, shift, skills or not',
}) as z.ZodMiniType<Target>

const selectiveRing = objectOf(
  {
    concurrentOffers: z.optional(wholeNumber(1, 1_000)),
    order: oneOf('longest-idle', 'round-robin', 'least-loaded', 'best-skilled', 'listed', 'random'),
    offerTimeoutMs: z.optional(durationSchema(1)),
  },
  '"all" or an object with order',
)

const ringOptions = {
  ring: z.optional(z.union([z.literal('all'), selectiveRing], { error: '"all" or an object with order' })),
  tone: z.optional(idSchema),
}

const stepSchema = objectOf({
  to: targetSchema,
  afterMs: z.optional(durationSchema(0)),
  mode: z.optional(oneOf('widen', 'replace')),
  skipWhen: z.optional(oneOf('nobody-present', 'nobody-free', 'never')),
  ...ringOptions,
})

const whenExhausted = z.optional(oneOf('everyone', 'hold'))
const singleStepRoute = objectOf({ to: targetSchema, ...ringOptions, whenExhausted }, 'an object with to or steps')
const multiStepRoute = objectOf(
  {
    steps: nonEmptyListOf(stepSchema, routingLimits.stepsMax),
    whenExhausted,
  },
  'an object with to or steps',
)

/** `{to, ring?, tone?, whenExhausted?}`, or `{steps, whenExhausted?}`. */
export const routeSchema: z.ZodMiniType<RouteInput> = z.union([singleStepRoute, multiStepRoute], {
  error: 'a route: an object with to, or with steps',
}) as z.ZodMiniType<RouteInput>

/**
 * Checks what no schema says, also of a route that is wrong elsewhere: the first step starts at once, the others follow
 * in order of time, and no target nests too deep.
 */
export function checkRoute(route: Json, { path, issues }: ParseContext): void {
  if (!isRecord(route)) return
  checkTarget(route.to, { path: [...path, 'to'], issues })
  let earliestMs = 0
  for (const [index, step] of (Array.isArray(route.steps) ? route.steps : []).entries()) {
    if (!isRecord(step)) continue
    const place = [...path, 'steps', index]
    checkTarget(step.to, { path: [...place, 'to'], issues })
    const { afterMs = 0 } = step
    if (typeof afterMs !== 'number') continue
    const expected = index === 0 ? '0 for the first step' : `at least the ${earliestMs} of the step before`
    const isInOrder = index === 0 ? afterMs === 0 : afterMs >= earliestMs
    if (!isInOrder && afterMs >= 0) issues.push({ path: [...place, 'afterMs'], expected, got: String(afterMs) })
    earliestMs = Math.max(earliestMs, afterMs)
  }
}

export function checkTarget(target: unknown, { path, issues }: ParseContext): void {
  const { targetLevelsMax } = routingLimits
  let inner = target
  for (let level = 1; isRecord(inner); level += 1) {
    inner = inner.not
    if (level < targetLevelsMax || inner === undefined) continue
    issues.push({ path, expected: `at most ${targetLevelsMax} levels of not`, got: 'more' })
    return
  }
}
