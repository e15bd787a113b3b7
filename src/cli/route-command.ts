import { toldList, toldRoute } from '../routing'
import { CliError, usageError } from './cli-error'
import type { CliCall, CliCommand } from './command'
import { exitCodes } from './exit-codes'
import { printProblems } from './print-problems'
import type { Problem } from './problem'
import { readText } from './read-text'
import { expectedInstant, instantOf, requestLines } from './request-lines'
import { readRuleFiles } from './rule-files'
import { rulesFrom } from './rules'
import type { Terminal } from './terminal'
import { type Column, textTable } from './text-table'
import { type TriedRequest, tryRequests } from './try-requests'

/** `frontbell route`: where each request of a file would go, and why. */
export const routeCommand: CliCommand = {
  name: 'route',
  summary: 'says where each request of a file would go, and why',
  usage: 'FILE... REQUESTS.jsonl [--at INSTANT] [--strict] [--summary] [--json]',
  about: [
    'Puts each line of REQUESTS to a real desk with the rules of FILE (workflows, staff, shifts: as for check), where',
    'everybody of the roster is present, and says which workflow routes it, why, and who is rung first. A line is',
    'JSON: an object of facts, or { "facts": {…}, "visitorId", "visitor": {…}, "weight", "at" }. Lines that are not',
    'are said with their number and left out.',
  ],
  options: [
    {
      name: 'at',
      value: 'INSTANT',
      about: 'the time for lines without "at", such as 2026-11-23T09:00:00Z; default: now',
    },
    { name: 'strict', about: 'routes nothing when a line is malformed' },
    { name: 'summary', about: 'shows the table by workflow only' },
    { name: 'json', about: 'gives everything as JSON' },
  ],
  run: async (call, terminal) => {
    const requestsFile = call.files.at(-1)
    if (call.files.length < 2 || requestsFile === undefined)
      throw usageError('route needs a file of rules and a file of requests, or - for standard input')
    const at = timeOf(call)
    const rules = rulesFrom(readRuleFiles(call.files.slice(0, -1), terminal))
    if (rules.problems.length > 0) return refused(rules.problems, terminal)
    const { name, text } = readText(requestsFile, terminal)
    const read = requestLines(name, text)
    const { tried, problems: refusedLines } = await tryRequests(rules, read.requests, { at, file: name })
    const problems = [...read.problems, ...refusedLines].sort((one, other) => (one.line ?? 0) - (other.line ?? 0))
    if (call.has('strict') && problems.length > 0) return refused(problems, terminal)
    if (call.has('json'))
      terminal.out(JSON.stringify({ requests: tried, summary: summaryOf(tried), problems }, null, 2))
    else print(tried, call.has('summary'), terminal)
    printProblems(problems, terminal)
    if (problems.length > 0)
      terminal.err(`${problems.length} of ${read.requests.length + read.problems.length} lines left out`)
    return exitCodes.fine
  },
}

function timeOf(call: CliCall): number {
  const given = call.value('at')
  if (given === undefined) return Date.now()
  const at = instantOf(/^\d+$/.test(given) ? Number(given) : given)
  if (at === undefined) throw new CliError(`--at: ${expectedInstant}, got ${given}`, exitCodes.usage)
  return at
}

function refused(problems: readonly Problem[], terminal: Terminal) {
  printProblems(problems, terminal)
  return exitCodes.problems
}

interface WorkflowSummary {
  readonly workflow: string | null
  readonly requests: number
  readonly share: number
  /** Of these, how many ring for nobody at first although everybody is there. */
  readonly ringForNobody: number
}

function summaryOf(tried: readonly TriedRequest[]): WorkflowSummary[] {
  const groups = new Map<string | null, TriedRequest[]>()
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

const columns: readonly Column[] = [
  { title: 'workflow' },
  { title: 'requests', align: 'right' },
  { title: 'share', align: 'right' },
  { title: 'ring for nobody', align: 'right' },
]

function print(tried: readonly TriedRequest[], isSummary: boolean, terminal: Terminal): void {
  const { paint } = terminal
  if (!isSummary) {
    for (const one of tried) for (const line of linesOf(one, terminal)) terminal.out(line)
    terminal.out()
  }
  const rows = summaryOf(tried).map(({ workflow, requests, share, ringForNobody }) => [
    ...[workflow ?? '(default route)', String(requests), `${(share * 100).toFixed(1)} %`],
    ringForNobody === 0 ? '' : String(ringForNobody),
  ])
  for (const line of textTable(columns, rows, paint)) terminal.out(line)
}

function linesOf({ line, workflow, route, priority, tags, rings, because, failed }: TriedRequest, { paint }: Terminal) {
  const by = workflow === null ? paint('dim', 'no workflow') : paint('bold', workflow)
  const more = [
    ...(priority === 0 ? [] : [`priority ${priority}`]),
    ...(tags.length === 0 ? [] : [`tags ${tags.join(', ')}`]),
  ]
  const who = rings.length === 0 ? paint('yellow', 'rings for nobody now') : `rings for ${toldList(rings)}`
  return [
    `${line}: ${by} -> ${toldRoute(route)}; ${[who, ...more].join('; ')}`,
    ...(because.length === 0 ? [] : [paint('dim', `   because ${because.join(', ')}`)]),
    ...failed.map((failure) => paint('yellow', `   took no part: ${failure}`)),
  ]
}
