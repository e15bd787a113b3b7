import { type InputIssue, InvalidInputError } from '../core'
import type { Arrival } from './arrival'
import { bankCallFrom, bankColumns } from './bank-call'
import type { Distribution } from './distribution'
import { type LineProblem, problemsOf } from './line-problem'

export interface ReadBankCallsOptions {
  /** Where the times were written down. Default `Asia/Jerusalem`, as in the published files. */
  readonly timeZone?: string
  /** Refuses the whole when one line is malformed. Default: such lines are left out and told. */
  readonly strict?: boolean
}

export interface ReadBankCalls {
  /** Calls that wanted a person, from the moment at which they left the voice response unit; in order of time. */
  readonly arrivals: readonly Arrival[]
  readonly problems: readonly LineProblem[]
  /** Well-formed calls that are no arrivals: they ended in the voice response unit, or never were. */
  readonly leftOut: { readonly selfService: number; readonly phantom: number }
  /** What happened to the arrivals then, to hold a simulation against. */
  readonly recorded: RecordedFigures
  /** How the callers and agents of this file behaved, ready for a scenario. */
  readonly behaviour: {
    /** The recorded service times, as they are; `null` when nobody was served. */
    readonly handling: Distribution | null
    /** Exponential; all the time spent in the queue for each caller who hung up there; `null` when nobody did. */
    readonly patience: Distribution | null
  }
}

export interface RecordedFigures {
  readonly offered: number
  readonly answered: number
  readonly abandoned: number
  /** Of those answered, those who did not wait among them. */
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
  const reading = new Reading(timeZone)
  let number = 0
  for (const raw of lines) {
    number += 1
    const text = raw.replace(/^\uFEFF/, '').replace(/\r$/, '')
    if (text.trim() !== '') reading.line(text, number)
  }
  if (strict && reading.malformed.length > 0) {
    const located = reading.malformed.flatMap(({ line, issues }) =>
      issues.map((issue) => ({ ...issue, path: ['line', line, ...issue.path] })),
    )
    throw new InvalidInputError(located)
  }
  return reading.result()
}

class Reading {
  readonly malformed: { readonly line: number; readonly issues: readonly InputIssue[] }[] = []
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

  line(text: string, number: number): void {
    if (this.#separator === null) {
      this.#separator = separatorOf(text)
      return
    }
    const issues: InputIssue[] = []
    const call = bankCallFrom(text.split(this.#separator), this.#timeZone, issues)
    if (call === null || issues.length > 0) return void this.malformed.push({ line: number, issues })
    if (call.outcome === 'PHANTOM') this.#leftOut.phantom += 1
    else if (call.outcome === 'HANG' && !call.isQueued) this.#leftOut.selfService += 1
    else this.#take(call.arrival, call.queueMs, call.outcome)
  }

  #take(arrival: Arrival, queueMs: number, outcome: 'AGENT' | 'HANG'): void {
    this.#arrivals.push(arrival)
    this.#queueMs += queueMs
    if (outcome === 'HANG') {
      this.#abandoned += 1
      return
    }
    this.#waitMs += queueMs
    this.#handlingMs.push(arrival.handlingMs ?? 0)
  }

  result(): ReadBankCalls {
    const handlingMs = this.#handlingMs
    const answered = handlingMs.length
    const abandoned = this.#abandoned
    const meanMs = abandoned === 0 ? 0 : this.#queueMs / abandoned
    return {
      arrivals: this.#arrivals.sort((one, other) => one.at - other.at),
      problems: problemsOf(this.malformed),
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

function separatorOf(heading: string): string {
  const separator = heading.includes('\t') ? '\t' : ','
  const names = heading.split(separator).map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
  const isBank = bankColumns.every((name, index) => isSame(name, names[index]))
  if (isBank && names.length === bankColumns.length) return separator
  const expected = `the heading ${bankColumns.join(', ')}`
  throw new InvalidInputError([
    { path: ['line', 1], expected, got: `${names.length} columns: ${heading.slice(0, 60)}` },
  ])
}

/** Tools that read the files have renamed the first column to `vru.line` or `vru_line`. */
function isSame(name: string, found: string | undefined): boolean {
  return found === name || (name === 'vru+line' && /^vru[._]line$/.test(found ?? ''))
}
