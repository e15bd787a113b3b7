import { workflowsMax } from '../core'

/** Limits of workflows, routes and shifts; what exceeds them is refused with its path. */
export const routingLimits = {
  workflowsMax,
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
  weeklyHoursMax: 100,
  exceptionsMax: 2_000,
  hoursMax: 24,
  priorityMax: 1_000_000,
  /** Levels of JSON in one workflow or shift, and values in it. */
  jsonLevelsMax: 64,
  jsonValuesMax: 20_000,
  textLengthMax: 16_384,
  /** Problems reported of one input. */
  issuesMax: 1_000,
} as const

/** 366 days: a longer wait is a mistake of the unit. */
export const durationMsMax = 366 * 24 * 3_600_000
