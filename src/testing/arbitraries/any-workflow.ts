import * as fc from 'fast-check'
import type { Facts, Json } from '../../core'
import type { Condition, Conditions, FactCondition, Workflow, WorkflowEvent } from '../../routing'
import { anyRouteInput, anyTarget } from './any-route'

const workflowsMax = 8

/** A workflow that the parser accepts: any conditions, and a route with steps, a priority or tags. */
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
    { weight: 6, arbitrary: anyEventOfType('route', anyRouteInput()) },
    { weight: 1, arbitrary: anyEventOfType('prioritize', fc.record({ priority })) },
    { weight: 1, arbitrary: anyEventOfType('tag', fc.record({ tags })) },
  )
}

function anyEventOfType(type: WorkflowEvent['type'], params: fc.Arbitrary<unknown>): fc.Arbitrary<WorkflowEvent> {
  return fc.record({ type: fc.constant(type), params }) as fc.Arbitrary<WorkflowEvent>
}

/** Any condition tree that the parser accepts: nested `all`, `any` and `not`, every operator, also decorated. */
export function anyConditions({ depthMax = 3 }: { readonly depthMax?: number } = {}): fc.Arbitrary<Conditions> {
  const { group } = fc.letrec<{ group: Conditions; part: Condition }>((tie) => {
    const parts = fc.array(tie('part'), { minLength: 1, maxLength: 3 })
    return {
      part: fc.oneof({ maxDepth: depthMax, withCrossShrink: true }, anyComparison(), tie('group')),
      group: fc.oneof(
        { weight: 4, arbitrary: fc.record({ all: parts }) },
        { weight: 3, arbitrary: fc.record({ any: parts }) },
        { weight: 1, arbitrary: fc.record({ not: tie('part') }) },
      ),
    }
  })
  return group
}

/** One comparison of a fact: one that {@link anyFacts} gives, or one of the desk's own. */
export function anyComparison(): fc.Arbitrary<FactCondition> {
  return fc.oneof(
    { weight: 8, arbitrary: anyTextComparison('topic', ['server', 'bill', 'domain', 'legal']) },
    { weight: 6, arbitrary: anyTextComparison('country', ['US', 'GB', 'DE', 'FR']) },
    { weight: 3, arbitrary: fc.record({ fact: fc.constant('vip'), ...equalityComparison(fc.boolean()) }) },
    {
      weight: 2,
      arbitrary: anyNumberComparison({ fact: fc.constant('request'), path: fc.constantFrom('weight', '$.ageMs') }),
    },
    {
      weight: 2,
      arbitrary: anyNumberComparison({ fact: fc.constantFrom('available', 'waiting'), params: anyTargetParams() }),
    },
    { weight: 2, arbitrary: anyClockComparison() },
    {
      weight: 1,
      arbitrary: fc.record({ fact: fc.constant('lastStaff'), ...equalityComparison(fc.constantFrom('ana', null)) }),
    },
    { weight: 1, arbitrary: anyVisitorComparison() },
  )
}

const decoratorPrefixes = ['', '', '', 'not:', 'swap:', 'not:not:'] as const
const anyDecoratedOperator = (...operators: readonly string[]) =>
  fc.tuple(fc.constantFrom(...decoratorPrefixes), fc.constantFrom(...operators)).map((parts) => parts.join(''))

function equalityComparison(value: fc.Arbitrary<Json>) {
  return { operator: anyDecoratedOperator('equal', 'notEqual'), value }
}

function anyTextComparison(fact: string, words: readonly string[]): fc.Arbitrary<FactCondition> {
  const word = fc.constantFrom(...words)
  const list = fc.uniqueArray(word, { minLength: 1, maxLength: 3 })
  const known = { fact: fc.constant(fact) }
  const own = fc.record({ ...known, ...equalityComparison(word) })
  const oneOfThem = fc.record({ ...known, operator: fc.constantFrom('in', 'notIn', 'not:in'), value: list })
  const inLists = fc.record({
    ...known,
    operator: fc.constantFrom('contains', 'doesNotContain', 'someFact:equal', 'everyFact:notEqual'),
    value: word,
  })
  const overValues = fc.record({
    ...known,
    operator: fc.constantFrom('someValue:equal', 'everyValue:notEqual', 'everyFact:in', 'swap:contains'),
    value: list,
  })
  const ofOther = fc.record({
    ...known,
    operator: anyDecoratedOperator('equal', 'notEqual'),
    value: fc.constant({ fact: 'page' }),
  })
  return fc.oneof({ weight: 5, arbitrary: own }, { weight: 3, arbitrary: oneOfThem }, inLists, overValues, ofOther)
}

function anyNumberComparison(known: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<FactCondition> {
  const operator = anyDecoratedOperator('lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive', 'equal')
  return fc.record({ ...known, operator, value: fc.constantFrom(0, 1, 2, 1_000) }) as fc.Arbitrary<FactCondition>
}

function anyTargetParams() {
  return fc.record({ target: anyTarget() })
}

function anyClockComparison(): fc.Arbitrary<FactCondition> {
  const known = {
    fact: fc.constant('clock'),
    params: fc.record({ timeZone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Tokyo') }),
  }
  const days = fc.subarray(['mon', 'wed', 'sat', 'sun'], { minLength: 1 })
  const byDay = { path: fc.constant('weekday'), operator: fc.constantFrom('in', 'notIn'), value: days }
  const byHour = { path: fc.constant('hour'), operator: anyDecoratedOperator('lessThan', 'greaterThanInclusive') }
  return fc.oneof(
    fc.record({ ...known, ...byDay }),
    fc.record({ ...known, ...byHour, value: fc.constantFrom(8, 12, 17) }),
  ) as fc.Arbitrary<FactCondition>
}

function anyVisitorComparison(): fc.Arbitrary<FactCondition> {
  const path = fc.constantFrom('facts.plan', "$.facts['plan']", 'visitorId')
  return fc.record({ fact: fc.constant('visitor'), path, ...equalityComparison(fc.constantFrom('gold', 'v1')) })
}

/** Facts of a visitor's form: a few well-known ones, and now and then any JSON under any short name. */
export function anyFacts(): fc.Arbitrary<Facts> {
  const usual = fc.record(
    {
      topic: fc.constantFrom('server', 'bill', 'domain'),
      country: fc.constantFrom('US', 'GB', 'DE'),
      vip: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  const odd = fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/), anyJson(), { maxKeys: 3, noNullPrototype: true })
  return fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: odd }) as fc.Arbitrary<Facts>
}

function anyJson(): fc.Arbitrary<unknown> {
  return fc
    .jsonValue({ maxDepth: 2, noUnicodeString: true } as fc.JsonSharedConstraints)
    .filter((json) => !Object.is(json, -0))
}
