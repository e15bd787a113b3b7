import type { Facts, InputIssue } from '../../core'
import { describeValue, isPlainObject } from '../../core'
import { collectIssues } from '../../input'
import { type GuardSchema, schemaOf, withJsonSchema } from './guard-schema'
import { parseFacts } from './parse-facts'

export type Path = readonly (string | number)[]

/**
 * Adds what is wrong with a value to `issues`, or returns it: the same value, or a copy where it could be changed
 * later.
 */
export type Guard<Value> = (value: unknown, path: Path, issues: InputIssue[]) => Value | undefined

export const idLengthMax = 256
const textLengthMax = 1_024
/** 366 days: longer waits are mistakes of the unit. */
export const durationMsMax = 366 * 24 * 3_600_000

export const id: Guard<string> = withJsonSchema<Guard<string>>(
  (value, path, issues) =>
    typeof value === 'string' && value.length > 0 && value.length <= idLengthMax
      ? value
      : addIssue(issues, path, `text of 1 to ${idLengthMax} characters`, value),
  () => ({ type: 'string', minLength: 1, maxLength: idLengthMax }),
)

export const text: Guard<string> = withJsonSchema<Guard<string>>(
  (value, path, issues) =>
    typeof value === 'string' && value.length <= textLengthMax
      ? value
      : addIssue(issues, path, `text of at most ${textLengthMax} characters`, value),
  () => ({ type: 'string', maxLength: textLengthMax }),
)

export const booleanGuard: Guard<boolean> = withJsonSchema<Guard<boolean>>(
  (value, path, issues) => (typeof value === 'boolean' ? value : addIssue(issues, path, 'true or false', value)),
  () => ({ type: 'boolean' }),
)

export function wholeNumber(minimum: number, maximum: number): Guard<number> {
  const guard: Guard<number> = (value, path, issues) =>
    Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum
      ? Number(value)
      : addIssue(issues, path, `a whole number, ${minimum} to ${maximum}`, value)
  return withJsonSchema(guard, () => ({ type: 'integer', minimum, maximum }))
}

export function durationMs(minimum: number): Guard<number> {
  const expected = `a whole number of milliseconds, ${minimum} or more`
  const guard: Guard<number> = (value, path, issues) => {
    if (!Number.isInteger(value) || Number(value) < minimum) return addIssue(issues, path, expected, value)
    return Number(value) <= durationMsMax
      ? Number(value)
      : addIssue(issues, path, 'at most 366 days of milliseconds', value)
  }
  return withJsonSchema(guard, () => ({ type: 'integer', minimum, maximum: durationMsMax }))
}

export function oneOf<Word extends string>(...words: readonly Word[]): Guard<Word> {
  const expected = words.map((word) => `"${word}"`).join(' or ')
  return (value, path, issues) => words.find((word) => word === value) ?? addIssue(issues, path, expected, value)
}

export function orNull<Value>(guard: Guard<Value>): Guard<Value | null> {
  const orNothing: Guard<Value | null> = (value, path, issues) => (value === null ? null : guard(value, path, issues))
  return withJsonSchema(orNothing, () => ({ anyOf: [schemaOf(guard), { type: 'null' }] }))
}

export function listOf<Value>(guard: Guard<Value>, lengthMax: number): Guard<readonly Value[]> {
  const list: Guard<readonly Value[]> = (value, path, issues) => {
    if (!Array.isArray(value)) return addIssue(issues, path, 'a list', value)
    if (value.length > lengthMax) return addIssue(issues, path, `at most ${lengthMax} of them`, value)
    const parts = Array.from(value, (part, index) => {
      const count = issues.length
      const found = guard(part, path, issues)
      if (issues.length > count) repeatWithPath(guard, part, { path, key: index, issues, count })
      return found
    })
    return parts.filter((part) => part !== undefined)
  }
  return withJsonSchema(list, () => ({ type: 'array', items: schemaOf(guard), maxItems: lengthMax }))
}

/** Any value but none; somebody further inside parses it. */
export const anyValue: Guard<unknown> = (value, path, issues) => value ?? addIssue(issues, path, 'a value', value)

/** Refuses unknown keys; `optional` ones may be left out or `undefined`, and are left out of the result then. */
export interface RecordFields {
  readonly required: Readonly<Record<string, Guard<unknown>>>
  readonly optional: Readonly<Record<string, Guard<unknown>>>
}

export function record(fields: RecordFields): Guard<Record<string, unknown>> {
  const own = ownedRecord(fields)
  const copied: Guard<Record<string, unknown>> = (value, path, issues) =>
    isRecord(value) ? own({ ...value }, path, issues) : addIssue(issues, path, 'an object', value)
  return withJsonSchema(copied, () => schemaOf(own))
}

/** An object that nobody else holds: it needs no copy, and what is parsed takes its place in it. */
export function ownedRecord({ required, optional }: RecordFields): Guard<Record<string, unknown>> {
  const guards = new Map(Object.entries({ ...required, ...optional }))
  const requiredKeys = Object.keys(required)
  const parts = new Map([...guards].map(([key, guard]) => [key, { guard, isRequired: Object.hasOwn(required, key) }]))
  const expected = `one of ${[...guards.keys()].join(', ')}`
  const whole: Guard<Record<string, unknown>> = (given, path, issues) => {
    const own = given as Record<string, unknown>
    let missing = requiredKeys.length
    for (const key in own) {
      const value = own[key]
      const part = parts.get(key)
      if (part === undefined) issues.push({ path: [...path, key], expected, got: 'an unknown key' })
      else if (value === undefined) delete own[key]
      else {
        const count = issues.length
        const parsed = part.guard(value, path, issues)
        if (issues.length > count) repeatWithPath(part.guard, value, { path, key, issues, count })
        else if (parsed !== value) own[key] = parsed
        if (part.isRequired) missing -= 1
      }
    }
    if (missing === 0) return own
    for (const key of requiredKeys) if (own[key] === undefined) guards.get(key)?.(undefined, [...path, key], issues)
    return own
  }
  return withJsonSchema(whole, () => objectSchema(guards, requiredKeys))
}

function objectSchema(guards: ReadonlyMap<string, object>, required: readonly string[]): GuardSchema {
  const properties = Object.fromEntries([...guards].map(([key, guard]) => [key, schemaOf(guard)]))
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}), additionalProperties: false }
}

interface GuardPosition {
  readonly path: Path
  readonly key: string | number
  readonly issues: InputIssue[]
  /** Issues before the part was looked at. */
  readonly count: number
}

/** Paths are made only when something is wrong: then the part is looked at again. */
function repeatWithPath(guard: Guard<unknown>, part: unknown, { path, key, issues, count }: GuardPosition): void {
  issues.length = count
  guard(part, [...path, key], issues)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlainObject(value)
}

export function addIssue(issues: InputIssue[], path: Path, expected: string, value: unknown): undefined {
  issues.push({ path, expected, got: value === undefined ? 'nothing' : describeValue(value) })
  return undefined
}

export const factsGuard: Guard<Facts> = (value, path, issues) => collectIssues(issues, () => parseFacts(value, path))
