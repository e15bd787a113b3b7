import * as fc from 'fast-check'
import { everyoneRoute, type Verdict } from '../../core'
import { anyRoute } from './any-route'

/** What the rules may have said of a request; every third time the default route. */
export function anyVerdict(): fc.Arbitrary<Verdict> {
  return fc.record({
    workflow: fc.constantFrom(null, 'Server questions', 'Bills'),
    route: fc.oneof({ weight: 1, arbitrary: fc.constant(everyoneRoute) }, { weight: 2, arbitrary: anyRoute() }),
    priority: fc.constantFrom(0, 0, 0, 5, 10, -1),
    tags: fc.subarray(['vip', 'trial']),
  })
}
