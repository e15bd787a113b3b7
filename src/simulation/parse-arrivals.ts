import type { InputIssue } from '../core'
import {
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
  whole,
  wrong,
} from '../desk'
import type { Arrival } from './arrival'
import type { ArrivalColumns } from './arrival-columns'
import type { ArrivalFile, ArrivalSource, RequestKind } from './arrival-source'
import { timeZoneGuard } from './instant'
import { distributionGuard, timeMs } from './parse-distribution'

const perHourMax = 10_000_000
const kindsMax = 10_000
const weightMax = 10_000
const dayHours = 24
const weekHours = 168

const rate: Guard<number> = (value, path, issues) =>
  typeof value === 'number' && value >= 0 && value <= perHourMax
    ? value
    : wrong(issues, path, `a number of requests an hour, 0 to ${perHourMax}`, value)

const rates: Guard<readonly number[]> = (value, path, issues) => {
  if (!Array.isArray(value)) {
    const one = rate(value, path, issues)
    return one === undefined ? undefined : Array.from({ length: weekHours }, () => one)
  }
  if (value.length !== dayHours && value.length !== weekHours)
    return wrong(issues, path, 'one number, 24 by hour of the day, or 168 by hour of the week', value)
  const list = listOf(rate, weekHours)(value, path, issues) ?? []
  return Array.from({ length: weekHours }, (_, hour) => list[hour % list.length] ?? 0)
}

const aboveZero: Guard<number> = (value, path, issues) =>
  typeof value === 'number' && value > 0 && value < 1e9 ? value : wrong(issues, path, 'a number above 0', value)

const kindFields = record({
  required: {},
  optional: {
    share: aboveZero,
    facts: factsGuard,
    weight: whole(1, weightMax),
    handling: distributionGuard,
    patience: distributionGuard,
  },
})

const kind: Guard<RequestKind> = (value, path, issues) => {
  const found = kindFields(value, path, issues) as Partial<RequestKind> | undefined
  if (found === undefined) return undefined
  const { share = 1, facts = {}, weight = null, handling = null, patience = null } = found
  return { share, facts, weight, handling, patience }
}

const instant: Guard<number> = (value, path, issues) =>
  Number.isInteger(value) && Math.abs(Number(value)) < 8.64e15
    ? Number(value)
    : wrong(issues, path, 'whole milliseconds since the epoch', value)

/** One arrival of a list or a line, as it is. */
export const arrivalGuard = record({
  required: { at: instant },
  optional: {
    facts: factsGuard,
    visitorId: id,
    weight: whole(1, weightMax),
    handlingMs: timeMs,
    patienceMs: orNull(timeMs),
  },
})

const factColumn = record({ required: { column: text, as: oneOf('text', 'number', 'flag') }, optional: {} })

const factColumns: Guard<Readonly<Record<string, unknown>>> = (value, path, issues) => {
  if (!isRecord(value)) return wrong(issues, path, 'an object of fact to column', value)
  const named = Object.entries(value).map(([fact, column]) => {
    const guard: Guard<unknown> = typeof column === 'string' ? text : factColumn
    return [fact, guard(column, [...path, fact], issues)] as const
  })
  return Object.fromEntries(named)
}

const columns = record({
  required: {},
  optional: {
    at: text,
    timeZone: timeZoneGuard,
    visitorId: text,
    weight: text,
    handling: text,
    patience: text,
    unitMs: aboveZero,
    facts: factColumns,
  },
})

/** Which column holds what, with the defaults filled in: a copy. */
export function columnsFrom(given: unknown, path: Path, issues: InputIssue[]): ArrivalColumns {
  return columnsOf((columns(given ?? {}, path, issues) ?? {}) as Partial<ArrivalColumns>)
}

const rateShape = record({ required: { perHour: rates }, optional: { kinds: listOf(kind, kindsMax) } })
const fileShape = record({ required: { file: text }, optional: { format: oneOf('jsonl', 'csv'), columns } })
const anyKind: RequestKind = { share: 1, facts: {}, weight: null, handling: null, patience: null }

/** Where requests come from; `undefined`, and what is wrong in `issues`, otherwise. */
export function arrivalsFrom(input: unknown, path: Path, issues: InputIssue[]): ArrivalSource | undefined {
  const keys = isRecord(input) ? Object.keys(input) : []
  if (keys.includes('perHour')) return rateFrom(input, path, issues)
  if (keys.includes('file')) return fileFrom(input, path, issues)
  if (isRecord(input) && keys.includes('list')) return listFrom(input, path, issues)
  return wrong(issues, path, 'an object with perHour, list or file', input)
}

function rateFrom(input: unknown, path: Path, issues: InputIssue[]): ArrivalSource | undefined {
  const found = rateShape(input, path, issues) as { perHour?: readonly number[]; kinds?: readonly RequestKind[] }
  const kinds = found?.kinds ?? [anyKind]
  if (kinds.length === 0) wrong(issues, [...path, 'kinds'], 'at least one kind of request', [])
  return { from: 'rate', perHour: found?.perHour ?? [], kinds }
}

function fileFrom(input: unknown, path: Path, issues: InputIssue[]): ArrivalSource | undefined {
  const found = fileShape(input, path, issues) as Partial<ArrivalFile> | undefined
  const file = found?.file ?? ''
  const format = found?.format ?? (/\.csv$/i.test(file) ? 'csv' : 'jsonl')
  return { from: 'file', file, format, columns: columnsOf(found?.columns) }
}

function columnsOf(given: Partial<ArrivalColumns> = {}): ArrivalColumns {
  return { ...given, at: given.at ?? 'at' }
}

/** A list is looked at and sorted; whatever else can be walked is taken as it is, and looked at as it is walked. */
function listFrom(input: Record<string, unknown>, path: Path, issues: InputIssue[]): ArrivalSource | undefined {
  const { list, ...others } = input
  for (const key of Object.keys(others)) wrong(issues, [...path, key], 'no such key', others[key])
  if (Array.isArray(list)) {
    const found = listOf(arrivalGuard, Number.MAX_SAFE_INTEGER)(list, [...path, 'list'], issues) ?? []
    const arrivals = found.map((one) => ({ facts: {}, ...one }) as unknown as Arrival)
    return { from: 'list', arrivals: arrivals.sort((one, other) => one.at - other.at) }
  }
  if (typeof list === 'object' && list !== null && Symbol.iterator in list)
    return { from: 'list', arrivals: list as Iterable<Arrival> }
  return wrong(issues, [...path, 'list'], 'a list of arrivals', list)
}
