import * as z from 'zod/mini'
import type { Policy, Staff } from '../../core'
import {
  booleanSchema,
  durationSchema,
  type InputPath,
  idSchema,
  listOf,
  objectOf,
  oneOf,
  parseJson,
  parseList,
  parseOrThrow,
  textSchema,
  wholeNumber,
} from '../../input'

const teamsMax = 1_000
const staffMax = 1_000_000
export const capacityMax = 10_000

const skillLevels = z.record(idSchema, wholeNumber(0, 100), { error: 'an object of skill levels' })
const staffFields = {
  id: idSchema,
  name: z.optional(textSchema),
  teams: z.optional(listOf(idSchema, teamsMax)),
  skills: z.optional(skillLevels),
  shifts: z.optional(listOf(idSchema, teamsMax)),
  capacity: z.optional(wholeNumber(0, capacityMax)),
}

/** A staff member as a host describes them. */
export const staffSchema = objectOf(staffFields) as unknown as z.ZodMiniType<Staff, Staff>

/** A whole roster; `parseRoster` checks that no two staff members have the same id. */
export const rosterSchema = listOf(staffSchema, staffMax)

/**
 * Returns a copy of a whole roster, in which no two staff members have the same id.
 * @throws InvalidInputError with every problem found.
 */
export function parseRoster(input: unknown, path: InputPath = ['staff']): readonly Staff[] {
  return parseOrThrow((issues) =>
    parseList(input, {
      path,
      issues,
      lengthMax: staffMax,
      item: 'staff member',
      uniqueKey: 'id',
      parseItem: (item, context) => parseJson(staffSchema, item, context),
    }),
  )
}

const countMax = 10_000_000

/** One schema for each policy, with its minimum. */
const policyFields = {
  offerTimeoutMs: durationSchema(1),
  retryDelayMs: durationSchema(1),
  remindAfterMs: z.nullable(durationSchema(1)),
  unattendedAfterMs: durationSchema(1),
  sessionLeaseMs: z.nullable(durationSchema(1)),
  presenceGraceMs: durationSchema(0),
  visitorLeaseMs: z.nullable(durationSchema(1)),
  abandonAfterMs: durationSchema(0),
  transferMs: durationSchema(1),
  wrapUpMs: durationSchema(0),
  reclaimAfterMs: z.nullable(durationSchema(1)),
  firstReplyMs: z.nullable(durationSchema(1)),
  replyMs: z.nullable(durationSchema(1)),
  endWhenVisitorLeftMs: z.nullable(durationSchema(1)),
  maxWaitMs: z.nullable(durationSchema(1)),
  whenExhausted: oneOf('everyone', 'hold'),
  visitorAlertTtlMs: durationSchema(0),
  visitorAlertsPerMinuteMax: wholeNumber(0, countMax),
  capacity: wholeNumber(0, capacityMax),
  weight: wholeNumber(1, capacityMax),
  missedOffersMax: wholeNumber(1, countMax),
  awayAfterMissedOffers: booleanSchema,
  requestsPerVisitorMax: wholeNumber(1, countMax),
  openRequestsMax: wholeNumber(1, countMax),
  requestsPerMinuteMax: wholeNumber(1, countMax),
  visitorsMax: wholeNumber(1, countMax),
  visitorsPerMinuteMax: wholeNumber(1, countMax),
} satisfies { readonly [Name in keyof Policy]: z.ZodMiniType<Policy[Name]> }

/** Some policies, or all of them. */
export const policySchema = z.partial(objectOf(policyFields, 'an object')) as unknown as z.ZodMiniType<
  Partial<Policy>,
  Partial<Policy>
>

/** Returns a copy of some policies, or of all. @throws InvalidInputError with every problem found. */
export function parsePolicy(input: unknown, path: InputPath = ['policy']): Partial<Policy> {
  return parseOrThrow((issues) => parseJson(policySchema, input, { path, issues }))
}
