import type { Facts } from '../core'
import { JsonFile } from './json-file'
import type { Problem } from './problem'

/** One request of a file of requests. */
export interface RequestLine {
  readonly line: number
  readonly facts: Facts
  readonly visitorId: string | null
  /** What is known of the visitor, for the fact `visitor`. */
  readonly visitor: Facts | null
  readonly weight: number | null
  /** When it came; `null`: at the time of the whole run. */
  readonly at: number | null
}

export interface RequestLines {
  readonly requests: readonly RequestLine[]
  /** One for each line that is no request; empty lines are none. */
  readonly problems: readonly Problem[]
}

/**
 * Requests from JSON lines. A line with an object `facts` may say besides: `visitorId`, `visitor` (its facts), `weight`
 * and `at`; what else it holds is left alone, as in recordings. Without `facts`, the whole object is the facts.
 */
export function requestLines(name: string, text: string): RequestLines {
  const requests: RequestLine[] = []
  const problems: Problem[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.trim() === '') continue
    const file = new JsonFile(name, raw)
    const found = file.problems.length > 0 ? file.problems : readLine(file, index + 1, requests)
    problems.push(...found.slice(0, 1).map((problem) => ({ ...problem, line: index + 1 })))
  }
  return { requests, problems }
}

/** Adds the request, or says what is wrong with it. */
function readLine(file: JsonFile, line: number, requests: RequestLine[]): Problem[] {
  const wrong = (path: readonly string[], message: string) => [file.at(path, { severity: 'error', message })]
  const { value } = file
  if (!isObject(value)) return wrong([], 'expected a JSON object')
  if (!Object.hasOwn(value, 'facts')) {
    requests.push({ line, facts: value as Facts, visitorId: null, visitor: null, weight: null, at: null })
    return []
  }
  const { facts, visitorId = null, visitor = null, weight = null, at = null } = value
  const instant = at === null ? null : instantOf(at)
  if (!isObject(facts)) return wrong(['facts'], 'expected an object of facts')
  if (visitorId !== null && typeof visitorId !== 'string') return wrong(['visitorId'], 'expected text')
  if (visitor !== null && !isObject(visitor)) return wrong(['visitor'], 'expected an object of facts')
  if (weight !== null && typeof weight !== 'number') return wrong(['weight'], 'expected a number')
  if (instant === undefined) return wrong(['at'], expectedInstant)
  requests.push({ line, facts: facts as Facts, visitorId, visitor: visitor as Facts | null, weight, at: instant })
  return []
}

export const expectedInstant = 'expected an instant such as "2026-11-23T09:00:00Z", or milliseconds since the epoch'

/** An instant in ISO 8601 with an offset or `Z`, or milliseconds since the epoch; `undefined` for anything else. */
export function instantOf(value: unknown): number | undefined {
  const isText = typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(value)
  const at = isText ? Date.parse(value) : value
  return typeof at === 'number' && Number.isInteger(at) && at >= 0 && at <= 8.64e15 ? at : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
