import { type DomainEvent, describeIssue, InvalidInputError, type Route, type RoutingResult } from '../../core'
import { type Desk, manualClock, openDesk } from '../../desk'
import type { TracedCondition } from '../../routing'
import { describeRoute, formatList } from '../../routing'
import { parseInstant } from '../../simulation'
import { memoryStore } from '../../store'
import type { CliCommand, ParsedCall } from '../command'
import { CliError, exitCodes, usageError } from '../command'
import { type Column, formatTable } from '../format'
import type { Problem, RequestLine } from '../input-file'
import { formatPath, instantExpectation, parseRequestLines, printProblems, readText } from '../input-file'
import type { Rules } from '../rule-files'
import { parseRules, readRuleFiles } from '../rule-files'
import type { Terminal } from '../terminal'

/** `frontbell route`: where each request of a file would go, and why. */
export const routeCommand: CliCommand = {
  name: 'route',
  summary: 'says where each request of a file would go, and why',
  usage: 'FILE... REQUESTS.jsonl [--at INSTANT] [--strict] [--summary] [--json]',
  description: [
    'Puts each line of REQUESTS to a real desk with the rules of FILE (workflows, staff, shifts: as for check), where',
    'everybody of the roster is present, and says which workflow routes it, why, and who is rung first. A line is',
    'JSON: an object of facts, or { "facts": {…}, "visitorId", "visitor": {…}, "weight", "at" }. Lines that are not',
    'are said with their number and left out.',
  ],
  options: [
    {
      name: 'at',
      value: 'INSTANT',
      description: 'the time for lines without "at", such as 2026-11-23T09:00:00Z; default: now',
    },
    { name: 'strict', description: 'routes nothing when a line is malformed' },
    { name: 'summary', description: 'shows the table by workflow only' },
    { name: 'json', description: 'gives everything as JSON' },
  ],
  run: async (call, terminal) => {
    const requestsFile = call.files.at(-1)
    if (call.files.length < 2 || requestsFile === undefined)
      throw usageError('route needs a file of rules and a file of requests, or - for standard input')
    const at = parseTimeOption(call)
    const rules = parseRules(readRuleFiles(call.files.slice(0, -1), terminal))
    if (rules.problems.length > 0) return refuse(rules.problems, terminal)
    const { name, text } = readText(requestsFile, terminal)
    const read = parseRequestLines(name, text)
    const { previews, problems: refusedLines } = await previewRequests(rules, read.requests, { at, file: name })
    const problems = [...read.problems, ...refusedLines].sort((one, other) => (one.line ?? 0) - (other.line ?? 0))
    if (call.has('strict') && problems.length > 0) return refuse(problems, terminal)
    if (call.has('json'))
      terminal.print(JSON.stringify({ requests: previews, summary: summarize(previews), problems }, null, 2))
    else printPreviews(previews, call.has('summary'), terminal)
    printProblems(problems, terminal)
    const leftOut = new Set(problems.map(({ line }) => line)).size
    if (leftOut > 0) terminal.printError(`${leftOut} of ${previews.length + leftOut} lines left out`)
    return leftOut > 0 ? exitCodes.problems : exitCodes.ok
  },
}

function parseTimeOption(call: ParsedCall): number {
  const given = call.value('at')
  if (given === undefined) return Date.now()
  const at = parseInstant(/^\d+$/.test(given) ? Number(given) : given)
  if (at === undefined) throw new CliError(`--at: expected ${instantExpectation}, got ${given}`, exitCodes.usage)
  return at
}

function refuse(problems: readonly Problem[], terminal: Terminal) {
  printProblems(problems, terminal)
  return exitCodes.problems
}

interface WorkflowSummary {
  readonly workflow: string | null
  readonly requests: number
  readonly share: number
  /** The number of these that ring for no staff member at first, with the whole roster present. */
  readonly ringForNobody: number
}

function summarize(tried: readonly RoutePreviewLine[]): WorkflowSummary[] {
  const groups = new Map<string | null, RoutePreviewLine[]>()
  for (const one of tried) {
    const group = groups.get(one.workflow) ?? []
    group.push(one)
    groups.set(one.workflow, group)
  }
  const summary = [...groups].map(([workflow, all]) => ({
    ...{ workflow, requests: all.length, share: all.length / tried.length },
    ringForNobody: all.filter(({ rings }) => rings.length === 0).length,
  }))
  return summary.sort((one, other) => other.requests - one.requests)
}

const summaryColumns: readonly Column[] = [
  { title: 'workflow' },
  { title: 'requests', align: 'right' },
  { title: 'share', align: 'right' },
  { title: 'ring for nobody', align: 'right' },
]

function printPreviews(tried: readonly RoutePreviewLine[], isSummary: boolean, terminal: Terminal): void {
  const { colorize } = terminal
  if (!isSummary) {
    for (const one of tried) for (const line of formatPreview(one, terminal)) terminal.print(line)
    terminal.print()
  }
  const rows = summarize(tried).map(({ workflow, requests, share, ringForNobody }) => [
    ...[workflow ?? '(default route)', String(requests), `${(share * 100).toFixed(1)} %`],
    ringForNobody === 0 ? '' : String(ringForNobody),
  ])
  for (const line of formatTable(summaryColumns, rows, colorize)) terminal.print(line)
}

function formatPreview(
  { line, workflow, route, priority, tags, rings, because, failed }: RoutePreviewLine,
  { colorize }: Terminal,
) {
  const by = workflow === null ? colorize('dim', 'no workflow') : colorize('bold', workflow)
  const more = [
    ...(priority === 0 ? [] : [`priority ${priority}`]),
    ...(tags.length === 0 ? [] : [`tags ${tags.join(', ')}`]),
  ]
  const who = rings.length === 0 ? colorize('yellow', 'rings for nobody now') : `rings for ${formatList(rings)}`
  return [
    `${line}: ${by} -> ${describeRoute(route)}; ${[who, ...more].join('; ')}`,
    ...(because.length === 0 ? [] : [colorize('dim', `   because ${because.join(', ')}`)]),
    ...failed.map((failure) => colorize('yellow', `   took no part: ${failure}`)),
  ]
}

/** Where one request goes, and why. */
export interface RoutePreviewLine {
  readonly line: number
  /** `null`: no workflow routes it, so it takes the default route. */
  readonly workflow: string | null
  readonly route: Route
  readonly priority: number
  readonly tags: readonly string[]
  /** The staff members who are rung first, with the whole roster present. */
  readonly rings: readonly string[]
  /** The comparisons that made the workflow match, in words; empty for the default route. */
  readonly because: readonly string[]
  /** Workflows that failed and so took no part, and why. */
  readonly failed: readonly string[]
}

export interface RoutePreviewLines {
  readonly previews: readonly RoutePreviewLine[]
  readonly problems: readonly Problem[]
}

const unlimited = 10_000_000

/**
 * Puts requests to a real desk at which everybody is present, one after another, and takes each back at once.
 * `at`: the time for those that bring none.
 */
export async function previewRequests(
  rules: Rules,
  requests: readonly RequestLine[],
  { at, file }: { readonly at: number; readonly file: string },
): Promise<RoutePreviewLines> {
  const ordered = [...requests].sort((one, other) => (one.at ?? at) - (other.at ?? at))
  const clock = manualClock(ordered[0]?.at ?? at)
  const desk = await openDesk({ ...deskOptions(rules), clock })
  for (const { id } of rules.staff) await desk.connect(id, 'frontbell')
  const tried: RoutePreviewLine[] = []
  const problems: Problem[] = []
  for (const request of ordered) {
    clock.set(Math.max(clock.now(), request.at ?? at))
    await desk.idle()
    try {
      tried.push(await previewRequest(desk, request))
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error
      problems.push(...error.issues.slice(0, 1).map((issue) => toProblem(request.line, issue, file)))
    }
  }
  await desk.close()
  const byLine = (one: RoutePreviewLine, other: RoutePreviewLine) => one.line - other.line
  return { previews: tried.sort(byLine), problems }
}

function deskOptions({ staff, shifts, workflows, policy, conditions, defaultRoute }: Rules) {
  const limits = { requestsPerMinuteMax: unlimited, visitorsMax: unlimited }
  return {
    ...{ staff, shifts, workflows, store: memoryStore({ keepEntries: 0 }) },
    policy: { ...policy, ...limits, sessionLeaseMs: null },
    routing: { conditions, ...(defaultRoute === undefined ? {} : { defaultRoute }) },
  }
}

async function previewRequest(
  desk: Desk,
  { line, facts, visitorId, visitorFacts, weight }: RequestLine,
): Promise<RoutePreviewLine> {
  const requestId = `line ${line}`
  const who = visitorId ?? requestId
  let routingResult: RoutingResult | undefined
  const unsubscribe = desk.on('request.opened', (event: Extract<DomainEvent, { type: 'request.opened' }>) => {
    routingResult = event.routingResult
  })
  if (visitorFacts !== null) await desk.visitorArrived({ visitorId: who, facts: visitorFacts })
  try {
    await desk.requestChat({ requestId, visitorId: who, facts, ...(weight === null ? {} : { weight }) })
  } finally {
    unsubscribe()
  }
  if (routingResult === undefined) throw new Error(`the desk refused ${requestId}`)
  const { workflow, route, priority, tags } = routingResult
  const explained = desk.explain(requestId)
  const rings = explained?.staff.filter(({ reason }) => reason === 'rung').map(({ staffId }) => staffId) ?? []
  const all = explained?.trace?.evaluated ?? []
  const won = all.find((one) => one.workflow === workflow)?.conditions ?? null
  const failed = all.flatMap(({ workflow: name, failure }) => (failure === null ? [] : [`${name}: ${failure}`]))
  await desk.cancel(requestId)
  return { line, workflow, route, priority, tags, rings, because: won === null ? [] : matchedComparisons(won), failed }
}

/** The comparisons that held, or that a `not` wanted to fail. */
function matchedComparisons(condition: TracedCondition, isDenied = false): string[] {
  if (!('group' in condition)) return condition.matched === !isDenied ? [describeComparison(condition, isDenied)] : []
  if (condition.group === 'not') return condition.parts.flatMap((part) => matchedComparisons(part, !isDenied))
  return condition.matched === !isDenied ? condition.parts.flatMap((part) => matchedComparisons(part, isDenied)) : []
}

function describeComparison(
  comparison: Exclude<TracedCondition, { readonly group: string }>,
  isDenied: boolean,
): string {
  const { fact, path, operator, expected, actual } = comparison
  const where = path === undefined ? fact : `${fact} ${path}`
  const is = operator === 'equal' ? '' : ` (it is ${JSON.stringify(actual)})`
  return `${isDenied ? 'not: ' : ''}${where} ${operator} ${JSON.stringify(expected)}${is}`
}

function toProblem(line: number, issue: InvalidInputError['issues'][number], file: string): Problem {
  const [, ...inside] = issue.path[0] === 'requestChat' ? issue.path : ['', ...issue.path]
  return { severity: 'error', file, line, column: null, path: formatPath(inside), message: describeIssue(issue) }
}
