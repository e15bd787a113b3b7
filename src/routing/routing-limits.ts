import { workflowBytesMax, workflowsMax } from '../core'
import { jsonLimits as generalLimits, type JsonLimits } from '../input'

/** Limits of workflows, routes and shifts; what exceeds them is refused with its path. */
export const routingLimits = {
  workflowsMax,
  /** Of all workflows together, as JSON. */
  workflowBytesMax,
  /** Conditions of all workflows of a list together, counted as below. */
  conditionsInAllMax: 50_000,
  /** Levels of `all`, `any`, `not` and references, named conditions included. */
  conditionLevelsMax: 16,
  /** Conditions of one workflow; those of a named condition count at each reference. */
  conditionsMax: 1_000,
  decoratorsMax: 8,
  pathSegmentsMax: 8,
  stepsMax: 32,
  targetLevelsMax: 8,
  idsMax: 1_000,
  skillsMax: 100,
  tagsMax: 32,
  nameLengthMax: 256,
  shiftsMax: 1_000,
  /** Weekly hours and days with exceptions of all shifts together. */
  shiftRowsMax: 10_000,
  weeklyHoursMax: 100,
  exceptionsMax: 2_000,
  /** Of an exception that is a range of dates. */
  rangeDaysMax: 366,
  hoursMax: 24,
  priorityMax: 1_000_000,
  /** Levels of JSON in one workflow or shift, and values in it. */
  jsonLevelsMax: generalLimits.levelsMax,
  jsonValuesMax: generalLimits.valuesMax,
  textLengthMax: generalLimits.textLengthMax,
  /** Problems reported of one input. */
  issuesMax: 1_000,
} as const

/** Of one workflow, route or shift. */
export const jsonLimits: JsonLimits = {
  levelsMax: routingLimits.jsonLevelsMax,
  levelsExpected: `at most ${routingLimits.conditionLevelsMax} levels of conditions and ${routingLimits.jsonLevelsMax} of JSON`,
  valuesMax: routingLimits.jsonValuesMax,
  textLengthMax: routingLimits.textLengthMax,
}
