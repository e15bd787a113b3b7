import type { Facts, InputIssue } from '../../core'
import {
  addIssue,
  factsGuard,
  type Guard,
  id,
  isRecord,
  listOf,
  oneOf,
  orNull,
  type Path,
  record,
  text,
  wholeNumber,
} from '../../desk'
import type { Distribution } from '../scenario/distribution'
import { distributionGuard, durationGuard } from '../scenario/distribution'
import { timeZoneGuard } from '../scenario/instant'

/** Where a scenario's requests come from: a rate, a list, or a file that the caller reads (`withArrivals`). */
export type ArrivalSource = GeneratedArrivals | GivenArrivals | ArrivalFile

/** A Poisson process whose rate follows the hour of the week in the scenario's time zone. */
export interface GeneratedArrivals {
  readonly from: 'rate'
  /** Requests an hour, for the 168 hours of a week from Monday 00:00 on. */
  readonly perHour: readonly number[]
  readonly kinds: readonly RequestKind[]
}

/** One sort of request among the generated ones. */
export interface RequestKind {
  /** How frequent it is beside the others; only the ratio counts. */
  readonly share: number
  readonly facts: Facts
  readonly weight: number | null
  /** `null`: as the behaviour says. */
  readonly handling: Distribution | null
  readonly patience: Distribution | null
}

/** In order of time. Anything that can be walked again from its beginning; a list, or a source that makes them anew. */
export interface GivenArrivals {
  readonly from: 'list'
  readonly arrivals: Iterable<Arrival>
}

/** Not read yet: a simulation has no files. */
export interface ArrivalFile {
  readonly from: 'file'
  readonly file: string
  readonly format: 'jsonl' | 'csv'
  readonly columns: ArrivalColumns
}

/** A visitor asks for a chat. What is left out is drawn from the scenario's behaviour. */
export interface Arrival {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly facts: Facts
  /** Default: a visitor of its own. One who comes again while a request is open gets that one back. */
  readonly visitorId?: string
  readonly weight?: number
  /** How long the chat lasts once it is taken. */
  readonly handlingMs?: number
  /** How long the visitor waits before giving up; `null`: for ever. */
  readonly patienceMs?: number | null
}

/**
 * Which column (CSV, by its heading) or key (JSON lines) holds what. Only that of `at` has to be there; columns that
 * are named nowhere are left out. Fields that are empty count as left out.
 */
export interface ArrivalColumns {
  /** When the visitor asked. Default `at`. */
  readonly at: string
  /** For local times such as `2026-11-23 09:15:00`; without it, times are ISO 8601 with an offset or milliseconds. */
  readonly timeZone?: string
  readonly visitorId?: string
  readonly weight?: string
  /** How long the chat lasted. */
  readonly handling?: string
  /** After how long the visitor gave up. */
  readonly patience?: string
  /** What 1 means in the columns of `handling` and `patience`, in milliseconds: 1000 for seconds. Default 1. */
  readonly unitMs?: number
  /** Fact to column. In JSON lines a key `facts` that holds an object gives all its facts without being named. */
  readonly facts?: Readonly<Record<string, string | FactColumn>>
}

/** Text stays text unless it is said to be something else: `"10"` is another fact than `10`. */
export interface FactColumn {
  readonly column: string
  readonly as: 'text' | 'number' | 'flag'
}

const perHourMax = 10_000_000
const kindsMax = 10_000
const weightMax = 10_000
const dayHours = 24
const weekHours = 168

const rateGuard: Guard<number> = (value, path, issues) =>
  typeof value === 'number' && value >= 0 && value <= perHourMax
    ? value
    : addIssue(issues, path, `a number of requests an hour, 0 to ${perHourMax}`, value)

const weeklyRatesGuard: Guard<readonly number[]> = (value, path, issues) => {
  if (!Array.isArray(value)) {
    const one = rateGuard(value, path, issues)
    return one === undefined ? undefined : Array.from({ length: weekHours }, () => one)
  }
  if (value.length !== dayHours && value.length !== weekHours)
    return addIssue(issues, path, 'one number, 24 by hour of the day, or 168 by hour of the week', value)
  const list = listOf(rateGuard, weekHours)(value, path, issues) ?? []
  return Array.from({ length: weekHours }, (_, hour) => list[hour % list.length] ?? 0)
}

const positiveNumberGuard: Guard<number> = (value, path, issues) =>
  typeof value === 'number' && value > 0 && value < 1e9 ? value : addIssue(issues, path, 'a number above 0', value)

const requestKindShape = record({
  required: {},
  optional: {
    share: positiveNumberGuard,
    facts: factsGuard,
    weight: wholeNumber(1, weightMax),
    handling: distributionGuard,
    patience: distributionGuard,
  },
})

const requestKindGuard: Guard<RequestKind> = (value, path, issues) => {
  const found = requestKindShape(value, path, issues) as Partial<RequestKind> | undefined
  if (found === undefined) return undefined
  const { share = 1, facts = {}, weight = null, handling = null, patience = null } = found
  return { share, facts, weight, handling, patience }
}

const instantGuard: Guard<number> = (value, path, issues) =>
  Number.isInteger(value) && Math.abs(Number(value)) < 8.64e15
    ? Number(value)
    : addIssue(issues, path, 'whole milliseconds since the epoch', value)

/** One arrival of a list or a line, as it is. */
export const arrivalGuard = record({
  required: { at: instantGuard },
  optional: {
    facts: factsGuard,
    visitorId: id,
    weight: wholeNumber(1, weightMax),
    handlingMs: durationGuard,
    patienceMs: orNull(durationGuard),
  },
})

const factColumnGuard = record({ required: { column: text, as: oneOf('text', 'number', 'flag') }, optional: {} })

const factColumnsGuard: Guard<Readonly<Record<string, unknown>>> = (value, path, issues) => {
  if (!isRecord(value)) return addIssue(issues, path, 'an object of fact to column', value)
  const named = Object.entries(value).map(([fact, column]) => {
    const guard: Guard<unknown> = typeof column === 'string' ? text : factColumnGuard
    return [fact, guard(column, [...path, fact], issues)] as const
  })
  return Object.fromEntries(named)
}

const columnsGuard = record({
  required: {},
  optional: {
    at: text,
    timeZone: timeZoneGuard,
    visitorId: text,
    weight: text,
    handling: text,
    patience: text,
    unitMs: positiveNumberGuard,
    facts: factColumnsGuard,
  },
})

/** Which column holds what, with the defaults filled in: a copy. */
export function parseColumns(given: unknown, path: Path, issues: InputIssue[]): ArrivalColumns {
  return withDefaultColumns((columnsGuard(given ?? {}, path, issues) ?? {}) as Partial<ArrivalColumns>)
}

const rateSourceShape = record({
  required: { perHour: weeklyRatesGuard },
  optional: { kinds: listOf(requestKindGuard, kindsMax) },
})
const fileSourceShape = record({
  required: { file: text },
  optional: { format: oneOf('jsonl', 'csv'), columns: columnsGuard },
})
const defaultRequestKind: RequestKind = { share: 1, facts: {}, weight: null, handling: null, patience: null }

/** Where requests come from; `undefined`, and what is wrong in `issues`, otherwise. */
export function parseArrivalSource(input: unknown, path: Path, issues: InputIssue[]): ArrivalSource | undefined {
  const keys = isRecord(input) ? Object.keys(input) : []
  if (keys.includes('perHour')) return parseRateSource(input, path, issues)
  if (keys.includes('file')) return parseFileSource(input, path, issues)
  if (isRecord(input) && keys.includes('list')) return parseListSource(input, path, issues)
  return addIssue(issues, path, 'an object with perHour, list or file', input)
}

function parseRateSource(input: unknown, path: Path, issues: InputIssue[]): ArrivalSource | undefined {
  const found = rateSourceShape(input, path, issues) as { perHour?: readonly number[]; kinds?: readonly RequestKind[] }
  const kinds = found?.kinds ?? [defaultRequestKind]
  if (kinds.length === 0) addIssue(issues, [...path, 'kinds'], 'at least one kind of request', [])
  return { from: 'rate', perHour: found?.perHour ?? [], kinds }
}

function parseFileSource(input: unknown, path: Path, issues: InputIssue[]): ArrivalSource | undefined {
  const found = fileSourceShape(input, path, issues) as Partial<ArrivalFile> | undefined
  const file = found?.file ?? ''
  const format = found?.format ?? (/\.csv$/i.test(file) ? 'csv' : 'jsonl')
  return { from: 'file', file, format, columns: withDefaultColumns(found?.columns) }
}

function withDefaultColumns(given: Partial<ArrivalColumns> = {}): ArrivalColumns {
  return { ...given, at: given.at ?? 'at' }
}

/** A list is looked at and sorted; whatever else can be walked is taken as it is, and looked at as it is walked. */
function parseListSource(input: Record<string, unknown>, path: Path, issues: InputIssue[]): ArrivalSource | undefined {
  const { list, ...others } = input
  for (const key of Object.keys(others)) addIssue(issues, [...path, key], 'no such key', others[key])
  if (Array.isArray(list)) {
    const found = listOf(arrivalGuard, Number.MAX_SAFE_INTEGER)(list, [...path, 'list'], issues) ?? []
    const arrivals = found.map((one) => ({ facts: {}, ...one }) as unknown as Arrival)
    return { from: 'list', arrivals: arrivals.sort((one, other) => one.at - other.at) }
  }
  if (typeof list === 'object' && list !== null && Symbol.iterator in list)
    return { from: 'list', arrivals: list as Iterable<Arrival> }
  return addIssue(issues, [...path, 'list'], 'a list of arrivals', list)
}
