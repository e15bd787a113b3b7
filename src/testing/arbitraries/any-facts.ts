import * as fc from 'fast-check'
import type { Facts } from '../../core'

/** What a visitor's form may say: a few well-known facts, and now and then any JSON under any short name. */
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
