import * as fc from 'fast-check'
import { defaultPolicy, type Json } from '../../core'
import { parseConditions, parseShifts, parseWorkflows } from '../../routing'
import { anySituation, type Material, sweptSituations } from './any-situation'
import { checkInput } from './check-input'
import type { CheckedRules, CheckOptions, WorkflowProperties } from './check-options'
import type { CounterExample } from './counter-example'
import { type MinedFacts, mineFacts } from './mined-facts'
import { playStory } from './play-story'
import type { Scene } from './scene'
import type { Situation } from './situation'
import { ordinaryWeekFrom, weekOf } from './week'
import { WorkflowCheckError } from './workflow-check-error'
import { valuesOf, type WorkflowProperty } from './workflow-property'

/** What was looked at when nothing was found. */
export interface WorkflowCheck {
  readonly seed: number
  /** For each property: stories told, and moments in them at which it was looked at. Never 0. */
  readonly properties: Readonly<Record<string, { readonly stories: number; readonly looks: number }>>
}

/**
 * Looks whether a host's own workflows keep what the host promises. It tells stories to the real desk in virtual time:
 * requests with the facts that the workflows ask for, and with others, at every hour of a week, while staff come and go
 * with their shifts, mute, decline, leave and get busy. Resolves when every property held in every story.
 *
 * @throws WorkflowCheckError with a story for each property that does not hold, the simplest that was found;
 * InvalidInputError for rules or properties that are malformed.
 */
export async function checkWorkflows(
  rules: CheckedRules,
  properties: WorkflowProperties,
  options: CheckOptions = {},
): Promise<WorkflowCheck> {
  checkInput(rules, properties, options)
  const { replay, seed = replay?.seed ?? freshSeed() } = options
  const stage = stageOf(rules, properties, options)
  const checked = Object.entries(properties).filter(([name]) => replay === undefined || name === replay.property)
  const counterExamples: CounterExample[] = []
  const looked: [name: string, found: { stories: number; looks: number }][] = []
  for (const [name, property] of checked) {
    const found = await checkOne(stage, { name, property }, { ...options, seed })
    if ('breach' in found) counterExamples.push(found)
    else looked.push([name, found])
  }
  const untried = looked.filter(([, { looks }]) => looks === 0 && replay === undefined).map(([name]) => name)
  if (counterExamples.length > 0 || untried.length > 0) throw new WorkflowCheckError(counterExamples, untried)
  return { seed, properties: Object.fromEntries(looked) }
}

interface Stage {
  readonly scene: Scene
  readonly mined: MinedFacts
}

function stageOf(rules: CheckedRules, properties: WorkflowProperties, options: CheckOptions): Stage {
  const { staff = [], policy, routing = {} } = rules
  const { operators = {}, decorators = {} } = routing
  const names = { operators: Object.keys(operators), decorators: Object.keys(decorators) }
  const conditions = parseConditions(routing.conditions ?? {}, names)
  const workflows = parseWorkflows(rules.workflows ?? [], { ...names, conditions })
  const shifts = parseShifts(rules.shifts ?? [])
  const mined = mineFacts(workflows, conditions)
  const week = weekOf(shifts, options.weekFrom ?? ordinaryWeekFrom, mined.asksForClock)
  const afterMs = workflows.flatMap(({ event }) =>
    event.type === 'route' && 'steps' in event.params ? event.params.steps.map((step) => step.afterMs ?? 0) : [],
  )
  const withinMs = Object.values(properties).map((property) => property.withinMs)
  const remindAfterMs = policy?.remindAfterMs ?? defaultPolicy.remindAfterMs ?? 0
  const telling = [0, 1_000, 5_000, remindAfterMs, ...afterMs, ...withinMs, 3_600_000]
  const waits = [...new Set(telling.flatMap((ms) => (ms > 1_000 ? [ms - 1, ms, ms + 1] : [ms])))]
  const lasting = { ...rules, policy: { ...policy, sessionLeaseMs: null } }
  return { mined, scene: { options: lasting, staff, shifts, week, waits: waits.sort((one, other) => one - other) } }
}

interface Named {
  readonly name: string
  readonly property: WorkflowProperty
}

async function checkOne(
  { scene, mined }: Stage,
  { name, property }: Named,
  { seed, runs = 200, sweepMax = 600, replay }: CheckOptions & { readonly seed: number },
): Promise<CounterExample | { readonly stories: number; readonly looks: number }> {
  const material: Material = {
    instants: scene.week.instants.length,
    staff: scene.staff.length,
    waits: scene.waits.length,
    mined,
    wanted: wantedBy(property),
  }
  const sweep = sweptSituations(material, sweepMax)
  let looks = 0
  const told = fc.asyncProperty(anySituation(material), async (situation: Situation) => {
    const played = await playStory(scene, situation, property)
    looks += played.looks
    if (played.breach !== null) throw new Breach(played.breach)
  })
  const path = replay === undefined ? {} : { path: replay.path }
  const examples = sweep.map((situation): [Situation] => [situation])
  const details = await fc.check(told, { seed, numRuns: runs + sweep.length, examples, ...path })
  const { errorInstance } = details
  if (errorInstance !== null && !(errorInstance instanceof Breach)) throw errorInstance
  const situation = details.counterexample?.[0]
  if (!details.failed || situation === undefined) return { stories: details.numRuns, looks }
  const { breach, lines } = await playStory(scene, situation, property)
  const { counterexamplePath } = details
  return {
    property: name,
    breach: breach ?? '',
    story: lines,
    replay: { property: name, seed, path: counterexamplePath ?? '' },
  }
}

/** Tells a property that does not hold from a story that could not be told. */
class Breach extends Error {}

function wantedBy({ subject }: WorkflowProperty): ReadonlyMap<string, readonly Json[]> {
  if (typeof subject === 'function') return new Map()
  return new Map(Object.entries(subject).map(([fact, value]) => [fact, valuesOf(value)]))
}

function freshSeed(): number {
  return Date.now() % 1_000_000_000
}
