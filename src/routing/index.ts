export type {
  AllOf,
  AnyOf,
  Condition,
  Conditions,
  FactCondition,
  FactReference,
  NamedCondition,
  NotOf,
} from './condition'
export { parseRoute, parseTarget } from './parse-route'
export { parseShifts } from './parse-shifts'
export { type ParseWorkflowsOptions, parseConditions, parseWorkflows } from './parse-workflows'
export { routingLimits } from './routing-limits'
export { shiftTimeAt } from './shift-time'
export type { NamedConditions, Workflow, WorkflowEvent } from './workflow'
