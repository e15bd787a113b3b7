// clocks
export { type ManualClock, manualClock } from '../desk'
// arbitraries
export { anyRoster, anyShift, anyShifts, anyStaff, sampleNames } from './arbitraries/any-roster'
export { anyRing, anyRoute, anyRouteInput, anyRoutingResult, anyTarget } from './arbitraries/any-route'
export { anyAction, anyCommandTemplate, anyDelay, anyPolicy, anyScenario } from './arbitraries/any-scenario'
export { anyComparison, anyConditions, anyFacts, anyWorkflow, anyWorkflows } from './arbitraries/any-workflow'
// the contract of event stores
export {
  type MakeStore,
  type StoreFixture,
  storeCases,
  storeContract,
  type TestRunner,
} from './contract/store-contract'
// scenarios on the core
export { alternatingShift, Driver, type Observer, runScenario } from './driver/driver'
export type { Action, AppliedEvent, CommandTemplate, Delay, Scenario, Step } from './driver/scenario'
export { formatSteps } from './driver/scenario'
// given, when, then
export {
  absent,
  accepted,
  type ExpectedEvent,
  type Given,
  GivenWhenThenError,
  given,
  muted,
  type OpenedOptions,
  opened,
  policy,
  present,
  ring,
  stop,
  type Then,
} from './given-when-then'
// invariants
export { capacityIsRespected, oneRequestPerVisitor, singleAssignment } from './invariants/assignment'
export { waitBoundMs, waitIsBounded } from './invariants/bounded-wait'
export { idempotence, refusalsHaveNoEffect, staleCommandsHaveNoEffect } from './invariants/commands-without-effect'
export { determinism, faultIsolation } from './invariants/equal-runs'
export type { Invariant, InvariantId, InvariantObserver } from './invariants/invariant'
export { type DeskView, deskViewOf } from './invariants/invariant'
export { neverUnattended, wakesUpAgain } from './invariants/liveness'
export { allInvariants, BrokenInvariantError, monitorInvariants } from './invariants/monitor-invariants'
export { awaitingIsComplete, offersFollowPriority } from './invariants/queue'
export { edgesAlternate, muteIsolation, ringsEveryoneEligible, ringsNobodyElse } from './invariants/ringing'
export { onlyPresentVisitorsRing } from './invariants/visitors'
export { type DeskMonitor, monitorDesk } from './monitor-desk'
// the reference model
export { applyEvent } from './reference-model/apply-event'
export {
  emptyReferenceModel,
  type ReferenceModel,
  type RequestRecord,
  type StaffRecord,
} from './reference-model/reference-model'
export { isInAudience, type RingingPair, ringingPairs } from './reference-model/ringing'
// properties of a host's own workflows
export type {
  CheckedConfiguration,
  CheckOptions,
  CounterExample,
  CounterExampleReplay,
  WorkflowProperties,
} from './workflow-checks/check-workflows'
export { checkWorkflows, type WorkflowCheck, WorkflowCheckError } from './workflow-checks/check-workflows'
export type {
  FactPattern,
  Observation,
  PropertyObserver,
  StaffObservation,
  Subject,
  WorkflowProperty,
} from './workflow-checks/every-request'
export { type EveryRequest, everyRequest, type Within } from './workflow-checks/every-request'
