import * as z from 'zod/mini'
import { routeSchema, targetSchema } from './route-schema'
import { shiftSchema } from './shift-schema'
import { conditionSchema, workflowSchema } from './workflow-schema'

/** A JSON Schema, draft 2020-12, as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>

/**
 * JSON Schemas for editors, made of what the parsers themselves check by. Rules across several keys are told by the
 * parsers only.
 */
export function jsonSchemas(): Readonly<Record<'workflows' | 'route' | 'target' | 'shifts', JsonSchema>> {
  return {
    workflows: schemaOf(z.array(workflowSchema)),
    route: schemaOf(routeSchema),
    target: schemaOf(targetSchema),
    shifts: schemaOf(z.array(shiftSchema)),
  }
}

/** Which keys of a condition go together; the parser counts them itself, to tell more than a schema can. */
const conditionShapes = [['all'], ['any'], ['not'], ['condition'], ['fact', 'operator', 'value']]

function schemaOf(schema: z.ZodMiniType): JsonSchema {
  const made = z.toJSONSchema(schema, {
    override: ({ zodSchema, jsonSchema }) => {
      if (Object.is(zodSchema, conditionSchema)) jsonSchema.oneOf = conditionShapes.map((required) => ({ required }))
    },
  })
  return JSON.parse(JSON.stringify(made)) as JsonSchema
}
