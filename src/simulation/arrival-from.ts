import type { Facts, InputIssue, Json } from '../core'
import { factsGuard, isRecord, wrong } from '../desk'
import type { Arrival } from './arrival'
import type { ArrivalColumns, FactColumn } from './arrival-columns'
import { instantFrom } from './instant'
import { arrivalGuard } from './parse-arrivals'

type Fields = Readonly<Record<string, unknown>>

/** One line of a file, taken apart into fields, as an arrival; `null`, and what is wrong in `issues`, otherwise. */
export function arrivalFrom(fields: Fields, columns: ArrivalColumns, issues: InputIssue[]): Arrival | null {
  const { at, timeZone, visitorId, weight, handling, patience, unitMs = 1 } = columns
  const found = {
    at: instantIn(fields, at, timeZone, issues),
    ...named('visitorId', textIn(fields, visitorId)),
    ...named('weight', numberIn(fields, weight, 1, issues)),
    ...named('handlingMs', numberIn(fields, handling, unitMs, issues)),
    ...named('patienceMs', numberIn(fields, patience, unitMs, issues)),
    facts: factsIn(fields, columns.facts ?? {}, issues),
  }
  if (issues.length > 0) return null
  const arrival = arrivalGuard(found, [], issues)
  return arrival === undefined || issues.length > 0 ? null : (arrival as unknown as Arrival)
}

function instantIn(fields: Fields, column: string, timeZone: string | undefined, issues: InputIssue[]): number {
  const value = own(fields, column)
  const at = instantFrom(value, timeZone)
  const forms = timeZone === undefined ? 'ISO 8601 with an offset or milliseconds' : 'YYYY-MM-DD HH:MM:SS or ISO 8601'
  if (at === undefined) wrong(issues, [column], `an instant (${forms})`, value)
  return at ?? 0
}

function textIn(fields: Fields, column: string | undefined): unknown {
  const value = column === undefined ? undefined : own(fields, column)
  return typeof value === 'number' ? String(value) : value
}

function numberIn(fields: Fields, column: string | undefined, unit: number, issues: InputIssue[]): unknown {
  const value = column === undefined ? undefined : own(fields, column)
  if (column === undefined || value === undefined || value === null) return undefined
  const number = numberFrom(value)
  if (number === undefined) return wrong(issues, [column], 'a number', value)
  return unit === 1 ? number : Math.round(number * unit)
}

function numberFrom(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  return typeof value === 'string' && /^\s*-?\d{1,15}(\.\d{1,15})?\s*$/.test(value) ? Number(value) : undefined
}

function factsIn(fields: Fields, columns: NonNullable<ArrivalColumns['facts']>, issues: InputIssue[]): Facts {
  const inline = own(fields, 'facts')
  const given = isRecord(inline) ? (factsGuard(inline, ['facts'], issues) ?? {}) : {}
  const facts: Record<string, Json> = { ...given }
  for (const [fact, column] of Object.entries(columns)) {
    const { column: name, as } = typeof column === 'string' ? { column, as: null } : column
    const value = own(fields, name)
    if (value === undefined || value === null) continue
    const converted = as === null ? (value as Json) : convertedTo(as, value)
    if (converted === undefined) wrong(issues, [name], nouns[as ?? 'text'], value)
    else facts[fact] = converted
  }
  return facts
}

const nouns: Readonly<Record<FactColumn['as'], string>> = {
  text: 'text',
  number: 'a number',
  flag: 'true or false, yes or no, 1 or 0',
}

const flags: Readonly<Record<string, boolean>> = { true: true, yes: true, 1: true, false: false, no: false, 0: false }

function convertedTo(as: FactColumn['as'], value: unknown): Json | undefined {
  if (as === 'number') return numberFrom(value)
  if (as === 'text') return typeof value === 'object' ? undefined : String(value)
  const text = String(value).toLowerCase()
  return Object.hasOwn(flags, text) ? flags[text] : undefined
}

function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

function named(name: string, value: unknown): object {
  return value === undefined || value === null ? {} : { [name]: value }
}
