import { jsonSchemas } from '../routing'
import { durationMs } from './guard'
import { type GuardSchema, schemaOf } from './guard-schema'
import { metricsShape } from './parse-options'
import { policyGuard } from './parse-policy'
import { rosterGuard } from './parse-staff'

/** Names of the files in `schemas/`, and what stands in them. */
export type SchemaName = 'workflows' | 'conditions' | 'route' | 'shifts' | 'staff' | 'policy' | 'desk' | 'rules'

/**
 * JSON Schemas, draft 2020-12, of all that a host may keep in files, made of the guards and schemas that parse it.
 * Rules across several values (no doubled names, known operators, order of steps) are told by the parsers only.
 */
export function deskSchemas(): Readonly<Record<SchemaName, GuardSchema>> {
  const { workflows, conditions, route, shifts } = jsonSchemas()
  return {
    workflows: titled('Workflows of frontbell', workflows),
    conditions: titled('Conditions by name, for workflows of frontbell', conditions),
    route: titled('A route of frontbell', route),
    shifts: titled('Shifts of frontbell', shifts),
    staff: titled('The roster of a desk of frontbell', schemaOf(rosterGuard)),
    policy: titled('The policy of a desk of frontbell', schemaOf(policyGuard)),
    desk: titled('What openDesk takes, as far as JSON can say it', objectOf(deskParts())),
    rules: titled('A file of rules for the program frontbell', objectOf(ruleParts())),
  }
}

function deskParts(): Record<string, GuardSchema> {
  const routing = {
    facts: { type: 'object' },
    conditions: file('conditions'),
    defaultRoute: file('route'),
    factTimeoutMs: schemaOf(durationMs(1)),
  }
  return { ...parts(), routing: objectOf(routing), metrics: schemaOf(metricsShape) }
}

/** A text in the place of a part names the file that holds it. */
function ruleParts(): Record<string, GuardSchema> {
  const all = { ...parts(), conditions: file('conditions'), defaultRoute: file('route') }
  const orFile = (schema: GuardSchema) => ({ anyOf: [schema, { type: 'string' }] })
  return Object.fromEntries(Object.entries(all).map(([name, schema]) => [name, orFile(schema)]))
}

function parts(): Record<string, GuardSchema> {
  return { staff: file('staff'), shifts: file('shifts'), workflows: file('workflows'), policy: file('policy') }
}

/** The file beside this one. */
function file(name: SchemaName): GuardSchema {
  return { $ref: `${name}.json` }
}

function objectOf(properties: Record<string, GuardSchema>): GuardSchema {
  return { type: 'object', properties, additionalProperties: false }
}

function titled(title: string, schema: GuardSchema): GuardSchema {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...schema }
}
