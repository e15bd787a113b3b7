import * as fc from 'fast-check'
import { completeRoute, everyoneRoute, type Verdict } from '../../core'
import { anyRing, anyRoute } from './any-route'

/** What the rules may have said of a request; often the default route, often everyone a few at a time. */
export function anyVerdict(): fc.Arbitrary<Verdict> {
  return fc.record({
    workflow: fc.constantFrom(null, 'Server questions', 'Bills'),
    route: fc.oneof(
      { weight: 1, arbitrary: fc.constant(everyoneRoute) },
      { weight: 1, arbitrary: anyRing().map((ring) => completeRoute({ to: 'everyone', ring })) },
      { weight: 2, arbitrary: anyRoute() },
    ),
    priority: fc.constantFrom(0, 0, 0, 5, 10, -1),
    tags: fc.subarray(['vip', 'trial']),
  })
}
