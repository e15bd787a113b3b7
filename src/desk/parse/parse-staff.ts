import { type InputIssue, InvalidInputError, type Policy, type Staff } from '../../core'
import {
  addIssue,
  booleanGuard,
  durationMs,
  type Guard,
  id,
  isRecord,
  listOf,
  orNull,
  type Path,
  record,
  text,
  wholeNumber,
} from './guard'
import { schemaOf, withJsonSchema } from './guard-schema'
import { isForbiddenKey } from './parse-facts'

const teamsMax = 1_000
const staffMax = 1_000_000
export const capacityMax = 10_000

const skillsGuard = withJsonSchema<Guard<Readonly<Record<string, number>>>>(
  (value, path, issues) => parseSkills(value, path, issues),
  () => ({
    type: 'object',
    propertyNames: { maxLength: 256, not: { enum: ['__proto__', 'constructor', 'prototype'] } },
    additionalProperties: schemaOf(skillLevelGuard),
  }),
)

const parseSkills: Guard<Readonly<Record<string, number>>> = (value, path, issues) => {
  if (!isRecord(value)) return addIssue(issues, path, 'an object of skill levels', value)
  const copy: Record<string, number> = {}
  for (const [name, given] of Object.entries(value)) {
    if (isForbiddenKey(name) || name.length > 256) addIssue(issues, [...path, name], 'a skill name', name)
    else copy[name] = skillLevelGuard(given, [...path, name], issues) ?? 0
  }
  return copy
}

const skillLevelGuard = wholeNumber(0, 100)

const staffFields = record({
  required: { id },
  optional: {
    name: text,
    teams: listOf(id, teamsMax),
    skills: skillsGuard,
    shifts: listOf(id, teamsMax),
    capacity: wholeNumber(0, capacityMax),
  },
})

/** A staff member as a host describes them: a copy. Refuses unknown keys. */
export const staffGuard: Guard<Staff> = withJsonSchema<Guard<Staff>>(
  (value, path, issues) => {
    const count = issues.length
    const staff = staffFields(value, path, issues)
    return issues.length === count ? (staff as unknown as Staff) : undefined
  },
  () => schemaOf(staffFields),
)

/** A whole roster; that no two have the same id is checked by `parseRoster`. */
export const rosterGuard: Guard<readonly Staff[]> = listOf(staffGuard, staffMax)

/**
 * A whole roster, in which no two have the same id.
 * @throws InvalidInputError with every problem found.
 */
export function parseRoster(input: unknown, path: Path = ['staff']): readonly Staff[] {
  const issues: InputIssue[] = []
  const roster = rosterGuard(input, path, issues) ?? []
  if (issues.length === 0) findDuplicateIds(roster, path, issues)
  if (issues.length > 0) throw new InvalidInputError(issues)
  return roster
}

function findDuplicateIds(roster: readonly Staff[], path: Path, issues: InputIssue[]): void {
  const seen = new Set<string>()
  for (const [index, { id }] of roster.entries()) {
    if (seen.has(id)) addIssue(issues, [...path, index, 'id'], 'an id that nobody else has', id)
    seen.add(id)
  }
}

const policyCountMax = 10_000_000

/** One guard for each policy, with its minimum; whoever adds a policy is told here by the compiler. */
const policyGuards: { readonly [Name in keyof Policy]: Guard<Policy[Name]> } = {
  offerTimeoutMs: durationMs(1),
  retryDelayMs: durationMs(1),
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
  visitorAlertsPerMinuteMax: wholeNumber(0, policyCountMax),
  capacity: wholeNumber(0, capacityMax),
  weight: wholeNumber(1, capacityMax),
  missedOffersMax: wholeNumber(1, policyCountMax),
  awayAfterMissedOffers: booleanGuard,
  openRequestsMax: wholeNumber(1, policyCountMax),
  requestsPerMinuteMax: wholeNumber(1, policyCountMax),
  visitorsMax: wholeNumber(1, policyCountMax),
}

const policyFields = record({ required: {}, optional: policyGuards })

/** Some policies or all of them: a copy. Refuses unknown names. */
export const policyGuard: Guard<Partial<Policy>> = policyFields

/** @throws InvalidInputError with every problem found. */
export function parsePolicy(input: unknown, path: Path = ['policy']): Partial<Policy> {
  const issues: InputIssue[] = []
  const policy = policyGuard(input, path, issues)
  if (policy === undefined || issues.length > 0) throw new InvalidInputError(issues)
  return policy
}
