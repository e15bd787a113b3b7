import { type InputIssue, InvalidInputError } from '../core'
import type { Arrival } from './arrival'
import type { ArrivalColumns } from './arrival-columns'
import { arrivalFrom } from './arrival-from'
import { csvFields } from './csv-fields'
import { type LineProblem, problemsOf } from './line-problem'
import { columnsFrom } from './parse-arrivals'

export interface ReadArrivalsOptions {
  /** Default `jsonl`: one JSON object a line. */
  readonly format?: 'jsonl' | 'csv'
  readonly columns?: Partial<ArrivalColumns>
  /** Refuses the whole when one line is malformed. Default: such lines are left out and told. */
  readonly strict?: boolean
}

export interface ReadArrivals {
  /** In order of time. */
  readonly arrivals: readonly Arrival[]
  /** In order of the lines; a line is either here or among the arrivals, or it is empty. */
  readonly problems: readonly LineProblem[]
}

/**
 * Arrivals from the lines of a file, which somebody else has read. No malformed line is passed over in silence.
 *
 * @throws InvalidInputError for columns that are not there, and, when `strict`, for malformed lines: all of them, as
 * `line[7]`.
 */
export function readArrivals(lines: Iterable<string>, options: ReadArrivalsOptions = {}): ReadArrivals {
  const arrivals: Arrival[] = []
  const problems: { readonly line: number; readonly issues: readonly InputIssue[] }[] = []
  for (const { line, arrival, issues } of eachLine(lines, options)) {
    if (arrival === null) problems.push({ line, issues })
    else arrivals.push(arrival)
  }
  if (options.strict === true && problems.length > 0) throw new InvalidInputError(problems.flatMap(located))
  arrivals.sort((one, other) => one.at - other.at)
  return { arrivals, problems: problemsOf(problems) }
}

interface ReadLine {
  readonly line: number
  readonly arrival: Arrival | null
  readonly issues: readonly InputIssue[]
}

function* eachLine(lines: Iterable<string>, { format = 'jsonl', columns }: ReadArrivalsOptions): Generator<ReadLine> {
  const issues: InputIssue[] = []
  const complete = columnsFrom(columns, ['columns'], issues)
  if (issues.length > 0) throw new InvalidInputError(issues)
  let heading: readonly string[] | null = null
  let number = 0
  for (const raw of lines) {
    number += 1
    const text = (number === 1 ? raw.replace(/^\uFEFF/, '') : raw).replace(/\r$/, '')
    if (text.trim() === '') continue
    if (format === 'csv' && heading === null) heading = headingFrom(text, complete)
    else yield read(number, complete, heading === null ? jsonFrom(text) : csvFrom(text, heading))
  }
}

function read(line: number, columns: ArrivalColumns, record: Readonly<Record<string, unknown>> | InputIssue): ReadLine {
  if (isIssue(record)) return { line, arrival: null, issues: [record] }
  const issues: InputIssue[] = []
  const arrival = arrivalFrom(record, columns, issues)
  return { line, arrival: issues.length === 0 ? arrival : null, issues }
}

function isIssue(record: Readonly<Record<string, unknown>> | InputIssue): record is InputIssue {
  return record instanceof Broken
}

/** A line that cannot be taken apart at all. */
class Broken implements InputIssue {
  readonly path = []
  readonly expected: string
  readonly got: string

  constructor(expected: string, got: string) {
    this.expected = expected
    this.got = got
  }
}

function jsonFrom(text: string): Record<string, unknown> | Broken {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    return new Broken('a JSON object', shown(text))
  } catch {
    return new Broken('a JSON object', shown(text))
  }
}

function csvFrom(text: string, heading: readonly string[]): Record<string, unknown> | Broken {
  const fields = csvFields(text)
  if (fields === null) return new Broken('quotes in pairs around a field', shown(text))
  if (fields.length !== heading.length) return new Broken(`${heading.length} fields`, `${fields.length} of them`)
  const entries = heading.map((name, index) => [name, fields[index] ?? ''] as const)
  return Object.fromEntries(entries.filter(([, field]) => field !== ''))
}

function headingFrom(text: string, { at, visitorId, weight, handling, patience, facts = {} }: ArrivalColumns) {
  const heading = (csvFields(text) ?? []).map((name) => name.trim())
  const ofFacts = Object.values(facts).map((column) => (typeof column === 'string' ? column : column.column))
  const needed = [at, visitorId, weight, handling, patience, ...ofFacts].filter((name) => name !== undefined)
  const missing = needed.filter((name) => !heading.includes(name))
  const issues = missing.map((name) => ({ path: ['line', 1], expected: `a column ${name}`, got: shown(text) }))
  if (issues.length > 0) throw new InvalidInputError(issues)
  return heading
}

function shown(text: string): string {
  return text.length <= 60 ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, 60))} …`
}

function located({ line, issues }: { readonly line: number; readonly issues: readonly InputIssue[] }): InputIssue[] {
  return issues.map((issue) => ({ ...issue, path: ['line', line, ...issue.path] }))
}
