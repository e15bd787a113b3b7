import * as z from 'zod/mini'
import type { InputIssue } from '../core'
import { collectIssues, type ParseContext, parseJson } from './parse-input'

// The `error` of each schema is what was expected: the issue says `expected <error>, got <the value>`.

export const idLengthMax = 256
const textLengthMax = 1_024
/** 366 days: longer waits are mistakes of the unit. */
export const durationMsMax = 366 * 24 * 3_600_000

const idError = `text of 1 to ${idLengthMax} characters`
export const idSchema = z
  .string({ error: idError })
  .check(z.minLength(1, { error: idError }), z.maxLength(idLengthMax, { error: idError }))

const textError = `text of at most ${textLengthMax} characters`
export const textSchema = z.string({ error: textError }).check(z.maxLength(textLengthMax, { error: textError }))

export const booleanSchema = z.boolean({ error: 'true or false' })

/** A whole number within its bounds. */
export function wholeNumber(min: number, max: number, error = `a whole number, ${min} to ${max}`) {
  return z.number({ error }).check(z.int({ error }), z.minimum(min, { error }), z.maximum(max, { error }))
}

/** A duration. The upper bound refuses seconds and microseconds that were taken for milliseconds. */
export function durationSchema(min: number) {
  const error = `a whole number of milliseconds, ${min} or more`
  const tooLong = { error: 'at most 366 days of milliseconds' }
  return z.number({ error }).check(z.int({ error }), z.minimum(min, { error }), z.maximum(durationMsMax, tooLong))
}

export function oneOf<const Word extends string>(...words: readonly Word[]) {
  return z.enum(words, { error: formatWords(words) })
}

/** Formats words as `"a", "b" or "c"`. */
export function formatWords(words: readonly string[]): string {
  const quoted = words.map((word) => JSON.stringify(word))
  return [quoted.slice(0, -1).join(', '), ...quoted.slice(-1)].filter((part) => part !== '').join(' or ')
}

/** A list with at least one item. */
export function nonEmptyListOf<Item extends z.ZodMiniType>(item: Item, lengthMax: number) {
  const error = `a list of 1 to ${lengthMax}`
  return z.array(item, { error }).check(z.minLength(1, { error }), z.maxLength(lengthMax, { error }))
}

/** A list that may be empty. */
export function listOf<Item extends z.ZodMiniType>(item: Item, lengthMax: number) {
  const error = `a list of at most ${lengthMax}`
  return z.array(item, { error }).check(z.maxLength(lengthMax, { error }))
}

/** An object with these keys and no others. The error of an unknown key is the list of the known ones. */
export function objectOf<Shape extends z.core.$ZodLooseShape>(shape: Shape, what = describeShape(shape)) {
  const known = Object.keys(shape).join(', ')
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? known : what) })
}

function describeShape(shape: z.core.$ZodLooseShape): string {
  const required = Object.entries(shape).filter(([, part]) => part._zod.optin === undefined)
  return required.length === 0 ? 'an object' : `an object with ${required.map(([key]) => key).join(', ')}`
}

/** A key that may be left out, which means `null`; a `null` that is given is refused. */
export function nullByDefault<Schema extends z.ZodMiniType>(schema: Schema) {
  return z._default(schema as unknown as z.ZodMiniType<z.output<Schema> | null, z.input<Schema>>, null as never)
}

type Parse<Value> = (value: unknown, context: ParseContext) => Value

const describedBy = new WeakMap<object, () => JsonSchema>()

/** A value that a parser of its own reads, which may throw its issues, and the JSON Schema that describes it. */
export function parsedBy<Value, Input = Value>(
  parse: Parse<Value | undefined>,
  describe: () => JsonSchema = () => ({}),
): z.ZodMiniType<Value, Input> {
  const schema = z.pipe(
    z.unknown(),
    z.transform((value, payload) => {
      const issues: InputIssue[] = []
      const parsed = collectIssues(issues, () => parse(value, { path: [], issues }))
      for (const issue of issues) payload.issues.push(toZodIssue(issue, value))
      return parsed as Value
    }),
  ) as unknown as z.ZodMiniType<Value, Input>
  describedBy.set(schema, describe)
  return schema
}

/** JSON from outside, copied before the schema reads it. */
export function jsonOf<Value, Input>(schema: z.ZodMiniType<Value, Input>): z.ZodMiniType<Value, Input> {
  return parsedBy<Value, Input>(
    (value, context) => parseJson(schema, value, context),
    () => toJsonSchema(schema),
  )
}

function toZodIssue(issue: InputIssue, input: unknown): z.core.$ZodRawIssue {
  return { code: 'custom', input, path: [...issue.path], message: issue.expected, params: { ...issue } }
}

/** A text that a check accepts; its error says what is expected instead of the value. */
export function textThat(isAccepted: (text: string) => boolean, expectedFor: (value: unknown) => string) {
  const error = ({ input }: { readonly input?: unknown }) => expectedFor(input)
  return z.string({ error }).check(z.refine(isAccepted, { error }))
}

/** A JSON Schema, draft 2020-12, as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>

type Override = NonNullable<z.core.ToJSONSchemaParams['override']>

/** The JSON Schema of what a schema accepts. */
export function toJsonSchema(schema: z.ZodMiniType, override: Override = () => {}): JsonSchema {
  const made = z.toJSONSchema(schema, {
    io: 'input',
    override: (context) => {
      const { zodSchema, jsonSchema } = context
      Object.assign(jsonSchema, describedBy.get(zodSchema)?.())
      if (jsonSchema.default === null) delete jsonSchema.default
      override(context)
    },
  })
  const { $schema: _, ...rest } = made
  return JSON.parse(JSON.stringify(rest)) as JsonSchema
}
