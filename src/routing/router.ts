import type { Verdict } from '../core'
import type { RoutingInput } from './routing-input'
import type { Trace } from './trace'
import type { Workflow } from './workflow'

/** From facts to a route. */
export interface Router {
  /** Never rejects: a request is never lost to a rule. */
  route(input: RoutingInput): Promise<Routed>
  /**
   * The same without a promise, where json-rules-engine has nothing to say: no workflow matches or could. `undefined`
   * otherwise; then ask `route`, which takes up with the same input where this left off.
   */
  routeNow(input: RoutingInput): Routed | undefined
  /**
   * Replaces all workflows at once; a request on its way keeps those that it began with.
   * @throws InvalidInputError with every problem found; then nothing changes.
   */
  setWorkflows(workflows: unknown): void
  /**
   * Puts one workflow in the place of the one with its name, or last; touches no other.
   * @throws InvalidInputError with every problem found; then nothing changes.
   */
  setWorkflow(workflow: unknown): void
  /** False when there was none of that name. */
  removeWorkflow(name: string): boolean
  readonly workflows: readonly Workflow[]
}

export interface Routed {
  readonly verdict: Verdict
  readonly trace: Trace
}

/** Something failed or was late: these workflows did not take part, and the request was routed without them. */
export interface RoutingDegraded {
  readonly workflows: readonly string[]
  readonly reason: string
}
