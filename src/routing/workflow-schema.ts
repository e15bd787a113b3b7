import * as z from 'zod/mini'
import type { Json } from '../core'
import type { Condition, FactCondition } from './condition'
import { routeSchema } from './route-schema'
import { routingLimits } from './routing-limits'
import { id, someOf, whole } from './schema-parts'
import type { Workflow } from './workflow'

const json = z.unknown() as unknown as z.ZodMiniType<Json>
const params = z.record(z.string(), json, { error: 'an object of JSON values' })
const pathText = z.string({ error: 'a path such as "plan.name" or "items[0]"' })
const described = { name: z.optional(id), priority: z.optional(whole(1, routingLimits.priorityMax)) }

/** Named so that what is generated from it can say which keys go together. */
export const conditionSchema: z.ZodMiniType<Condition> = z.strictObject(
  {
    all: z.optional(z.lazy(() => conditionList)),
    any: z.optional(z.lazy(() => conditionList)),
    not: z.optional(z.lazy((): z.ZodMiniType<Condition> => conditionSchema)),
    condition: z.optional(id),
    fact: z.optional(id),
    operator: z.optional(z.string({ error: 'the name of an operator' })),
    value: z.optional(json),
    path: z.optional(pathText),
    params: z.optional(params),
    ...described,
  },
  { error: 'a condition: an object with all, any, not or condition, or with fact, operator and value' },
) as unknown as z.ZodMiniType<Condition>

const conditionList: z.ZodMiniType<readonly Condition[]> = someOf(conditionSchema, routingLimits.conditionsMax)

/** `{fact, path?, params?}` as a right-hand side. */
export const factReferenceSchema: z.ZodMiniType<Pick<FactCondition, 'fact' | 'path' | 'params'>> = z.strictObject(
  { fact: id, path: z.optional(pathText), params: z.optional(params) },
  { error: 'a fact: an object with fact, path, params' },
) as z.ZodMiniType<Pick<FactCondition, 'fact' | 'path' | 'params'>>

const route = z.strictObject({ type: z.literal('route'), params: routeSchema })
const prioritize = z.strictObject({
  type: z.literal('prioritize'),
  params: z.strictObject(
    { priority: whole(-routingLimits.priorityMax, routingLimits.priorityMax) },
    objectWith('priority'),
  ),
})
const tag = z.strictObject({
  type: z.literal('tag'),
  params: z.strictObject({ tags: someOf(id, routingLimits.tagsMax) }, objectWith('tags')),
})

export const workflowSchema: z.ZodMiniType<Workflow> = z.strictObject(
  {
    name: id,
    priority: z.optional(whole(1, routingLimits.priorityMax)),
    conditions: conditionSchema,
    event: z.discriminatedUnion('type', [route, prioritize, tag], { error: '"route", "prioritize" or "tag"' }),
  },
  objectWith('name, conditions, event'),
) as unknown as z.ZodMiniType<Workflow>

function objectWith(keys: string) {
  return { error: `an object with ${keys}` }
}
