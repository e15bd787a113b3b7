import fc from 'fast-check'

/** Shapes that come close to a workflow, with something wrong or strange in most of them. */
const keys = ['name', 'conditions', 'event', 'all', 'any', 'not', 'fact', 'operator', 'value', 'path', 'params', 'type']
const words = [
  'equal',
  'in',
  'not:equal',
  'swap:someFact:in',
  '$..x',
  '$.a[0]',
  '__proto__',
  'constructor',
  'route',
  'tag',
  'everyone',
]
const strange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(...words),
  fc.constantFrom(undefined, Number.NaN, -0, 1e308, 1n, Symbol('s')),
)
/** Anything, or nearly a workflow. */
export const { nearValidValue } = fc.letrec<{ nearValidValue: unknown }>((tie) => ({
  nearValidValue: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    strange,
    fc.dictionary(fc.constantFrom(...keys, ...words), tie('nearValidValue'), { maxKeys: 5 }),
    fc.array(tie('nearValidValue'), { maxLength: 4 }),
    fc.record({ name: fc.constantFrom(...words), conditions: tie('nearValidValue'), event: tie('nearValidValue') }),
    fc.record({ all: fc.array(tie('nearValidValue'), { maxLength: 3 }) }),
    fc.record({ fact: fc.constantFrom(...words), operator: fc.constantFrom(...words), value: tie('nearValidValue') }),
    fc.record({ type: fc.constant('route'), params: tie('nearValidValue') }),
  ),
}))

const id = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('a', 'b', 'c') },
  { weight: 1, arbitrary: fc.oneof(strange, fc.constantFrom('', 'x'.repeat(257))) },
)
const plainFacts = fc.dictionary(fc.constantFrom(...keys, ...words.slice(0, 6)), fc.jsonValue(), { maxKeys: 3 })

/** Anything, or nearly a request for a chat. */
export const nearValidChat = fc.oneof(
  nearValidValue,
  fc.record(
    {
      requestId: id,
      visitorId: id,
      commandId: id,
      facts: fc.oneof(plainFacts, plainFacts, nearValidValue),
      weight: fc.oneof(fc.constantFrom(1, 2), fc.constantFrom(0, 2.5, -1, 1e9), strange),
    },
    { requiredKeys: ['visitorId'] },
  ),
)
