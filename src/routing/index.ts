export type { JsonSchema } from '../input'
export {
  type CompiledRouter,
  type CompiledRouterOptions,
  createCompiledRouter,
  createRouter,
  type RouterOptions,
} from './create-router'
export type {
  EvaluatedWorkflow,
  RoutingCost,
  Trace,
  TracedComparison,
  TracedCondition,
  TracedGroup,
} from './evaluation/trace'
export { type FactPath, parseFactPath } from './facts/fact-reader'
export type { RoutingInput } from './facts/routing-context'
export { type LintFinding, type LintInput, lintWorkflows } from './lint/lint-workflows'
export { findUnknownTargets, matchesTarget, type TargetRoster, type TargetWarning } from './lint/target-coverage'
export { jsonSchemas } from './parse/json-schemas'
export { parseRoute, parseTarget } from './parse/parse-route'
export { type ParseWorkflowsOptions, parseConditions, parseWorkflows } from './parse/parse-workflows'
export type { RoutedRequest, Router, RoutingDegraded } from './router'
export { routingLimits } from './routing-limits'
export { parseShifts } from './shifts/parse-shifts'
export { shiftTimeAt } from './shifts/shift-calendar'
export { expectedTimeZone, instantAt, isTimeZone, wallTimeAt } from './shifts/time-zone'
export { comparisonsOf, foldCondition } from './workflow/condition-walk'
export { describeRoute, describeStep, describeTarget, formatDuration, formatList } from './workflow/describe-route'
export type { DeskFacts, FactReader, HostDecorators, HostFact, HostFacts, HostOperators } from './workflow/vocabulary'
export type {
  AllOf,
  AnyOf,
  Condition,
  Conditions,
  FactCondition,
  FactReference,
  NamedCondition,
  NamedConditions,
  NotOf,
  Workflow,
  WorkflowEvent,
} from './workflow/workflow'
export { isFactReference } from './workflow/workflow'
