import * as fc from 'fast-check'
import type { Workflow, WorkflowEvent } from '../../routing'
import { anyConditions } from './any-conditions'
import { anyRouteInput } from './any-route'

const workflowsMax = 8

/** A workflow that the parser takes: any conditions, and a route with steps, a priority or tags. */
export function anyWorkflow(name: fc.Arbitrary<string> = fc.constant('a workflow')): fc.Arbitrary<Workflow> {
  return fc.record(
    { name, priority: fc.constantFrom(1, 2, 5, 90), conditions: anyConditions(), event: anyWorkflowEvent() },
    { requiredKeys: ['name', 'conditions', 'event'] },
  )
}

/** Up to eight workflows, no name twice. */
export function anyWorkflows(): fc.Arbitrary<Workflow[]> {
  return fc
    .array(anyWorkflow(), { maxLength: workflowsMax, size: 'max' })
    .map((workflows) => workflows.map((each, index) => ({ ...each, name: `workflow ${index + 1}` })))
}

function anyWorkflowEvent(): fc.Arbitrary<WorkflowEvent> {
  const priority = fc.constantFrom(-5, 0, 5, 100)
  const tags = fc.subarray(['vip', 'trial', 'angry'], { minLength: 1 })
  return fc.oneof(
    { weight: 6, arbitrary: eventOf('route', anyRouteInput()) },
    { weight: 1, arbitrary: eventOf('prioritize', fc.record({ priority })) },
    { weight: 1, arbitrary: eventOf('tag', fc.record({ tags })) },
  )
}

function eventOf(type: WorkflowEvent['type'], params: fc.Arbitrary<unknown>): fc.Arbitrary<WorkflowEvent> {
  return fc.record({ type: fc.constant(type), params }) as fc.Arbitrary<WorkflowEvent>
}
