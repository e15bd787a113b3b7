import type * as z from 'zod/mini'
import { describeValue, type InputIssue, InvalidInputError, isPlainObject, type Json } from '../core'
import type { InputPath } from './json-copy'
import { copyJson, issuesMax, type JsonLimits } from './json-copy'
import { nearest } from './nearest'

export interface ParseContext {
  /** Where the value stands in the whole input. */
  readonly path: InputPath
  /** Gets every problem that is found. */
  readonly issues: InputIssue[]
}

/** What is copied where nothing else is said. */
export const jsonLimits: JsonLimits = { levelsMax: 64, valuesMax: 20_000, textLengthMax: 16_384 }

export interface JsonContext extends ParseContext {
  readonly limits?: JsonLimits
  /** Checks what the schema cannot say; gets the copy, also when the schema has refused it. */
  readonly check?: (copy: Json, context: ParseContext) => void
}

/**
 * Parses a JSON value from outside by a schema: a copy, with defaults filled in. `undefined` when something is wrong,
 * and `issues` says what.
 */
export function parseJson<Value>(
  schema: z.ZodMiniType<Value>,
  value: unknown,
  { path, issues, limits = jsonLimits, check = () => {} }: JsonContext,
): Value | undefined {
  if (value === undefined) return parseWithSchema(schema, value, { path, issues })
  const found: InputIssue[] = []
  const copy = copyJson(value, { path, issues: found, limits })
  if (copy === undefined) return void issues.push(...found)
  const refused = new Set(found.map(pathKey))
  const refusedCount = found.length
  const parsed = parseWithSchema(schema, copy, { path, issues: found })
  check(copy, { path, issues: found })
  // What was refused is missing in the copy; that the schema misses it is the same problem.
  issues.push(...found.filter((issue, index) => index < refusedCount || !refused.has(pathKey(issue))))
  return found.length === 0 ? parsed : undefined
}

export interface ListContext<Item> extends ParseContext {
  readonly lengthMax: number
  /** What the list holds, in the singular. */
  readonly item: string
  /** No two items may have the same value there. */
  readonly uniqueKey: 'id' | 'name'
  parseItem(item: unknown, context: ParseContext): Item | undefined
  /** Called with each item that was parsed: what is wrong with all so far, which ends the parsing. */
  checkTotal?(item: Item): Omit<InputIssue, 'path'> | undefined
  /** How much work an item is, beside others. Default 1. */
  weightOf?(item: Item): number
}

/** Parses a list item by item, so that a long list has the limits of JSON for each item. */
export function parseList<Item>(value: unknown, context: ListContext<Item>): Item[] | undefined {
  const parsing = parseItems(value, context)
  for (let step = parsing.next(); ; step = parsing.next()) if (step.done === true) return step.value
}

/** Parses a list as `parseList` does, and pauses after each piece of it, so that a long list does not block. */
export async function parseListInPieces<Item>(
  value: unknown,
  context: ListContext<Item>,
  pause: () => Promise<void>,
): Promise<Item[] | undefined> {
  const parsing = parseItems(value, context)
  let weight = 0
  for (let step = parsing.next(); ; step = parsing.next()) {
    if (step.done === true) return step.value
    weight += context.weightOf?.(step.value) ?? 1
    if (weight < weightOfPiece) continue
    weight = 0
    await pause()
  }
}

/** Yields each item that was parsed. */
function* parseItems<Item>(
  value: unknown,
  { path, issues, lengthMax, item, uniqueKey, parseItem, checkTotal }: ListContext<Item>,
): Generator<Item, Item[] | undefined> {
  if (!Array.isArray(value) || value.length > lengthMax) {
    return refuse(issues, issueOf(path, `a list of at most ${lengthMax} ${item}s`, value))
  }
  const known = new Set<unknown>()
  const parsed: Item[] = []
  // Unlike `forEach` this sees the holes of a list, which are no items.
  for (let index = 0; index < value.length && issues.length < issuesMax; index += 1) {
    const given: unknown = value[index]
    const found = parseItem(given, { path: [...path, index], issues })
    const key: unknown = isRecord(given) ? given[uniqueKey] : undefined
    if (typeof key === 'string' && known.has(key)) {
      const unique = uniqueKey === 'id' ? 'an id' : 'a name'
      issues.push(issueOf([...path, index, uniqueKey], `${unique} that no other ${item} has`, key))
    }
    known.add(key)
    if (found === undefined) continue
    parsed.push(found)
    const total = checkTotal?.(found)
    if (total !== undefined) return refuse(issues, { path, ...total })
    yield found
  }
  return parsed
}

/** The items of a piece weigh so much together: about 10 ms of work. */
const weightOfPiece = 500

/** Parses a value by a schema alone. `undefined` when something is wrong, and `issues` says what. */
export function parseWithSchema<Value>(
  schema: z.ZodMiniType<Value>,
  value: unknown,
  { path, issues }: ParseContext,
): Value | undefined {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  addZodIssues(result.error.issues, { value, path, issues })
  return undefined
}

/** Returns what a parser returns; the issues that it throws join the others. */
export function collectIssues<Value>(issues: InputIssue[], parse: () => Value): Value | undefined {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    issues.push(...error.issues)
    return undefined
  }
}

/**
 * Returns what a parser returns when it has found no problem.
 * @throws InvalidInputError with every problem found, each once, up to 1000.
 */
export function parseOrThrow<Value>(parse: (issues: InputIssue[]) => Value | undefined): Value {
  const issues: InputIssue[] = []
  const parsed = parse(issues)
  if (issues.length === 0) return parsed as Value
  const distinct = new Map(issues.map((issue) => [`${pathKey(issue)} ${issue.expected}`, issue]))
  throw new InvalidInputError([...distinct.values()].slice(0, issuesMax))
}

/** Adds an issue; stands for a value that could not be parsed. */
export function refuse(issues: InputIssue[], issue: InputIssue): undefined {
  issues.push(issue)
  return undefined
}

/** Whether a value is `{}` and its like: no list, no instance of a class. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlainObject(value)
}

/** An issue about a value; where one of the known names is near to it, the issue suggests that. */
export function issueOf(path: InputPath, expected: string, value: unknown, known: Iterable<string> = []): InputIssue {
  const suggestion = typeof value === 'string' ? nearest(value, known) : undefined
  return withSuggestion({ path, expected, got: describeReceived(value) }, suggestion)
}

export function unknownKeyIssue(path: InputPath, key: string, known: readonly string[]): InputIssue {
  const expected = known.length === 0 ? 'no keys' : `one of ${known.join(', ')}`
  return withSuggestion({ path: [...path, key], expected, got: 'an unknown key' }, nearest(key, known))
}

/** An issue with what was probably meant, where that is known. */
export function withSuggestion(issue: InputIssue, suggestion: string | undefined): InputIssue {
  return suggestion === undefined ? issue : { ...issue, suggestion }
}

/** Describes a value for `got`; a value that is left out is `nothing`. */
export function describeReceived(value: unknown): string {
  return value === undefined ? 'nothing' : describeValue(value)
}

function pathKey({ path }: InputIssue): string {
  return JSON.stringify(path)
}

// From zod's issues to ours. The message of each schema says what was expected (see schemas.ts).

type ZodIssue = z.core.$ZodIssue
type ValueContext = ParseContext & { readonly value: unknown }

const unknownKeysMax = 50

function addZodIssues(found: readonly ZodIssue[], context: ValueContext): void {
  const withUnknownKeys = new Set(found.filter(isUnknownKeys).map(zodPathKey))
  for (const issue of found) {
    // `{teems: 'a'}` lacks a known key because of the unknown one, which is reported.
    if (issue.code === 'custom' && issue.params === undefined && withUnknownKeys.has(zodPathKey(issue))) continue
    addZodIssue(issue, context)
  }
}

function addZodIssue(issue: ZodIssue, { value, path, issues }: ValueContext): void {
  const inside = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
  const place = { value: inside.reduce(childOf, value), path: [...path, ...inside], issues }
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = issue.message === '' ? [] : issue.message.split(', ')
      const keys = issue.keys.slice(0, unknownKeysMax)
      issues.push(...keys.map((key) => unknownKeyIssue(place.path, key, known)))
      return
    }
    case 'invalid_union':
      return addUnionIssues(issue, place)
    case 'invalid_key':
      issues.push({ path: place.path, expected: issue.issues[0]?.message ?? issue.message, got: 'this name' })
      return
    case 'invalid_value':
      issues.push(issueOf(place.path, issue.message, place.value, issue.values.filter(isText)))
      return
    case 'custom':
      if (issue.params === undefined) issues.push(issueOf(place.path, issue.message, place.value))
      else issues.push({ ...(issue.params as unknown as InputIssue), path: place.path })
      return
    default: {
      const isMissing = issue.code === 'invalid_type' && String(issue.expected) === 'nonoptional'
      issues.push(issueOf(place.path, isMissing ? 'a value' : issue.message, place.value))
    }
  }
}

/** Of several shapes the one that is meant: the kind of value fits, and the fewest keys are unknown or missing. */
function addUnionIssues(issue: Extract<ZodIssue, { code: 'invalid_union' }>, place: ValueContext): void {
  const fitting = issue.errors.filter((branch) => !branch.some(isWrongKind))
  const [meant] = fitting.sort((one, other) => mismatchScore(one) - mismatchScore(other))
  if (meant !== undefined) return addZodIssues(meant, place)
  const types: readonly unknown[] = 'options' in issue && Array.isArray(issue.options) ? issue.options : []
  const words = [...types, ...issue.errors.flat().flatMap((one) => (one.code === 'invalid_value' ? one.values : []))]
  place.issues.push(issueOf(place.path, issue.message, place.value, words.filter(isText)))
}

function isWrongKind({ code, path }: ZodIssue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')
}

function mismatchScore(branch: readonly ZodIssue[]): number {
  return branch.reduce((sum, issue) => {
    if (isUnknownKeys(issue) && issue.path.length === 0) return sum + issue.keys.length * 2
    return sum + (issue.path.length === 1 ? 1 : 0)
  }, 0)
}

function isUnknownKeys(issue: ZodIssue): issue is Extract<ZodIssue, { code: 'unrecognized_keys' }> {
  return issue.code === 'unrecognized_keys'
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function zodPathKey({ path }: ZodIssue): string {
  return path.join('\0')
}

function childOf(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}
