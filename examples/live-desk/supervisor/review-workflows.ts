import { type Desk, type InputIssue, InvalidInputError, manualClock, openDesk, type Shift, type Staff } from 'frontbell'
import { findUnknownTargets, lintWorkflows, parseWorkflows, type Workflow } from 'frontbell/routing'
import { summarizeFacts } from '../fact-summary'
import type { RecentRequest } from '../recent-requests'
import { type DryRunRow, type Problem, type Review, type RoutedResult, workflowBytesMax } from './supervisor-protocol'

export interface ReviewParts {
  readonly desk: Desk
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  readonly recent: readonly RecentRequest[]
}

/** Returns the problems of these workflows, what looks like a mistake, and where the last requests would go. */
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
      : findUnknownTargets(event.params, { staff, shifts }).map((warning) => withinWorkflow(index, warning)),
  )
  return { problems: [], warnings, findings, recordedCount, runs: await dryRun(desk, workflows, recent) }
}

/** Returns every problem, with its path from the list of workflows inwards. */
export function problemsOf({ issues }: InvalidInputError): readonly Problem[] {
  return issues.map(({ path, expected, got }: InputIssue) => {
    const inside = path[0] === 'workflows' ? path.slice(1) : path
    return { path: inside, message: `expected ${expected}, got ${got}` }
  })
}

function parsedWorkflows(input: unknown): { workflows: readonly Workflow[] } | { problems: readonly Problem[] } {
  const bytes = Buffer.byteLength(JSON.stringify(input) ?? '')
  if (bytes > workflowBytesMax) {
    const message = `expected at most ${workflowBytesMax} bytes of workflows, got ${bytes}`
    return { problems: [{ path: [], message }] }
  }
  try {
    return { workflows: parseWorkflows(input) }
  } catch (error) {
    if (error instanceof InvalidInputError) return { problems: problemsOf(error) }
    throw error
  }
}

function withinWorkflow(index: number, { path, message }: Problem): Problem {
  return { path: [index, 'event', 'params', ...path], message }
}

/**
 * Previews the routes at the desk and at a second one, opened on its snapshot with the new workflows: the same staff
 * are present, and the same requests wait. The second desk has a clock that stands still and no listeners.
 */
async function dryRun(desk: Desk, workflows: readonly Workflow[], recent: readonly RecentRequest[]) {
  const revised = await openDesk({ snapshot: desk.snapshot(), workflows, clock: manualClock(Date.now()) })
  try {
    const rows: DryRunRow[] = []
    for (const { requestId, at, facts } of recent) {
      const [before, after] = [
        routedResult(await desk.previewRoute({ facts })),
        routedResult(await revised.previewRoute({ facts })),
      ]
      const isChanged = JSON.stringify(before) !== JSON.stringify(after)
      rows.push({ requestId, at, facts: summarizeFacts(facts), before, after, isChanged })
    }
    return rows
  } finally {
    await revised.close()
  }
}

function routedResult({ workflow, route, priority, tags }: RoutedResult): RoutedResult {
  return { workflow, route, priority, tags }
}
