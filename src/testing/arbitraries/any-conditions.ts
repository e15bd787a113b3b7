import * as fc from 'fast-check'
import type { Json } from '../../core'
import type { Condition, Conditions, FactCondition } from '../../routing'
import { anyTarget } from './any-target'

/** Any condition tree that the parser takes: nested `all`, `any` and `not`, every operator, also decorated. */
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
    { weight: 8, arbitrary: ofWords('topic', ['server', 'bill', 'domain', 'legal']) },
    { weight: 6, arbitrary: ofWords('country', ['US', 'GB', 'DE', 'FR']) },
    { weight: 3, arbitrary: fc.record({ fact: fc.constant('vip'), ...equality(fc.boolean()) }) },
    { weight: 2, arbitrary: ofNumbers({ fact: fc.constant('request'), path: fc.constantFrom('weight', '$.ageMs') }) },
    { weight: 2, arbitrary: ofNumbers({ fact: fc.constantFrom('available', 'waiting'), params: ofTarget() }) },
    { weight: 2, arbitrary: ofClock() },
    { weight: 1, arbitrary: fc.record({ fact: fc.constant('lastStaff'), ...equality(fc.constantFrom('ana', null)) }) },
    { weight: 1, arbitrary: ofVisitor() },
  )
}

const decorations = ['', '', '', 'not:', 'swap:', 'not:not:'] as const
const decorated = (...operators: readonly string[]) =>
  fc.tuple(fc.constantFrom(...decorations), fc.constantFrom(...operators)).map((parts) => parts.join(''))

function equality(value: fc.Arbitrary<Json>) {
  return { operator: decorated('equal', 'notEqual'), value }
}

function ofWords(fact: string, words: readonly string[]): fc.Arbitrary<FactCondition> {
  const word = fc.constantFrom(...words)
  const list = fc.uniqueArray(word, { minLength: 1, maxLength: 3 })
  const known = { fact: fc.constant(fact) }
  const own = fc.record({ ...known, ...equality(word) })
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
    operator: decorated('equal', 'notEqual'),
    value: fc.constant({ fact: 'page' }),
  })
  return fc.oneof({ weight: 5, arbitrary: own }, { weight: 3, arbitrary: oneOfThem }, inLists, overValues, ofOther)
}

function ofNumbers(known: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<FactCondition> {
  const operator = decorated('lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive', 'equal')
  return fc.record({ ...known, operator, value: fc.constantFrom(0, 1, 2, 1_000) }) as fc.Arbitrary<FactCondition>
}

function ofTarget() {
  return fc.record({ target: anyTarget() })
}

function ofClock(): fc.Arbitrary<FactCondition> {
  const known = {
    fact: fc.constant('clock'),
    params: fc.record({ timeZone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Tokyo') }),
  }
  const days = fc.subarray(['mon', 'wed', 'sat', 'sun'], { minLength: 1 })
  const byDay = { path: fc.constant('weekday'), operator: fc.constantFrom('in', 'notIn'), value: days }
  const byHour = { path: fc.constant('hour'), operator: decorated('lessThan', 'greaterThanInclusive') }
  return fc.oneof(
    fc.record({ ...known, ...byDay }),
    fc.record({ ...known, ...byHour, value: fc.constantFrom(8, 12, 17) }),
  ) as fc.Arbitrary<FactCondition>
}

function ofVisitor(): fc.Arbitrary<FactCondition> {
  const path = fc.constantFrom('facts.plan', "$.facts['plan']", 'visitorId')
  return fc.record({ fact: fc.constant('visitor'), path, ...equality(fc.constantFrom('gold', 'v1')) })
}
