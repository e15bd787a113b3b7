import type { RouteInput } from '../core'
import type { Conditions } from './condition'

/** A json-rules-engine rule with a unique name; what it does when it matches is its event. */
export interface Workflow {
  readonly name: string
  /** Of the matching routes the higher priority wins, then the earlier in the list. Default 1. */
  readonly priority?: number
  readonly conditions: Conditions
  readonly event: WorkflowEvent
}

export type WorkflowEvent =
  | { readonly type: 'route'; readonly params: RouteInput }
  | { readonly type: 'prioritize'; readonly params: { readonly priority: number } }
  | { readonly type: 'tag'; readonly params: { readonly tags: readonly string[] } }

/** Conditions by the name under which workflows refer to them. */
export type NamedConditions = Readonly<Record<string, Conditions>>
