// what goes in
export type { Arrival } from './arrival'
export type { ArrivalColumns, FactColumn } from './arrival-columns'
export type { ArrivalFile, ArrivalSource, GeneratedArrivals, GivenArrivals, RequestKind } from './arrival-source'
export type { Behaviour, StaffBehaviour, StaffGroup } from './behaviour'
// doing it
export { checkStaffing } from './check-staffing'
export { type CompareOptions, compareWorkflows, type WorkflowsOption } from './compare-workflows'
export type { ComparedFigure, ComparedSide, Comparison, FigureName } from './comparison'
export type { Distribution } from './distribution'
export { type ErlangA, erlangA } from './erlang-a'
export { type ErlangC, erlangC, type Workload } from './erlang-c'
export type { Estimate } from './estimate'
export type { LineProblem } from './line-problem'
export { parseScenario } from './parse-scenario'
export type { OnProgress, Progress } from './progress'
export { type ReadArrivals, type ReadArrivalsOptions, readArrivals } from './read-arrivals'
export { type ReadBankCalls, type ReadBankCallsOptions, type RecordedFigures, readBankCalls } from './read-bank-calls'
export type { Scenario } from './scenario'
export type {
  ArrivalFileInput,
  ArrivalsInput,
  BehaviourInput,
  KindInput,
  RateInput,
  ScenarioInput,
} from './scenario-input'
export { type SimulateOptions, simulate } from './simulate'
export type {
  DeskFigures,
  HourFigures,
  IntervalFigures,
  RequestFigures,
  SimulationResult,
  StaffMemberFigures,
  StaffTimeFigures,
  TeamFigures,
  WaitFigures,
  WorkflowFigures,
} from './simulation-result'
export type { StaffingFinding } from './staffing-finding'
export { withArrivals } from './with-arrivals'
