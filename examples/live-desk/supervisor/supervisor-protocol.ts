import type { AwaitingItem, Explanation, RequestView, Route } from 'frontbell'
import type { LintFinding } from 'frontbell/routing'

/** One row of the supervisor's queue, with the staff for whom it rings. */
export interface QueueRow
  extends Pick<RequestView, 'requestId' | 'openedAt' | 'priority' | 'tags' | 'workflow' | 'step'> {
  readonly reason: AwaitingItem['reason']
  readonly facts: Readonly<Record<string, string>>
  readonly ringingStaffIds: readonly string[]
}

export interface StaffRow {
  readonly id: string
  readonly name: string
  readonly teams: readonly string[]
  readonly load: number
  readonly capacity: number
  readonly state: 'available' | 'away' | 'absent'
}

/** The desk at one second. `serviceLevel`: 0 to 1, `null` before the first request was accepted. */
export interface Sample {
  readonly at: number
  readonly open: number
  readonly unattended: number
  readonly chats: number
  readonly serviceLevel: number | null
}

export interface DeskStats {
  readonly windowMs: number
  readonly thresholdMs: number
  readonly serviceLevel: number | null
  readonly medianMs: number | null
  readonly accepted: number
  readonly abandoned: number
}

/** What changed on the supervisor's page; the first message is complete. */
export interface SupervisorUpdate {
  readonly at: number
  readonly stats: DeskStats
  readonly staff: readonly StaffRow[]
  /** The ids in order if that changed, otherwise `null`. `rows`: only new and changed rows. */
  readonly order: readonly string[] | null
  readonly rows: readonly QueueRow[]
  readonly samples: readonly Sample[]
}

/** One request, with the reason for each staff member why it rings or not. */
export interface ExplainedRequest {
  readonly request: RequestView
  readonly explanation: Explanation
}

/** The workflows of one review or save, as JSON. */
export const workflowBytesMax = 250 * 1_024

/** What the workflow editor starts with. */
export interface WorkflowRevision {
  readonly workflows: readonly unknown[]
  /** That of the desk's rules. A save names the revision that it is based on. */
  readonly revision: number
  readonly schema: Readonly<Record<string, unknown>>
  readonly vocabulary: Vocabulary
}

/** Completions where the schema allows any text. */
export type Vocabulary = Readonly<
  Record<'staff' | 'team' | 'shift' | 'skills' | 'fact' | 'operator', readonly string[]>
>

export interface Problem {
  /** Path from the list of workflows inwards. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** The route of a request, with what decided it. */
export interface RoutedResult {
  readonly workflow: string | null
  readonly route: Route
  readonly priority: number
  readonly tags: readonly string[]
}

/** A recent request, routed by the current workflows and by those in the editor. */
export interface DryRunRow {
  readonly requestId: string
  readonly at: number
  readonly facts: Readonly<Record<string, string>>
  readonly before: RoutedResult
  readonly after: RoutedResult
  readonly isChanged: boolean
}

/** The review of workflows before they are saved. */
export interface Review {
  readonly problems: readonly Problem[]
  /** Targets that match no staff member of the roster. */
  readonly warnings: readonly Problem[]
  readonly findings: readonly LintFinding[]
  readonly runs: readonly DryRunRow[]
  /** Number of `runs` from the recorded day, used until the desk has had enough requests. */
  readonly recordedCount: number
}

export type SaveResult =
  | { readonly ok: true; readonly current: WorkflowRevision; readonly rerouted: number }
  | { readonly ok: false; readonly reason: 'problems'; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly reason: 'changed-meanwhile' | 'failed' }
