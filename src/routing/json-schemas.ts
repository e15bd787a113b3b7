import * as z from 'zod/mini'
import { routeSchema, targetSchema } from './route-schema'
import { routingLimits } from './routing-limits'
import { listOf } from './schema-parts'
import { shiftSchema } from './shift-schema'
import { conditionSchema, workflowSchema } from './workflow-schema'

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
    workflows: schemaOf(listOf(workflowSchema, routingLimits.workflowsMax)),
    conditions: schemaOf(conditionsSchema),
    route: schemaOf(routeSchema),
    target: schemaOf(targetSchema),
    shifts: schemaOf(listOf(shiftSchema, routingLimits.shiftsMax)),
  }
}

const conditionsSchema = z.record(z.string(), conditionSchema)

/** Which keys of a condition go together; the parser counts them itself, to tell more than a schema can. */
const conditionShapes = [['all'], ['any'], ['not'], ['condition'], ['fact', 'operator', 'value']]

function schemaOf(schema: z.ZodMiniType): JsonSchema {
  const made = z.toJSONSchema(schema, {
    override: ({ zodSchema, jsonSchema }) => {
      if (Object.is(zodSchema, conditionSchema)) jsonSchema.oneOf = conditionShapes.map((required) => ({ required }))
      if (Object.is(zodSchema, workflowSchema)) refuseLeafAt(jsonSchema.properties ?? {}, 'conditions')
      if (Object.is(zodSchema, conditionsSchema)) refuseLeafAt(jsonSchema, 'additionalProperties')
      if (needsAKey(zodSchema)) jsonSchema.minProperties = 1
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
function needsAKey(schema: z.core.$ZodTypes): boolean {
  const { def } = schema._zod
  const isObject = def.type === 'object' || def.type === 'record'
  return isObject && (def.checks ?? []).some((check) => check._zod.def.check === 'custom')
}
