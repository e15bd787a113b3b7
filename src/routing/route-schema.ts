import * as z from 'zod/mini'
import type { Order, RouteInput, Target } from '../core'
import { routingLimits } from './routing-limits'
import { durationMs, flag, id, oneOrSome, someOf, whole } from './schema-parts'

const skills = z
  .record(id, whole(0, 100), { error: 'an object of skill levels' })
  .check(z.refine((levels) => Object.keys(levels).length > 0, { error: 'at least one skill' }))

const targetParts = z
  .strictObject(
    {
      staff: z.optional(oneOrSome),
      team: z.optional(oneOrSome),
      shift: z.optional(oneOrSome),
      skills: z.optional(skills),
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
export const targetSchema: z.ZodMiniType<Target> = z.union([z.literal('everyone'), targetParts], {
  error: '"everyone" or an object with staff, team, shift, skills or not',
}) as z.ZodMiniType<Target>

const orders = ['longest-idle', 'round-robin', 'least-loaded', 'best-skilled', 'listed', 'random'] as const
const order: z.ZodMiniType<Order> = z.enum(orders, { error: `one of ${orders.join(', ')}` })

const selective = z.strictObject(
  { atOnce: z.optional(whole(1, 1_000)), order, eachMs: z.optional(durationMs(1)) },
  { error: '"all" or an object' },
)

const manner = {
  ring: z.optional(z.union([z.literal('all'), selective], { error: '"all" or an object with atOnce, order, eachMs' })),
  tone: z.optional(id),
}

const oneStep = z.strictObject({ to: targetSchema, ...manner }, { error: 'an object with to or steps' })

const step = z.strictObject(
  {
    to: targetSchema,
    afterMs: z.optional(durationMs(0)),
    add: z.optional(flag),
    skipIfNobody: z.optional(flag),
    ...manner,
  },
  { error: 'an object with to' },
)

const severalSteps = z.strictObject(
  {
    steps: someOf(step, routingLimits.stepsMax),
    whenExhausted: z.optional(z.enum(['everyone', 'hold'], { error: '"everyone" or "hold"' })),
  },
  { error: 'an object with to or steps' },
)

/** `{to, ring?, tone?}`, or `{steps, whenExhausted?}`. */
export const routeSchema: z.ZodMiniType<RouteInput> = z.union([oneStep, severalSteps], {
  error: 'a route: an object with to, or with steps',
}) as z.ZodMiniType<RouteInput>
