/** A JSON Schema, draft 2020-12. */
export type GuardSchema = Readonly<Record<string, unknown>>

const schemaByGuard = new WeakMap<object, () => GuardSchema>()

/** Says in JSON Schema what a guard takes. It is written down beside the guard, and read when somebody asks. */
export function withJsonSchema<Guard extends object>(guard: Guard, schema: () => GuardSchema): Guard {
  schemaByGuard.set(guard, schema)
  return guard
}

/** @throws Error for a guard that nobody has told anything about. */
export function schemaOf(guard: object): GuardSchema {
  const schema = schemaByGuard.get(guard)
  if (schema === undefined) throw new Error('this guard has no JSON Schema')
  return schema()
}
