import * as fc from 'fast-check'
import { defaultPolicy, type Policy } from '../../core'

/** A policy with short times that often coincide, zero where zero is allowed, and limits low enough to be reached. */
export function anyPolicy(): fc.Arbitrary<Policy> {
  return fc
    .record(
      {
        eachMs: fc.constantFrom(1_000, 20_000),
        passGapMs: fc.constantFrom(1, 1_000, 5_000),
        remindAfterMs: fc.constantFrom(null, 1_000, 60_000),
        unattendedAfterMs: fc.constantFrom(1_000, 60_000),
        sessionLeaseMs: fc.constantFrom(null, 20_000),
        presenceGraceMs: fc.constantFrom(0, 1_000),
        abandonAfterMs: fc.constantFrom(0, 1_000, 20_000),
        transferMs: fc.constantFrom(1_000, 60_000),
        wrapUpMs: fc.constantFrom(0, 20_000),
        firstReplyMs: fc.constantFrom(null, 20_000),
        maxWaitMs: fc.constantFrom(null, null, 60_000),
        visitorAlertTtlMs: fc.constantFrom(0, 20_000),
        visitorAlertsPerMinuteMax: fc.constantFrom(0, 1, 10),
        capacity: fc.constantFrom(1, 2),
        weight: fc.constantFrom(1, 2),
        strikes: fc.constantFrom(1, 2),
        awayOnStrikes: fc.boolean(),
        openRequestsMax: fc.constantFrom(1, 3, 10_000),
        requestsPerMinuteMax: fc.constantFrom(2, 1_000),
        visitorsMax: fc.constantFrom(2, 100_000),
      },
      { requiredKeys: [] },
    )
    .map((changes) => ({ ...defaultPolicy, ...changes }))
}
