// arrivals
export type {
  Arrival,
  ArrivalColumns,
  ArrivalFile,
  ArrivalSource,
  FactColumn,
  GeneratedArrivals,
  GivenArrivals,
  RequestKind,
} from './arrivals/arrival-source'
export type { LineProblem } from './arrivals/read-arrivals'
export { type ReadArrivals, type ReadArrivalsOptions, readArrivals } from './arrivals/read-arrivals'
// checks before a run
export { checkStaffing } from './checks/check-staffing'
export { type ErlangA, type ErlangC, erlangA, erlangC, type Workload } from './checks/erlang'
// runs
export type { ComparedMetric, ComparedSide, Comparison, Estimate, MetricName } from './compare'
export { type CompareOptions, compareWorkflows, type WorkflowsOption } from './compare'
// scenarios
export type { Distribution } from './scenario/distribution'
export { parseInstant, type TimeNotation } from './scenario/instant'
export type {
  ArrivalFileInput,
  ArrivalsInput,
  BehaviourInput,
  KindInput,
  RateInput,
  ScenarioInput,
} from './scenario/parse-scenario'
export { parseScenario } from './scenario/parse-scenario'
export type { Behaviour, Scenario, StaffBehaviour, StaffGroup } from './scenario/scenario'
export { withArrivals } from './scenario/scenario'
export type { OnProgress, Progress } from './simulate'
export { type SimulateOptions, simulate } from './simulate'
export type {
  DeskStats,
  HourStats,
  IntervalStats,
  LeftOutArrivals,
  LeftOutCount,
  RequestStats,
  SimulationResult,
  StaffingFinding,
  StaffMemberStats,
  StaffTimeStats,
  TeamStats,
  WaitStats,
  WorkflowStats,
} from './stats/simulation-result'
