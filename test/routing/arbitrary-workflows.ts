import fc from 'fast-check'
import { parseWorkflows } from '../../src/routing'

// Few names and few values, so that they collide.

const facts = ['topic', 'country', 'age', 'list', 'nested', 'toString', 'hostValue']
const anyPrimitive = fc.constantFrom<unknown>('US', 'UK', 'server', '10', 9, 10, 0, true, false, null, '')
const anyList = fc.array(anyPrimitive, { maxLength: 4 })
const anyFactValue = fc.oneof(
  { weight: 6, arbitrary: anyPrimitive },
  { weight: 2, arbitrary: anyList },
  { weight: 1, arbitrary: fc.array(anyList, { maxLength: 2 }) },
  {
    weight: 1,
    arbitrary: fc.record({ a: anyPrimitive, list: anyList, toString: fc.constant(1) }, { requiredKeys: [] }),
  },
)

/** Facts of a visitor's form. */
export const arbitraryFacts = fc.dictionary(fc.constantFrom(...facts), anyFactValue, { maxKeys: 5 })

const anyNumber = fc.constantFrom(0, 9, 10, 11)
const anyPath = fc.constantFrom('a', '$.a', 'list[0]', 'list', '[0]', "$['list'][1]")
const anyDecorator = fc.constantFrom('not', 'someFact', 'everyFact', 'swap')
const decorated = (operator: string) =>
  fc.array(anyDecorator, { maxLength: 3 }).map((decorators) => [...decorators, operator].join(':'))

const onFact = { fact: fc.constantFrom(...facts, 'asyncFact', 'missing'), path: anyPath }
const reference = fc.record(onFact, { requiredKeys: ['fact'] })
const leaf = (operator: fc.Arbitrary<string>, value: fc.Arbitrary<unknown>) =>
  fc.record(
    { ...onFact, operator, value, priority: fc.integer({ min: 1, max: 3 }) },
    { requiredKeys: ['fact', 'operator', 'value'] },
  )

const allOperators = ['equal', 'notEqual', 'in', 'notIn', 'contains', 'doesNotContain'].concat([
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
])
const anyComparison = fc.oneof(
  { weight: 5, arbitrary: leaf(fc.constant('equal'), anyPrimitive) },
  { weight: 2, arbitrary: leaf(fc.constant('in'), anyList) },
  leaf(fc.constantFrom('equal', 'notEqual', 'contains', 'doesNotContain'), anyFactValue),
  leaf(fc.constantFrom('in', 'notIn'), anyList),
  leaf(fc.constantFrom(...allOperators.slice(6)).chain(decorated), anyNumber),
  leaf(fc.constantFrom('equal', 'notEqual').chain(decorated), anyFactValue),
  leaf(
    fc.constantFrom(
      'someValue:equal',
      'everyValue:notEqual',
      'not:someValue:contains',
      'everyFact:someValue:equal',
      'everyFact:in',
    ),
    anyList,
  ),
  leaf(fc.constantFrom('someValue:greaterThan', 'everyValue:lessThanInclusive'), fc.array(anyNumber, { maxLength: 3 })),
  leaf(fc.constantFrom(...allOperators), reference),
  leaf(fc.constantFrom(...allOperators).chain(decorated), reference),
  leaf(fc.constant('hostOperator'), anyPrimitive),
  fc.record({
    fact: fc.constant('asked'),
    operator: fc.constant('equal'),
    value: anyPrimitive,
    params: fc.record({ say: anyPrimitive }),
  }),
)

/** Without those that the parser refuses, such as a decorator for lists over a value that is no list. */
const anyLeaf = anyComparison.filter((one) => {
  const workflow = { name: 'w', conditions: { all: [one] }, event: { type: 'route', params: { to: 'everyone' } } }
  try {
    return parseWorkflows([workflow], { operators: ['hostOperator'] }).length === 1
  } catch {
    return false
  }
})

const { node } = fc.letrec<{ node: object; child: object }>((tie) => ({
  child: fc.oneof({ maxDepth: 3, withCrossShrink: true }, anyLeaf, tie('node')),
  node: fc.oneof(
    { weight: 4, arbitrary: fc.record({ all: fc.array(tie('child'), { minLength: 1, maxLength: 3 }) }) },
    { weight: 2, arbitrary: fc.record({ any: fc.array(tie('child'), { minLength: 1, maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ not: tie('child') }) },
    { weight: 1, arbitrary: fc.record({ condition: fc.constantFrom('fromUs', 'notFromUs', 'nestedCondition') }) },
  ),
}))

export const arbitraryConditions = node

export const arbitraryWorkflows = fc
  .array(fc.record({ conditions: arbitraryConditions, priority: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 20,
    maxLength: 40,
    size: 'max',
  })
  .map((list) =>
    list.map((part, index) => ({
      name: `w${index}`,
      ...part,
      event: { type: 'route', params: { to: { team: `w${index}` } } },
    })),
  )

/** The host's facts and operators, for both sides of the comparison. */
export const host = {
  facts: {
    hostValue: 10,
    asyncFact: async (_params: unknown, facts: { factValue(name: string): Promise<unknown> }) =>
      facts.factValue('country'),
    asked: ({ say }: { say?: unknown }) => say ?? null,
  },
  operators: { hostOperator: (factValue: unknown, value: unknown) => typeof factValue === typeof value },
  conditions: {
    fromUs: { all: [{ fact: 'country', operator: 'equal', value: 'US' }] },
    notFromUs: { not: { condition: 'fromUs' } },
    nestedCondition: { any: [{ condition: 'fromUs' }, { fact: 'age', operator: 'greaterThan', value: 9 }] },
  },
}
