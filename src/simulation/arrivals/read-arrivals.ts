import type { Facts, InputIssue, Json } from '../../core'
import { describeIssue, formatPath, InvalidInputError } from '../../core'
import { factsSchema } from '../../desk'
import { isRecord, issueOf, parseOrThrow, parseWithSchema, refuse } from '../../input'
import { expectedTime, parseDurationText, parseTime } from '../scenario/instant'
import type { Arrival, ArrivalColumns, FactColumn } from './arrival-source'
import { arrivalSchema, columnsSchema } from './arrival-source'
import { type CsvRecord, readCsvRecords } from './csv-records'

export interface ReadArrivalsOptions {
  /** Default `jsonl`: one JSON object a line. */
  readonly format?: 'jsonl' | 'csv'
  readonly columns?: Partial<ArrivalColumns>
  /** Throws when one line is malformed. Default: malformed lines are left out and reported in `problems`. */
  readonly strict?: boolean
}

export interface ReadArrivals {
  /** In order of time. */
  readonly arrivals: readonly Arrival[]
  /** In order of the lines. Each line is a heading, an arrival or part of one, a problem or empty. */
  readonly problems: readonly LineProblem[]
}

/**
 * Returns the arrivals of a file, which the caller has read, and every malformed line. `lines`: the whole text, or its
 * lines without their ends. CSV needs the `Buffer` of Node.
 *
 * @throws InvalidInputError for columns that are not there, and, when `strict`, for malformed lines: all of them, as
 * `line[7]`.
 */
export function readArrivals(lines: Iterable<string>, options: ReadArrivalsOptions = {}): ReadArrivals {
  const arrivals: Arrival[] = []
  const problems: { readonly line: number; readonly issues: readonly InputIssue[] }[] = []
  for (const { line, arrival, issues } of parseLines(lines, options)) {
    if (arrival === null) problems.push({ line, issues })
    else arrivals.push(arrival)
  }
  if (options.strict === true && problems.length > 0) throw new InvalidInputError(problems.flatMap(withLineNumber))
  arrivals.sort((one, other) => one.at - other.at)
  return { arrivals, problems: toLineProblems(problems) }
}

interface ParsedLine {
  readonly line: number
  readonly arrival: Arrival | null
  readonly issues: readonly InputIssue[]
}

function* parseLines(
  lines: Iterable<string>,
  { format = 'jsonl', columns }: ReadArrivalsOptions,
): Generator<ParsedLine> {
  const complete = parseOrThrow((issues) =>
    parseWithSchema(columnsSchema, columns ?? {}, { path: ['columns'], issues }),
  )
  if (format === 'csv') yield* parseCsv(toText(lines), complete)
  else yield* parseJsonLines(typeof lines === 'string' ? lines.split('\n') : lines, complete)
}

function toText(lines: Iterable<string>): string {
  const text = typeof lines === 'string' ? lines : [...lines].join('\n')
  return text.replace(/^\uFEFF/, '')
}

function* parseJsonLines(lines: Iterable<string>, columns: ArrivalColumns): Generator<ParsedLine> {
  let line = 0
  for (const raw of lines) {
    line += 1
    const text = (line === 1 ? raw.replace(/^\uFEFF/, '') : raw).trim()
    if (text !== '') yield parseLine(line, columns, parseJsonLine(text))
  }
}

function* parseCsv(text: string, columns: ArrivalColumns): Generator<ParsedLine> {
  const [heading, ...records] = readCsvRecords(text, namedColumns(columns))
  if (heading === undefined) return
  const names = parseHeading(heading, columns)
  for (const record of records) yield parseLine(record.line, columns, toRecordFields(record, names))
}

function parseLine(
  line: number,
  columns: ArrivalColumns,
  record: Readonly<Record<string, unknown>> | InputIssue,
): ParsedLine {
  if (isMalformed(record)) return { line, arrival: null, issues: [record] }
  const issues: InputIssue[] = []
  const arrival = toArrival(record, columns, issues)
  return { line, arrival: issues.length === 0 ? arrival : null, issues }
}

function isMalformed(record: Readonly<Record<string, unknown>> | InputIssue): record is InputIssue {
  return record instanceof MalformedLine
}

/** A line that cannot be split into fields. */
class MalformedLine implements InputIssue {
  readonly path = []
  readonly expected: string
  readonly got: string

  constructor(expected: string, got: string) {
    this.expected = expected
    this.got = got
  }
}

function parseJsonLine(text: string): Record<string, unknown> | MalformedLine {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    return new MalformedLine('a JSON object', formatExcerpt(text))
  } catch {
    return new MalformedLine('a JSON object', formatExcerpt(text))
  }
}

function toRecordFields(
  { fields, text }: CsvRecord,
  heading: readonly string[],
): Record<string, unknown> | MalformedLine {
  if (fields === null) return new MalformedLine('quotes in pairs around a field', formatExcerpt(text))
  const hasFields = fields.slice(heading.length).every((field) => field.trim() === '')
  if (fields.length < heading.length || !hasFields)
    return new MalformedLine(`${heading.length} fields`, `${fields.length} of them`)
  const entries = heading.map((name, index) => [name, fields[index] ?? ''] as const)
  return Object.fromEntries(entries.filter(([name, field]) => name !== '' && field.trim() !== ''))
}

function namedColumns({ visitorId, weight, handling, patience, facts = {}, ...columns }: ArrivalColumns): string[] {
  const ofFacts = Object.values(facts).map((column) => (typeof column === 'string' ? column : column.column))
  return [...timeColumns(columns), visitorId, weight, handling, patience, ...ofFacts].filter(
    (name) => name !== undefined,
  )
}

function parseHeading({ line, fields, text }: CsvRecord, columns: ArrivalColumns): string[] {
  const path = ['line', line]
  if (fields === null)
    throw new InvalidInputError([{ path, expected: 'quotes in pairs around a heading', got: formatExcerpt(text) }])
  const heading = fields.map((name) => name.trim())
  const titles = heading.filter((name) => name !== '')
  const doubled = new Set(titles.filter((name, index) => titles.indexOf(name) !== index))
  const got = `the columns ${formatExcerpt(titles.join(', '))}`
  const issues = [
    ...[...doubled].map((name) => ({ path, expected: 'each heading once', got: `${JSON.stringify(name)} twice` })),
    ...namedColumns(columns)
      .filter((name) => !titles.includes(name))
      .map((name) => ({ path, expected: `a column ${name}`, got })),
  ]
  if (issues.length > 0) throw new InvalidInputError(issues)
  return heading
}

function formatExcerpt(text: string): string {
  return text.length <= 60 ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, 60))} …`
}

function withLineNumber({
  line,
  issues,
}: {
  readonly line: number
  readonly issues: readonly InputIssue[]
}): InputIssue[] {
  return issues.map((issue) => ({ ...issue, path: ['line', line, ...issue.path] }))
}

/** A line that is no arrival, and the reason. */
export interface LineProblem {
  /** From 1; the heading of a CSV file is a line. */
  readonly line: number
  readonly message: string
}

function toLineProblems(
  malformed: readonly { readonly line: number; readonly issues: readonly InputIssue[] }[],
): LineProblem[] {
  return malformed.map(({ line, issues }) => ({ line, message: issues.map(describeWithPath).join('; ') }))
}

function describeWithPath(issue: InputIssue): string {
  const { path } = issue
  return path.length === 0 ? describeIssue(issue) : `${formatPath(path)}: ${describeIssue(issue)}`
}

type RecordFields = Readonly<Record<string, unknown>>

/** Returns the fields of a line as an arrival; `null`, with `issues`, when they are malformed. */
export function toArrival(fields: RecordFields, columns: ArrivalColumns, issues: InputIssue[]): Arrival | null {
  const { visitorId, weight, handling, patience, unitMs = 1 } = columns
  const found = {
    at: readInstant(fields, columns, issues),
    ...optionalEntry('visitorId', readText(fields, visitorId)),
    ...optionalEntry('weight', readNumber(fields, weight, issues)),
    ...optionalEntry('handlingMs', readDuration(fields, handling, unitMs, issues)),
    ...optionalEntry('patienceMs', readDuration(fields, patience, unitMs, issues)),
    facts: readFacts(fields, columns.facts ?? {}, issues),
  }
  if (issues.length > 0) return null
  return parseWithSchema(arrivalSchema, found, { path: [], issues }) ?? null
}

function timeColumns({ at, date, time }: Pick<ArrivalColumns, 'at' | 'date' | 'time'>): string[] {
  const both = [date, time].filter((column) => column !== undefined)
  return both.length === 0 ? [at] : both
}

function readInstant(fields: RecordFields, columns: ArrivalColumns, issues: InputIssue[]): number {
  const names = timeColumns(columns)
  const [first, second] = names.map((name) => ownValue(fields, name))
  // A date that a table holds as a time has midnight behind it.
  const date = String(first ?? '').replace(/[T ]0?0:00(:00)?(\.0+)?$/, '')
  const value = names.length === 1 ? first : `${date} ${second ?? ''}`.trim()
  const at = parseTime(value, columns)
  if (at === undefined) issues.push(issueOf([names.join(' ')], expectedTime(value, columns), value))
  return at ?? 0
}

function readText(fields: RecordFields, column: string | undefined): unknown {
  const value = column === undefined ? undefined : ownValue(fields, column)
  return typeof value === 'number' ? String(value) : value
}

function readNumber(fields: RecordFields, column: string | undefined, issues: InputIssue[]): unknown {
  const value = column === undefined ? undefined : ownValue(fields, column)
  if (column === undefined || value === undefined || value === null) return undefined
  return toNumber(value) ?? refuse(issues, issueOf([column], 'a number', value))
}

function readDuration(fields: RecordFields, column: string | undefined, unitMs: number, issues: InputIssue[]): unknown {
  const value = column === undefined ? undefined : ownValue(fields, column)
  if (column === undefined || value === undefined || value === null) return undefined
  const number = toNumber(value)
  if (number !== undefined) return unitMs === 1 ? number : Math.round(number * unitMs)
  const ms = typeof value === 'string' ? parseDurationText(value.trim()) : undefined
  return ms ?? refuse(issues, issueOf([column], 'a number or a duration such as 00:02:30', value))
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  return typeof value === 'string' && /^\s*-?\d{1,15}(\.\d{1,15})?\s*$/.test(value) ? Number(value) : undefined
}

function readFacts(fields: RecordFields, columns: NonNullable<ArrivalColumns['facts']>, issues: InputIssue[]): Facts {
  const inline = ownValue(fields, 'facts')
  const given = isRecord(inline) ? parseWithSchema(factsSchema, inline, { path: ['facts'], issues }) : {}
  const facts: Record<string, Json> = { ...given }
  for (const [fact, column] of Object.entries(columns)) {
    const { column: name, as } = typeof column === 'string' ? { column, as: null } : column
    const value = ownValue(fields, name)
    if (value === undefined || value === null) continue
    const converted = as === null ? (value as Json) : convertTo(as, value)
    if (converted === undefined) issues.push(issueOf([name], factTypeNames[as ?? 'text'], value))
    else facts[fact] = converted
  }
  return facts
}

const factTypeNames: Readonly<Record<FactColumn['as'], string>> = {
  text: 'text',
  number: 'a number',
  flag: 'true or false, yes or no, 1 or 0',
}

const flagValues: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  1: true,
  false: false,
  no: false,
  0: false,
}

function convertTo(as: FactColumn['as'], value: unknown): Json | undefined {
  if (as === 'number') return toNumber(value)
  if (as === 'text') return typeof value === 'object' ? undefined : String(value)
  const text = String(value).toLowerCase()
  return Object.hasOwn(flagValues, text) ? flagValues[text] : undefined
}

function ownValue(fields: RecordFields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

function optionalEntry(name: string, value: unknown): object {
  return value === undefined || value === null ? {} : { [name]: value }
}
