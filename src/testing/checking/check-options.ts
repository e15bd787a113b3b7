import type { DeskOptions } from '../../desk'
import type { Replay } from './counter-example'
import type { WorkflowProperty } from './workflow-property'

/** The rules that are checked: what the host opens its desk with. */
export type CheckedRules = Pick<DeskOptions, 'staff' | 'shifts' | 'workflows' | 'policy' | 'routing'>

/** What must hold, under the sentences that say so. */
export type WorkflowProperties = Readonly<Record<string, WorkflowProperty>>

export interface CheckOptions {
  /** Decides which random stories are told. Default: another one each time; a failure names it. */
  readonly seed?: number
  /** Random stories for each property, after the plain ones of the sweep. Default 200. */
  readonly runs?: number
  /** Plain stories at most: every way to meet a workflow at every stretch of the week. Default 600. */
  readonly sweepMax?: number
  /** A Monday, 00:00 UTC: the week that is looked at. Default: 5 January 2026, an ordinary one. */
  readonly weekFrom?: number
  /** Only this story again. */
  readonly replay?: Replay
}
