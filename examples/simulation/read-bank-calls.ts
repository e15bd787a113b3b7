import { type InputIssue, InvalidInputError } from 'frontbell'
import { type Arrival, type Distribution, type LineProblem, parseInstant } from 'frontbell/simulation'

export interface ReadBankCallsOptions {
  /** Time zone of the times. Default `Asia/Jerusalem`, as in the published files. */
  readonly timeZone?: string
  /** Throws when one line is malformed. Default: malformed lines are left out and reported in `problems`. */
  readonly strict?: boolean
}

export interface ReadBankCalls {
  /** Calls for an agent, at the instant at which they left the voice response unit; in order of time. */
  readonly arrivals: readonly Arrival[]
  readonly problems: readonly LineProblem[]
  /** Well-formed calls that are no arrivals: they ended in the voice response unit, or are phantoms. */
  readonly leftOut: { readonly selfService: number; readonly phantom: number }
  /** The recorded outcome of the arrivals, to compare a simulation with. */
  readonly recorded: RecordedStats
  /** The behaviour of callers and agents in this file, ready for a scenario. */
  readonly behaviour: {
    /** The recorded service times; `null` without answered calls. */
    readonly handling: Distribution | null
    /** Exponential, with the time in the queue of all callers for each one who hung up; `null` without these. */
    readonly patience: Distribution | null
  }
}

export interface RecordedStats {
  readonly offered: number
  readonly answered: number
  readonly abandoned: number
  /** Of answered calls, including those without a wait. */
  readonly meanWaitMs: number | null
  readonly meanHandlingMs: number | null
}

/**
 * Reads the call-centre data of the "Anonymous Bank" (Technion, SEE lab): 17 columns a call, with a heading, separated
 * by tabs or commas. Agents' names are not taken over.
 *
 * @throws InvalidInputError when the heading is another one, and, when `strict`, for malformed lines: all of them.
 */
export function readBankCalls(lines: Iterable<string>, options: ReadBankCallsOptions = {}): ReadBankCalls {
  const { timeZone = 'Asia/Jerusalem', strict = false } = options
  const reader = new BankCallReader(timeZone)
  let number = 0
  for (const raw of lines) {
    number += 1
    const text = raw.replace(/^\uFEFF/, '').replace(/\r$/, '')
    if (text.trim() !== '') reader.addLine(text, number)
  }
  if (strict && reader.malformedLines.length > 0) {
    const located = reader.malformedLines.flatMap(({ line, issues }) =>
      issues.map((issue) => ({ ...issue, path: ['line', line, ...issue.path] })),
    )
    throw new InvalidInputError(located)
  }
  return reader.toResult()
}

class BankCallReader {
  readonly malformedLines: { readonly line: number; readonly issues: readonly InputIssue[] }[] = []
  readonly #timeZone: string
  readonly #arrivals: Arrival[] = []
  readonly #leftOut = { selfService: 0, phantom: 0 }
  readonly #handlingMs: number[] = []
  #separator: string | null = null
  #abandoned = 0
  #waitMs = 0
  #queueMs = 0

  constructor(timeZone: string) {
    this.#timeZone = timeZone
  }

  addLine(text: string, number: number): void {
    if (this.#separator === null) {
      this.#separator = detectSeparator(text)
      return
    }
    const issues: InputIssue[] = []
    const call = parseBankCall(text.split(this.#separator), this.#timeZone, issues)
    if (call === null || issues.length > 0) return void this.malformedLines.push({ line: number, issues })
    if (call.outcome === 'PHANTOM') this.#leftOut.phantom += 1
    else if (call.outcome === 'HANG' && !call.isQueued) this.#leftOut.selfService += 1
    else this.#addArrival(call.arrival, call.queueMs, call.outcome)
  }

  #addArrival(arrival: Arrival, queueMs: number, outcome: 'AGENT' | 'HANG'): void {
    this.#arrivals.push(arrival)
    this.#queueMs += queueMs
    if (outcome === 'HANG') {
      this.#abandoned += 1
      return
    }
    this.#waitMs += queueMs
    this.#handlingMs.push(arrival.handlingMs ?? 0)
  }

  toResult(): ReadBankCalls {
    const handlingMs = this.#handlingMs
    const answered = handlingMs.length
    const abandoned = this.#abandoned
    const meanMs = abandoned === 0 ? 0 : this.#queueMs / abandoned
    return {
      arrivals: this.#arrivals.sort((one, other) => one.at - other.at),
      problems: this.malformedLines.map(({ line, issues }) => ({ line, message: issues.map(formatIssue).join('; ') })),
      leftOut: this.#leftOut,
      recorded: {
        ...{ offered: this.#arrivals.length, answered, abandoned },
        meanWaitMs: answered === 0 ? null : this.#waitMs / answered,
        meanHandlingMs: answered === 0 ? null : handlingMs.reduce((sum, ms) => sum + ms, 0) / answered,
      },
      behaviour: {
        handling: answered === 0 ? null : { distribution: 'empirical', valuesMs: handlingMs },
        patience: meanMs === 0 ? null : { distribution: 'exponential', meanMs },
      },
    }
  }
}

function detectSeparator(heading: string): string {
  const separator = heading.includes('\t') ? '\t' : ','
  const names = heading.split(separator).map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
  const isBank = bankColumns.every((name, index) => isSameColumn(name, names[index]))
  if (isBank && names.length === bankColumns.length) return separator
  const expected = `the heading ${bankColumns.join(', ')}`
  throw new InvalidInputError([
    { path: ['line', 1], expected, got: `${names.length} columns: ${heading.slice(0, 60)}` },
  ])
}

/** Tools that read the files have renamed the first column to `vru.line` or `vru_line`. */
function isSameColumn(name: string, found: string | undefined): boolean {
  return found === name || (name === 'vru+line' && /^vru[._]line$/.test(found ?? ''))
}

/** In the order of the published files. */
export const bankColumns = [
  ...['vru+line', 'call_id', 'customer_id', 'priority', 'type', 'date', 'vru_entry', 'vru_exit', 'vru_time'],
  ...['q_start', 'q_exit', 'q_time', 'outcome', 'ser_start', 'ser_exit', 'ser_time', 'server'],
] as const

/** One line of the data of the "Anonymous Bank". */
export interface BankCall {
  readonly arrival: Arrival
  readonly outcome: 'AGENT' | 'HANG' | 'PHANTOM'
  /** Whether it reached the queue; a call that is answered at once does not. */
  readonly isQueued: boolean
  readonly queueMs: number
}

/** Returns the text of a column. */
type ColumnReader = (name: (typeof bankColumns)[number]) => string

const emptyTimePattern = /^0{1,2}:00:00$/
const clockTimePattern = /^(\d{1,2}):(\d\d):(\d\d)$/
const bankOutcomes = ['AGENT', 'HANG', 'PHANTOM'] as const
/** Longer than a day is a mistake of the file. */
const daySeconds = 86_400

/** The fields of a line as a call; `null`, and what is wrong in `issues`, otherwise. */
export function parseBankCall(fields: readonly string[], timeZone: string, issues: InputIssue[]): BankCall | null {
  const found = fields.map((field) => field.trim().replace(/^"(.*)"$/, '$1'))
  if (found.length !== bankColumns.length) return addIssue(issues, [], `${bankColumns.length} fields`, found.length)
  const value: ColumnReader = (name) => found[bankColumns.indexOf(name)] ?? ''
  const outcome = bankOutcomes.find((one) => one === value('outcome'))
  if (outcome === undefined) addIssue(issues, ['outcome'], bankOutcomes.join(' or '), value('outcome'))
  const queueSeconds = parseSeconds('q_time', value('q_time'), issues)
  const serviceSeconds = parseSeconds('ser_time', value('ser_time'), issues)
  const isQueued = !emptyTimePattern.test(value('q_start'))
  const at = queueEntryAt(value, { isQueued, timeZone, issues })
  if (issues.length > 0 || outcome === undefined) return null
  const customer = value('customer_id')
  const arrival: Arrival = {
    at,
    facts: toFacts(value),
    ...(/^0*(\.0)?$/.test(customer) ? {} : { visitorId: `customer-${customer}` }),
    ...(outcome === 'AGENT' ? { handlingMs: serviceSeconds * 1_000 } : {}),
    ...(outcome === 'HANG' ? { patienceMs: queueSeconds * 1_000 } : {}),
  }
  return { arrival, outcome, isQueued, queueMs: queueSeconds * 1_000 }
}

interface QueueEntryContext {
  readonly isQueued: boolean
  readonly timeZone: string
  readonly issues: InputIssue[]
}

/** When the caller left the voice response unit: the date is that of the entry, which may be before midnight. */
function queueEntryAt(value: ColumnReader, { isQueued, timeZone, issues }: QueueEntryContext): number {
  const column = isQueued ? 'q_start' : 'vru_exit'
  const date = toIsoDate(value('date'))
  if (date === null) addIssue(issues, ['date'], 'a date, YYMMDD or YYYY-MM-DD', value('date'))
  const entry = secondsOfDay('vru_entry', value('vru_entry'), issues)
  const joined = secondsOfDay(column, value(column), issues)
  if (date === null || entry === null || joined === null) return 0
  const day = joined < entry ? nextDate(date) : date
  const at = parseInstant(`${day} ${formatClockTime(joined)}`, timeZone)
  if (at === undefined) addIssue(issues, ['date'], 'a date that exists', value('date'))
  return at ?? 0
}

function secondsOfDay(column: string, text: string, issues: InputIssue[]): number | null {
  const [, hour, minute, second] = clockTimePattern.exec(text) ?? []
  const isTime = hour !== undefined && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
  if (!isTime) return addIssue(issues, [column], 'a time, H:MM:SS', text)
  return Number(hour) * 3_600 + Number(minute) * 60 + Number(second)
}

function parseSeconds(column: string, text: string, issues: InputIssue[]): number {
  const isWhole = /^\d{1,5}$/.test(text) && Number(text) <= daySeconds
  if (!isWhole) addIssue(issues, [column], 'whole seconds of a day', text)
  return Number(text)
}

/** `990101` is 1999-01-01, `2001-01-01` itself. */
function toIsoDate(text: string): string | null {
  const [, year, month, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(text) ?? []
  if (year !== undefined) return `${Number(year) < 70 ? '20' : '19'}${year}-${month}-${day}`
  return /^\d{4}-\d\d-\d\d$/.test(text) ? text : null
}

function nextDate(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`)
  return Number.isNaN(at) ? date : new Date(at + 86_400_000).toISOString().slice(0, 10)
}

function formatClockTime(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${two(seconds / 3_600)}:${two((seconds % 3_600) / 60)}:${two(seconds % 60)}`
}

function toFacts(value: ColumnReader): Arrival['facts'] {
  const priority = Number(value('priority'))
  return { type: value('type'), ...(Number.isInteger(priority) ? { priority } : {}), line: value('vru+line') }
}

function addIssue(issues: InputIssue[], path: InputIssue['path'], expected: string, value: string | number): null {
  issues.push({ path, expected, got: JSON.stringify(value) })
  return null
}

function formatIssue({ path, expected, got }: InputIssue): string {
  return `${path.length === 0 ? '' : `${path.join('.')}: `}expected ${expected}, got ${got}`
}
