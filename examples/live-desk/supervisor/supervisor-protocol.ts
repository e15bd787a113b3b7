import type { AwaitingItem, Explanation, RequestView, Route } from 'frontbell'
import type { LintFinding } from 'frontbell/routing'

/** One line of the supervisor's queue: enough to read it, and for whom it rings. */
export interface QueueRow
  extends Pick<RequestView, 'requestId' | 'openedAt' | 'priority' | 'tags' | 'workflow' | 'step'> {
  readonly reason: AwaitingItem['reason']
  readonly facts: Readonly<Record<string, string>>
  readonly rungIds: readonly string[]
}

export interface StaffRow {
  readonly id: string
  readonly name: string
  readonly teams: readonly string[]
  readonly load: number
  readonly capacity: number
  readonly state: 'available' | 'away' | 'absent'
}

/** The desk at one second. `serviceLevel`: 0 to 1, `null` before anybody was answered. */
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

/** What changed on the supervisor's page; the first message has everything. */
export interface SupervisorUpdate {
  readonly at: number
  readonly figures: DeskStats
  readonly staff: readonly StaffRow[]
  /** The ids in their order, when that changed, and the rows that are new or other than before. */
  readonly order: readonly string[] | null
  readonly rows: readonly QueueRow[]
  readonly samples: readonly Sample[]
}

/** One request, with who is rung and why not the others. */
export interface ExplainedRequest {
  readonly request: RequestView
  readonly explanation: Explanation
}

/** Everything that the workflow editor begins with. */
export interface WorkflowRevision {
  readonly workflows: readonly unknown[]
  /** Changes with the workflows: who saves says what the changes were made to. */
  readonly revision: string
  readonly schema: Readonly<Record<string, unknown>>
  readonly vocabulary: Vocabulary
}

/** What may be written where the schema says no more than "text". */
export type Vocabulary = Readonly<
  Record<'staff' | 'team' | 'shift' | 'skills' | 'fact' | 'operator', readonly string[]>
>

export interface Problem {
  /** From the list of workflows inwards. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Where a request goes. */
export interface RoutedResult {
  readonly workflow: string | null
  readonly route: Route
  readonly priority: number
  readonly tags: readonly string[]
}

/** A request of the past, sent through the workflows of now and those in the editor. */
export interface DryRunRow {
  readonly requestId: string
  readonly at: number
  readonly facts: Readonly<Record<string, string>>
  readonly before: RoutedResult
  readonly after: RoutedResult
  readonly isChanged: boolean
}

/** What is to be said about workflows before they are saved. */
export interface Review {
  readonly problems: readonly Problem[]
  /** Targets that mean nobody of this roster. */
  readonly warnings: readonly Problem[]
  readonly findings: readonly LintFinding[]
  readonly runs: readonly DryRunRow[]
  /** Of `runs`, how many are of the recorded day, because nobody has asked yet. */
  readonly recordedCount: number
}

export type SaveResult =
  | { readonly ok: true; readonly book: WorkflowRevision; readonly rerouted: number }
  | { readonly ok: false; readonly reason: 'problems'; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly reason: 'changed-meanwhile' | 'failed' }
