import type { RoutingResult } from '../core'
import type { Trace } from './evaluation/trace'
import type { RoutingInput } from './facts/routing-context'
import type { Workflow } from './workflow/workflow'

/** Finds the route of a request by its facts. */
export interface Router {
  /** Never rejects: a request is never lost to a rule. */
  route(input: RoutingInput): Promise<RoutedRequest>
  /**
   * The same without a promise, where no workflow matches or could. Returns `undefined` otherwise: then call `route`
   * with the same input, which continues where this stopped.
   */
  routeNow(input: RoutingInput): RoutedRequest | undefined
  /**
   * Replaces all workflows at once; a request that is being routed keeps those that it began with.
   * @throws InvalidInputError with every problem found; then nothing changes.
   */
  setWorkflows(workflows: unknown): void
  /**
   * Replaces all workflows at once by those that a store holds. They were accepted one by one, so that what they exceed
   * together is not checked again.
   * @throws InvalidInputError with every problem found; then nothing changes.
   */
  restoreWorkflows(workflows: readonly unknown[]): void
  /**
   * Returns copies of workflows, which `restoreWorkflows` does not parse again.
   * @throws InvalidInputError with every problem found.
   */
  parseWorkflows(workflows: unknown): readonly Workflow[]
  /**
   * The same, with a pause after each piece of a list, which must not change meanwhile.
   * @throws InvalidInputError (as a rejection) with every problem found.
   */
  parseWorkflowsInPieces(workflows: unknown, pause: () => Promise<void>): Promise<readonly Workflow[]>
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
  /** Returns false when no workflow had that name. */
  removeWorkflow(name: string): boolean
  readonly workflows: readonly Workflow[]
}

export interface RoutedRequest {
  readonly routingResult: RoutingResult
  readonly trace: Trace
}

/** A fact or operator failed or was late: the request was routed without these workflows. */
export interface RoutingDegraded {
  readonly workflows: readonly string[]
  /** Names the workflows, the fact or operator, and what was thrown: `workflow "VIPs": fact "plan" failed: …`. */
  readonly reason: string
}
