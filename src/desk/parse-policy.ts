import { type InputIssue, InvalidInputError, type Policy } from '../core'
import { durationMs, flag, type Guard, orNull, type Path, record, whole } from './guard'
import { capacityMax } from './parse-staff'

const countMax = 10_000_000

/** One guard for each policy, with its minimum; whoever adds a policy is told here by the compiler. */
const guards: { readonly [Name in keyof Policy]: Guard<Policy[Name]> } = {
  eachMs: durationMs(1),
  passGapMs: durationMs(1),
  remindAfterMs: orNull(durationMs(1)),
  unattendedAfterMs: durationMs(1),
  sessionLeaseMs: orNull(durationMs(1)),
  presenceGraceMs: durationMs(0),
  abandonAfterMs: durationMs(0),
  transferMs: durationMs(1),
  wrapUpMs: durationMs(0),
  firstReplyMs: orNull(durationMs(1)),
  maxWaitMs: orNull(durationMs(1)),
  visitorAlertTtlMs: durationMs(0),
  visitorAlertsPerMinuteMax: whole(0, countMax),
  capacity: whole(0, capacityMax),
  weight: whole(1, capacityMax),
  strikes: whole(1, countMax),
  awayOnStrikes: flag,
  openRequestsMax: whole(1, countMax),
  requestsPerMinuteMax: whole(1, countMax),
  visitorsMax: whole(1, countMax),
}

const fields = record({ required: {}, optional: guards })

/** Some policies or all of them: a copy. Refuses unknown names. */
export const policyGuard: Guard<Partial<Policy>> = fields

/** @throws InvalidInputError with every problem found. */
export function parsePolicy(input: unknown, path: Path = ['policy']): Partial<Policy> {
  const issues: InputIssue[] = []
  const policy = policyGuard(input, path, issues)
  if (policy === undefined || issues.length > 0) throw new InvalidInputError(issues)
  return policy
}
