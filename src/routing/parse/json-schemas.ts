import * as z from 'zod/mini'
import { type JsonSchema, listOf, toJsonSchema } from '../../input'
import { routingLimits } from '../routing-limits'
import { shiftSchema } from '../shifts/parse-shifts'
import { conditionSchema } from './check-conditions'
import { routeSchema, targetSchema } from './parse-route'
import { workflowSchema } from './parse-workflows'

/**
 * JSON Schemas for editors, made of the schemas that parse. Rules across several keys are checked by the parsers only.
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

/** Which keys of a condition go together; the parser counts them itself, to say more than a schema can. */
const conditionShapes = [['all'], ['any'], ['not'], ['condition'], ['fact', 'operator', 'value']]

function schemaOf(schema: z.ZodMiniType): JsonSchema {
  return toJsonSchema(schema, ({ zodSchema, jsonSchema }) => {
    if (Object.is(zodSchema, conditionSchema)) jsonSchema.oneOf = conditionShapes.map((required) => ({ required }))
    if (Object.is(zodSchema, workflowSchema)) refuseLeafAt(jsonSchema.properties ?? {}, 'conditions')
    if (Object.is(zodSchema, conditionsSchema)) refuseLeafAt(jsonSchema, 'additionalProperties')
    if (requiresAnyKey(zodSchema)) jsonSchema.minProperties = 1
  })
}

/** json-rules-engine requires a group or a named condition at the root. */
function refuseLeafAt(parent: object, key: string): void {
  const root: unknown = Reflect.get(parent, key)
  if (typeof root === 'object') Reflect.set(parent, key, { ...root, not: { required: ['fact'] } })
}

/** Targets and skills: what is checked of such an object as a whole is that it has a key. */
function requiresAnyKey(schema: z.core.$ZodTypes): boolean {
  const { def } = schema._zod
  const isObject = def.type === 'object' || def.type === 'record'
  return isObject && (def.checks ?? []).some((check) => check._zod.def.check === 'custom')
}
