import type { Json } from '../core'
import { type ParseWorkflowsOptions, parseWorkflows } from '../routing'

/** The names that workflows may use besides the built-in ones. */
export type Vocabulary = Pick<ParseWorkflowsOptions, 'conditions' | 'operators' | 'decorators'>

/**
 * Workflows as plain JSON, which the log can hold, after `routing/` has parsed them.
 * @throws InvalidInputError with every problem found.
 */
export function workflowsFrom(input: unknown, vocabulary: Vocabulary): readonly Json[] {
  return parseWorkflows(input, vocabulary) as readonly unknown[] as readonly Json[]
}
