import type { Json } from '../core'
import { parseWorkflows } from '../routing'

/**
 * Workflows as plain JSON, which the log can hold, after `routing/` has parsed them.
 * @param operators - names of the host's own operators.
 * @throws InvalidInputError with every problem found.
 */
export function workflowsFrom(input: unknown, operators: Iterable<string>): readonly Json[] {
  return parseWorkflows(input, { operators }) as readonly unknown[] as readonly Json[]
}
