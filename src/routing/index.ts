export { type CompiledRouter, type CompiledRouterOptions, createCompiledRouter } from './compiled-router'
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
export { createRouter, type RouterOptions } from './create-router'
export type { DeskFacts, FactReader, HostDecorators, HostFact, HostFacts, HostOperators } from './desk-facts'
export { type FactPath, factPath } from './fact-path'
export { type JsonSchema, jsonSchemas } from './json-schemas'
export { type LintFinding, type LintInput, lintWorkflows } from './lint-workflows'
export { parseRoute, parseTarget } from './parse-route'
export { parseShifts } from './parse-shifts'
export { type ParseWorkflowsOptions, parseConditions, parseWorkflows } from './parse-workflows'
export type { Routed, Router, RoutingDegraded } from './router'
export type { RoutingInput } from './routing-input'
export { routingLimits } from './routing-limits'
export { shiftTimeAt } from './shift-time'
export { isTimeZone } from './time-zone'
export { toldList, toldMs, toldRoute, toldStep, toldTarget } from './told-route'
export type { RoutingCost, Trace, TracedComparison, TracedCondition, TracedGroup, TriedWorkflow } from './trace'
export { isNamed, type Known, type TargetWarning, unknownTargets } from './unknown-targets'
export type { NamedConditions, Workflow, WorkflowEvent } from './workflow'
export { instantOf, wallTimeAt } from './zone-time'
