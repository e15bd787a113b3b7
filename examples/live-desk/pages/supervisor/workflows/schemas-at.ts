import type { JsonPath } from './json-position'

export type Schema = Readonly<Record<string, unknown>>

/** Returns every schema for a value at this path: each branch of `anyOf` and `oneOf`, with references resolved. */
export function schemasAt(root: Schema, path: JsonPath): readonly Schema[] {
  return path.reduce<readonly Schema[]>(
    (schemas, step) => schemas.flatMap((schema) => inside(schema, step).flatMap((next) => branches(root, next))),
    branches(root, root),
  )
}

/** Returns the keys that an object may have, with their schemas. */
export function keysOf(schemas: readonly Schema[]): ReadonlyMap<string, Schema> {
  return new Map(schemas.flatMap(({ properties }) => (isSchema(properties) ? Object.entries(properties) : []))) as Map<
    string,
    Schema
  >
}

/** Returns the single values that the schemas list. */
export function wordsOf(schemas: readonly Schema[]): readonly unknown[] {
  return schemas.flatMap((schema) => {
    if ('const' in schema) return [schema.const]
    if (Array.isArray(schema.enum)) return schema.enum
    return schema.type === 'boolean' ? [true, false] : []
  })
}

function inside(schema: Schema, step: string | number): readonly Schema[] {
  if (typeof step === 'number') return isSchema(schema.items) ? [schema.items] : []
  const named = isSchema(schema.properties) ? schema.properties[step] : undefined
  return [named, schema.additionalProperties].filter(isSchema).slice(0, 1)
}

function branches(root: Schema, schema: Schema, depth = 0): readonly Schema[] {
  if (depth > 8) return []
  const { $ref } = schema
  if (typeof $ref === 'string') {
    const target = (root.$defs as Readonly<Record<string, Schema>> | undefined)?.[$ref.replace('#/$defs/', '')]
    return target === undefined ? [] : branches(root, target, depth + 1)
  }
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray) as readonly Schema[] | undefined
  const isShape = isSchema(schema.properties)
  if (choices === undefined || isShape) return [schema]
  return choices.flatMap((choice) => branches(root, choice, depth + 1))
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
