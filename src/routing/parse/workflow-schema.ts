import * as z from 'zod/mini'
import type { Json } from '../../core'
import { routingLimits } from '../routing-limits'
import { shiftSchema } from '../shifts/parse-shifts'
import type { Condition, FactCondition, Workflow } from '../workflow/workflow'
import { routeSchema, targetSchema } from './parse-route'
import { idSchema, listOf, nonEmptyListOf, wholeNumber } from './schema-parts'

const jsonValueSchema = z.unknown() as unknown as z.ZodMiniType<Json>
const parametersSchema = z.record(z.string(), jsonValueSchema, { error: 'an object of JSON values' })
const factPathSchema = z.string({ error: 'a path such as "plan.name" or "items[0]"' })
const nameAndPriority = { name: z.optional(idSchema), priority: z.optional(wholeNumber(1, routingLimits.priorityMax)) }

/** Named so that what is generated from it can say which keys go together. */
export const conditionSchema: z.ZodMiniType<Condition> = z.strictObject(
  {
    all: z.optional(z.lazy(() => conditionListSchema)),
    any: z.optional(z.lazy(() => conditionListSchema)),
    not: z.optional(z.lazy((): z.ZodMiniType<Condition> => conditionSchema)),
    condition: z.optional(idSchema),
    fact: z.optional(idSchema),
    operator: z.optional(z.string({ error: 'the name of an operator' })),
    value: z.optional(jsonValueSchema),
    path: z.optional(factPathSchema),
    params: z.optional(parametersSchema),
    ...nameAndPriority,
  },
  { error: 'a condition: an object with all, any, not or condition, or with fact, operator and value' },
) as unknown as z.ZodMiniType<Condition>

const conditionListSchema: z.ZodMiniType<readonly Condition[]> = nonEmptyListOf(
  conditionSchema,
  routingLimits.conditionsMax,
)

/** `{fact, path?, params?}` as a right-hand side. */
export const factReferenceSchema: z.ZodMiniType<Pick<FactCondition, 'fact' | 'path' | 'params'>> = z.strictObject(
  { fact: idSchema, path: z.optional(factPathSchema), params: z.optional(parametersSchema) },
  { error: 'a fact: an object with fact, path, params' },
) as z.ZodMiniType<Pick<FactCondition, 'fact' | 'path' | 'params'>>

const routeEventSchema = z.strictObject({ type: z.literal('route'), params: routeSchema })
const prioritizeEventSchema = z.strictObject({
  type: z.literal('prioritize'),
  params: z.strictObject(
    { priority: wholeNumber(-routingLimits.priorityMax, routingLimits.priorityMax) },
    expectedObject('priority'),
  ),
})
const tagEventSchema = z.strictObject({
  type: z.literal('tag'),
  params: z.strictObject({ tags: nonEmptyListOf(idSchema, routingLimits.tagsMax) }, expectedObject('tags')),
})

export const workflowSchema: z.ZodMiniType<Workflow> = z.strictObject(
  {
    name: idSchema,
    priority: z.optional(wholeNumber(1, routingLimits.priorityMax)),
    conditions: conditionSchema,
    event: z.discriminatedUnion('type', [routeEventSchema, prioritizeEventSchema, tagEventSchema], {
      error: '"route", "prioritize" or "tag"',
    }),
  },
  expectedObject('name, conditions, event'),
) as unknown as z.ZodMiniType<Workflow>

function expectedObject(keys: string) {
  return { error: `an object with ${keys}` }
}

/** A JSON Schema, draft 2020-12, as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>

/**
 * JSON Schemas for editors, made of what the parsers themselves check by. Rules across several keys are told by the
 * parsers only.
 */
export function jsonSchemas(): Readonly<
  Record<'workflows' | 'conditions' | 'route' | 'target' | 'shifts', JsonSchema>
> {
  return {
    workflows: toJsonSchema(listOf(workflowSchema, routingLimits.workflowsMax)),
    conditions: toJsonSchema(conditionsSchema),
    route: toJsonSchema(routeSchema),
    target: toJsonSchema(targetSchema),
    shifts: toJsonSchema(listOf(shiftSchema, routingLimits.shiftsMax)),
  }
}

const conditionsSchema = z.record(z.string(), conditionSchema)

/** Which keys of a condition go together; the parser counts them itself, to tell more than a schema can. */
const conditionShapes = [['all'], ['any'], ['not'], ['condition'], ['fact', 'operator', 'value']]

function toJsonSchema(schema: z.ZodMiniType): JsonSchema {
  const made = z.toJSONSchema(schema, {
    override: ({ zodSchema, jsonSchema }) => {
      if (Object.is(zodSchema, conditionSchema)) jsonSchema.oneOf = conditionShapes.map((required) => ({ required }))
      if (Object.is(zodSchema, workflowSchema)) refuseLeafAt(jsonSchema.properties ?? {}, 'conditions')
      if (Object.is(zodSchema, conditionsSchema)) refuseLeafAt(jsonSchema, 'additionalProperties')
      if (requiresAnyKey(zodSchema)) jsonSchema.minProperties = 1
    },
  })
  return JSON.parse(JSON.stringify(made)) as JsonSchema
}

/** json-rules-engine wants a group or a named condition at the root. */
function refuseLeafAt(parent: object, key: string): void {
  const root: unknown = Reflect.get(parent, key)
  if (typeof root === 'object') Reflect.set(parent, key, { ...root, not: { required: ['fact'] } })
}

/** Targets and skills: what is checked of an object as a whole is that there is something in it. */
function requiresAnyKey(schema: z.core.$ZodTypes): boolean {
  const { def } = schema._zod
  const isObject = def.type === 'object' || def.type === 'record'
  return isObject && (def.checks ?? []).some((check) => check._zod.def.check === 'custom')
}
