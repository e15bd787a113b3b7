import type { RoutingResult } from '../core'
import type { Trace } from './engine/trace'
import type { RoutingInput } from './facts/routing-context'
import type { Workflow } from './workflow/workflow'

/** From facts to a route. */
export interface Router {
  /** Never rejects: a request is never lost to a rule. */
  route(input: RoutingInput): Promise<RoutedRequest>
  /**
   * The same without a promise, where json-rules-engine has nothing to say: no workflow matches or could. `undefined`
   * otherwise; then ask `route`, which takes up with the same input where this left off.
   */
  routeNow(input: RoutingInput): RoutedRequest | undefined
  /**
   * Replaces all workflows at once; a request on its way keeps those that it began with.
   * @throws InvalidInputError with every problem found; then nothing changes.
   */
  setWorkflows(workflows: unknown): void
  /**
   * Returns a copy of one workflow.
   * @throws InvalidInputError with every problem found.
   */
  parseWorkflow(workflow: unknown): Workflow
  /**
   * Puts one workflow in the place of the one with its name, or last; touches no other.
   * @throws InvalidInputError with every problem found; then nothing changes.
   */
  setWorkflow(workflow: unknown): void
  /** False when there was none of that name. */
  removeWorkflow(name: string): boolean
  readonly workflows: readonly Workflow[]
}

export interface RoutedRequest {
  readonly routingResult: RoutingResult
  readonly trace: Trace
}

/** Something failed or was late: these workflows did not take part, and the request was routed without them. */
export interface RoutingDegraded {
  readonly workflows: readonly string[]
  readonly reason: string
}
