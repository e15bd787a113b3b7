import { durationSchema, type JsonSchema, toJsonSchema } from '../../input'
import { jsonSchemas } from '../../routing'
import { metricsSchema } from './desk-options'
import { commandsSchema } from './parse-command'
import { policySchema, rosterSchema } from './parse-staff'

/** Names of the files in `schemas/`, without their ending. */
export type SchemaName = keyof ReturnType<typeof jsonSchemas> | 'staff' | 'policy' | 'commands' | 'desk' | 'rules'

/**
 * Returns JSON Schemas, draft 2020-12, of the files of a host and of the commands, derived from the schemas that parse
 * them. Rules across several values (no doubled names, known operators, order of steps) are checked by the parsers
 * only.
 */
export function createDeskSchemas(): Readonly<Record<SchemaName, JsonSchema>> {
  const { workflows, conditions, route, target, shifts } = jsonSchemas()
  return {
    workflows: withTitle('Workflows of frontbell', workflows),
    conditions: withTitle('Conditions by name, for workflows of frontbell', conditions),
    route: withTitle('A route of frontbell', route),
    target: withTitle('A target of frontbell', target),
    shifts: withTitle('Shifts of frontbell', shifts),
    staff: withTitle('The roster of a desk of frontbell', toJsonSchema(rosterSchema)),
    policy: withTitle('The policy of a desk of frontbell', toJsonSchema(policySchema)),
    commands: withTitle('A command, as desk.execute takes it', toJsonSchema(commandsSchema)),
    desk: withTitle('What openDesk takes, as far as JSON can say it', objectSchema(deskProperties())),
    rules: withTitle('A file of rules for the program frontbell', objectSchema(ruleFileProperties())),
  }
}

function deskProperties(): Record<string, JsonSchema> {
  const routing = {
    facts: { type: 'object' },
    conditions: schemaReference('conditions'),
    defaultRoute: schemaReference('route'),
    factTimeoutMs: toJsonSchema(durationSchema(1)),
  }
  return {
    ...sharedProperties(),
    initial: objectSchema(sharedProperties()),
    routing: objectSchema(routing),
    metrics: toJsonSchema(metricsSchema),
  }
}

/** Each part is given itself, or as a text: the name of the file that holds it. */
function ruleFileProperties(): Record<string, JsonSchema> {
  const all = {
    ...sharedProperties(),
    conditions: schemaReference('conditions'),
    defaultRoute: schemaReference('route'),
  }
  const orFile = (schema: JsonSchema) => ({ anyOf: [schema, { type: 'string' }] })
  return Object.fromEntries(Object.entries(all).map(([name, schema]) => [name, orFile(schema)]))
}

function sharedProperties(): Record<string, JsonSchema> {
  return {
    staff: schemaReference('staff'),
    shifts: schemaReference('shifts'),
    workflows: schemaReference('workflows'),
    policy: schemaReference('policy'),
  }
}

/** Returns a reference to a file in the same folder. */
function schemaReference(name: SchemaName): JsonSchema {
  return { $ref: `${name}.json` }
}

function objectSchema(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', properties, additionalProperties: false }
}

function withTitle(title: string, schema: JsonSchema): JsonSchema {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...schema }
}
