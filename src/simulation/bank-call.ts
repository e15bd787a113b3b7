import type { InputIssue } from '../core'
import { wrong } from '../desk'
import type { Arrival } from './arrival'
import { instantFrom } from './instant'

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

/** Gives the text of a column. */
type Values = (name: (typeof bankColumns)[number]) => string

const noTime = /^0{1,2}:00:00$/
const clockTime = /^(\d{1,2}):(\d\d):(\d\d)$/
const outcomes = ['AGENT', 'HANG', 'PHANTOM'] as const
/** Longer than a day is a mistake of the file. */
const secondsMax = 86_400

/** The fields of a line as a call; `null`, and what is wrong in `issues`, otherwise. */
export function bankCallFrom(fields: readonly string[], timeZone: string, issues: InputIssue[]): BankCall | null {
  const found = fields.map((field) => field.trim().replace(/^"(.*)"$/, '$1'))
  if (found.length !== bankColumns.length)
    return wrong(issues, [], `${bankColumns.length} fields`, found.length) ?? null
  const value: Values = (name) => found[bankColumns.indexOf(name)] ?? ''
  const outcome = outcomes.find((one) => one === value('outcome'))
  if (outcome === undefined) wrong(issues, ['outcome'], outcomes.join(' or '), value('outcome'))
  const queueSeconds = secondsIn('q_time', value('q_time'), issues)
  const serviceSeconds = secondsIn('ser_time', value('ser_time'), issues)
  const isQueued = !noTime.test(value('q_start'))
  const at = joinedAt(value, { isQueued, timeZone, issues })
  if (issues.length > 0 || outcome === undefined) return null
  const customer = value('customer_id')
  const arrival: Arrival = {
    at,
    facts: factsOf(value),
    ...(/^0*(\.0)?$/.test(customer) ? {} : { visitorId: `customer-${customer}` }),
    ...(outcome === 'AGENT' ? { handlingMs: serviceSeconds * 1_000 } : {}),
    ...(outcome === 'HANG' ? { patienceMs: queueSeconds * 1_000 } : {}),
  }
  return { arrival, outcome, isQueued, queueMs: queueSeconds * 1_000 }
}

interface Joining {
  readonly isQueued: boolean
  readonly timeZone: string
  readonly issues: InputIssue[]
}

/** When the caller left the voice response unit: the date is that of the entry, which may be before midnight. */
function joinedAt(value: Values, { isQueued, timeZone, issues }: Joining): number {
  const column = isQueued ? 'q_start' : 'vru_exit'
  const date = isoDate(value('date'))
  if (date === null) wrong(issues, ['date'], 'a date, YYMMDD or YYYY-MM-DD', value('date'))
  const entry = secondsOfDay('vru_entry', value('vru_entry'), issues)
  const joined = secondsOfDay(column, value(column), issues)
  if (date === null || entry === null || joined === null) return 0
  const day = joined < entry ? dateAfter(date) : date
  const at = instantFrom(`${day} ${clock(joined)}`, timeZone)
  if (at === undefined) wrong(issues, ['date'], 'a date that exists', value('date'))
  return at ?? 0
}

function secondsOfDay(column: string, text: string, issues: InputIssue[]): number | null {
  const [, hour, minute, second] = clockTime.exec(text) ?? []
  const isTime = hour !== undefined && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
  if (!isTime) return wrong(issues, [column], 'a time, H:MM:SS', text) ?? null
  return Number(hour) * 3_600 + Number(minute) * 60 + Number(second)
}

function secondsIn(column: string, text: string, issues: InputIssue[]): number {
  const isWhole = /^\d{1,5}$/.test(text) && Number(text) <= secondsMax
  if (!isWhole) wrong(issues, [column], 'whole seconds of a day', text)
  return Number(text)
}

/** `990101` is 1999-01-01, `2001-01-01` itself. */
function isoDate(text: string): string | null {
  const [, year, month, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(text) ?? []
  if (year !== undefined) return `${Number(year) < 70 ? '20' : '19'}${year}-${month}-${day}`
  return /^\d{4}-\d\d-\d\d$/.test(text) ? text : null
}

function dateAfter(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`)
  return Number.isNaN(at) ? date : new Date(at + 86_400_000).toISOString().slice(0, 10)
}

function clock(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${two(seconds / 3_600)}:${two((seconds % 3_600) / 60)}:${two(seconds % 60)}`
}

function factsOf(value: Values): Arrival['facts'] {
  const priority = Number(value('priority'))
  return { type: value('type'), ...(Number.isInteger(priority) ? { priority } : {}), line: value('vru+line') }
}
