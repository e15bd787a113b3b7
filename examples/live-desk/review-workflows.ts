import { type Desk, type InputIssue, InvalidInputError, manualClock, openDesk, type Shift, type Staff } from 'frontbell'
import { lintWorkflows, parseWorkflows, unknownTargets, type Workflow } from 'frontbell/routing'
import type { RecentRequest } from './recent-requests'
import { shortFacts } from './short-facts'
import type { DryRow, Problem, Review, Way } from './supervisor-view'

export interface ReviewParts {
  readonly desk: Desk
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  readonly recent: readonly RecentRequest[]
}

/** What the desk would say to these workflows, what looks like a mistake, and where the last requests would go. */
export async function reviewWorkflows(input: unknown, { desk, staff, shifts, recent }: ReviewParts): Promise<Review> {
  const recordedCount = recent.filter(({ isRecorded }) => isRecorded).length
  const empty = { warnings: [], findings: [], runs: [], recordedCount }
  const parsed = parsedWorkflows(input)
  if ('problems' in parsed) return { ...empty, problems: parsed.problems }
  const { workflows } = parsed
  const findings = lintWorkflows({ workflows, staff, shifts })
  const warnings = workflows.flatMap(({ event }, index) =>
    event.type !== 'route'
      ? []
      : unknownTargets(event.params, { staff, shifts }).map((warning) => under(index, warning)),
  )
  return { problems: [], warnings, findings, recordedCount, runs: await dryRun(desk, workflows, recent) }
}

/** Every problem at once, with the path from the list inwards. */
export function problemsOf({ issues }: InvalidInputError): readonly Problem[] {
  return issues.map(({ path, expected, got }: InputIssue) => {
    const inside = path[0] === 'workflows' ? path.slice(1) : path
    return { path: inside, message: `expected ${expected}, got ${got}` }
  })
}

function parsedWorkflows(input: unknown): { workflows: readonly Workflow[] } | { problems: readonly Problem[] } {
  try {
    return { workflows: parseWorkflows(input) }
  } catch (error) {
    if (error instanceof InvalidInputError) return { problems: problemsOf(error) }
    throw error
  }
}

function under(index: number, { path, message }: Problem): Problem {
  return { path: [index, 'event', 'params', ...path], message }
}

/**
 * Asks the desk as it is, and a second one opened on its snapshot with the other workflows: the same people are there,
 * and the same waits. Its clock stands still, nobody hears it, and it is gone when it has answered.
 */
async function dryRun(desk: Desk, workflows: readonly Workflow[], recent: readonly RecentRequest[]) {
  const other = await openDesk({ snapshot: desk.snapshot(), workflows, clock: manualClock(Date.now()) })
  try {
    const rows: DryRow[] = []
    for (const { requestId, at, facts } of recent) {
      const [before, after] = [way(await desk.route(facts)), way(await other.route(facts))]
      const isChanged = JSON.stringify(before) !== JSON.stringify(after)
      rows.push({ requestId, at, facts: shortFacts(facts), before, after, isChanged })
    }
    return rows
  } finally {
    await other.close()
  }
}

function way({ workflow, route, priority, tags }: Way): Way {
  return { workflow, route, priority, tags }
}
