import { type DomainEvent, InvalidInputError, type Route, type Verdict } from '../core'
import { type Desk, manualClock, openDesk } from '../desk'
import { memoryLog } from '../log'
import type { TracedCondition } from '../routing'
import { issueMessage, type Problem, pathIn } from './problem'
import type { RequestLine } from './request-lines'
import type { Rules } from './rules'

/** Where one request goes, and why. */
export interface TriedRequest {
  readonly line: number
  /** `null`: no workflow routes it, so it takes the default route. */
  readonly workflow: string | null
  readonly route: Route
  readonly priority: number
  readonly tags: readonly string[]
  /** Who is rung first, when everybody of the roster is at their desk. */
  readonly rings: readonly string[]
  /** The comparisons that made the workflow match, in words; empty for the default route. */
  readonly because: readonly string[]
  /** Workflows that failed and so took no part, and why. */
  readonly failed: readonly string[]
}

export interface TriedRequests {
  readonly tried: readonly TriedRequest[]
  readonly problems: readonly Problem[]
}

const limitless = 10_000_000

/**
 * Puts requests to a real desk at which everybody is present, one after another, and takes each back at once.
 * `at`: the time for those that bring none.
 */
export async function tryRequests(
  rules: Rules,
  requests: readonly RequestLine[],
  { at, file }: { readonly at: number; readonly file: string },
): Promise<TriedRequests> {
  const ordered = [...requests].sort((one, other) => (one.at ?? at) - (other.at ?? at))
  const clock = manualClock(ordered[0]?.at ?? at)
  const desk = await openDesk({ ...optionsFrom(rules), clock })
  for (const { id } of rules.staff) await desk.connect(id, 'frontbell')
  const tried: TriedRequest[] = []
  const problems: Problem[] = []
  for (const request of ordered) {
    clock.set(Math.max(clock.now(), request.at ?? at))
    await desk.idle()
    try {
      tried.push(await tryOne(desk, request))
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error
      problems.push(...error.issues.slice(0, 1).map((issue) => problemAt(request.line, issue, file)))
    }
  }
  await desk.close()
  const byLine = (one: TriedRequest, other: TriedRequest) => one.line - other.line
  return { tried: tried.sort(byLine), problems }
}

function optionsFrom({ staff, shifts, workflows, policy, conditions, defaultRoute }: Rules) {
  const limits = { requestsPerMinuteMax: limitless, visitorsMax: limitless }
  return {
    ...{ staff, shifts, workflows, log: memoryLog({ keepEntries: 0 }) },
    policy: { ...policy, ...limits, sessionLeaseMs: null },
    routing: { conditions, ...(defaultRoute === undefined ? {} : { defaultRoute }) },
  }
}

async function tryOne(desk: Desk, { line, facts, visitorId, visitor, weight }: RequestLine): Promise<TriedRequest> {
  const requestId = `line ${line}`
  const who = visitorId ?? requestId
  let verdict: Verdict | undefined
  const leave = desk.on('request.opened', (event: Extract<DomainEvent, { type: 'request.opened' }>) => {
    verdict = event.verdict
  })
  if (visitor !== null) await desk.visitorArrived({ visitorId: who, facts: visitor })
  try {
    await desk.requestChat({ requestId, visitorId: who, facts, ...(weight === null ? {} : { weight }) })
  } finally {
    leave()
  }
  if (verdict === undefined) throw new Error(`the desk refused ${requestId}`)
  const { workflow, route, priority, tags } = verdict
  const explained = desk.explain(requestId)
  const rings = explained?.staff.filter(({ why }) => why === 'rung').map(({ staffId }) => staffId) ?? []
  const all = explained?.trace?.tried ?? []
  const won = all.find((one) => one.workflow === workflow)?.conditions ?? null
  const failed = all.flatMap(({ workflow: name, failure }) => (failure === null ? [] : [`${name}: ${failure}`]))
  await desk.cancel(requestId)
  return { line, workflow, route, priority, tags, rings, because: won === null ? [] : reasonsOf(won), failed }
}

/** The comparisons that held, or that a `not` wanted to fail. */
function reasonsOf(condition: TracedCondition, isDenied = false): string[] {
  if (!('group' in condition)) return condition.isMet === !isDenied ? [told(condition, isDenied)] : []
  if (condition.group === 'not') return condition.parts.flatMap((part) => reasonsOf(part, !isDenied))
  return condition.isMet === !isDenied ? condition.parts.flatMap((part) => reasonsOf(part, isDenied)) : []
}

function told(comparison: Exclude<TracedCondition, { readonly group: string }>, isDenied: boolean): string {
  const { fact, path, operator, expected, found } = comparison
  const where = path === undefined ? fact : `${fact} ${path}`
  const is = operator === 'equal' ? '' : ` (it is ${JSON.stringify(found)})`
  return `${isDenied ? 'not: ' : ''}${where} ${operator} ${JSON.stringify(expected)}${is}`
}

function problemAt(line: number, issue: InvalidInputError['issues'][number], file: string): Problem {
  const [, ...inside] = issue.path[0] === 'requestChat' ? issue.path : ['', ...issue.path]
  return { severity: 'error', file, line, column: null, path: pathIn(inside), message: issueMessage(issue) }
}
