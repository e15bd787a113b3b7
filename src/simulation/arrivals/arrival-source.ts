import * as z from 'zod/mini'
import type { Facts } from '../../core'
import { factsSchema } from '../../desk'
import {
  idSchema,
  isRecord,
  issueOf,
  nullByDefault,
  objectOf,
  oneOf,
  type ParseContext,
  parseWithSchema,
  refuse,
  textSchema,
  wholeNumber,
} from '../../input'
import { type Distribution, distributionSchema, durationMsSchema } from '../scenario/distribution'
import { compileTimeFormat, type TimeNotation, timeZoneSchema } from '../scenario/instant'

/** Where a scenario's requests come from: a rate, a list, or a file that the caller reads (`withArrivals`). */
export type ArrivalSource = GeneratedArrivals | GivenArrivals | ArrivalFile

/** A Poisson process whose rate follows the hour of the week in the scenario's time zone. */
export interface GeneratedArrivals {
  readonly from: 'rate'
  /** Requests an hour, for the 168 hours of a week from Monday 00:00 on. */
  readonly perHour: readonly number[]
  readonly kinds: readonly RequestKind[]
}

/** One sort of request among the generated ones. */
export interface RequestKind {
  /** How frequent it is beside the others; only the ratio counts. */
  readonly share: number
  readonly facts: Facts
  readonly weight: number | null
  /** `null`: as the behaviour says. */
  readonly handling: Distribution | null
  readonly patience: Distribution | null
}

/** In order of time. Anything that can be walked again from its beginning; a list, or a source that makes them anew. */
export interface GivenArrivals {
  readonly from: 'list'
  readonly arrivals: Iterable<Arrival>
}

/** Not read yet: a simulation has no files. */
export interface ArrivalFile {
  readonly from: 'file'
  readonly file: string
  readonly format: 'jsonl' | 'csv'
  readonly columns: ArrivalColumns
}

/** A visitor asks for a chat. What is left out is drawn from the scenario's behaviour. */
export interface Arrival {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly facts: Facts
  /** Default: a visitor of its own. One who comes again while a request is open gets that one back. */
  readonly visitorId?: string
  readonly weight?: number
  /** How long the chat lasts once it is taken. */
  readonly handlingMs?: number
  /** How long the visitor waits before giving up; `null`: for ever. */
  readonly patienceMs?: number | null
}

/**
 * Which column (CSV, by its heading) or key (JSON lines) holds what. Only that of `at` has to be there; columns that
 * are named nowhere are left out. Fields that are empty count as left out.
 */
export interface ArrivalColumns extends TimeNotation {
  /** When the visitor asked. Default `at`. */
  readonly at: string
  /** The date, where another column, `time`, has the time of day; both together stand in the place of `at`. */
  readonly date?: string
  readonly time?: string
  readonly visitorId?: string
  readonly weight?: string
  /** How long the chat lasted. */
  readonly handling?: string
  /** After how long the visitor gave up. */
  readonly patience?: string
  /**
   * What 1 means in the columns of `handling` and `patience`, in milliseconds: 1000 for seconds. Default 1. Durations
   * such as `00:02:30` say it themselves.
   */
  readonly unitMs?: number
  /** Fact to column. In JSON lines a key `facts` that holds an object gives all its facts without being named. */
  readonly facts?: Readonly<Record<string, string | FactColumn>>
}

/** Text stays text unless it is said to be something else: `"10"` is another fact than `10`. */
export interface FactColumn {
  readonly column: string
  readonly as: 'text' | 'number' | 'flag'
}

const perHourMax = 10_000_000
const kindsMax = 10_000
const weightMax = 10_000
const dayHours = 24
const weekHours = 168

const rateError = `a number of requests an hour, 0 to ${perHourMax}`
const rateSchema = z
  .number({ error: rateError })
  .check(z.minimum(0, { error: rateError }), z.maximum(perHourMax, { error: rateError }))
const ratesError = 'one number, 24 by hour of the day, or 168 by hour of the week'
const ratesSchema = z
  .array(rateSchema, { error: ratesError })
  .check(z.refine(({ length }) => length === dayHours || length === weekHours, { error: ratesError }))

const positiveError = 'a number above 0'
const positiveSchema = z
  .number({ error: positiveError })
  .check(z.positive({ error: positiveError }), z.lt(1e9, { error: positiveError }))

const facts = z._default(factsSchema, {})
const weight = wholeNumber(1, weightMax)

const requestKindSchema = objectOf({
  share: z._default(positiveSchema, 1),
  facts,
  weight: nullByDefault(weight),
  handling: nullByDefault(distributionSchema),
  patience: nullByDefault(distributionSchema),
})

const atMax = 8.64e15
const atError = 'whole milliseconds since the epoch'

/** One arrival of a list or a line, as it is. */
export const arrivalSchema = objectOf({
  at: z
    .number({ error: atError })
    .check(z.refine((at) => Number.isInteger(at) && Math.abs(at) < atMax, { error: atError })),
  facts,
  visitorId: z.optional(idSchema),
  weight: z.optional(weight),
  handlingMs: z.optional(durationMsSchema),
  patienceMs: z.optional(z.nullable(durationMsSchema)),
}) as unknown as z.ZodMiniType<Arrival>

const factColumnSchema = z.union([textSchema, objectOf({ column: textSchema, as: oneOf('text', 'number', 'flag') })], {
  error: 'the name of a column, or an object with column, as',
})

const timeFormatError = 'a format with year, month, day and hour, such as "DD/MM/YYYY HH:mm" or "%d/%m/%Y %H:%M"'
const timeFormatSchema = textSchema.check(
  z.refine((format) => compileTimeFormat(format) !== undefined, { error: timeFormatError }),
)

/** Which column holds what; the default of `at` is filled in. */
export const columnsSchema = objectOf({
  at: z._default(textSchema, 'at'),
  date: z.optional(textSchema),
  time: z.optional(textSchema),
  timeZone: z.optional(timeZoneSchema),
  timeFormat: z.optional(timeFormatSchema),
  dayFirst: z.optional(z.boolean({ error: 'true or false' })),
  visitorId: z.optional(textSchema),
  weight: z.optional(textSchema),
  handling: z.optional(textSchema),
  patience: z.optional(textSchema),
  unitMs: z.optional(positiveSchema),
  facts: z.optional(z.record(z.string(), factColumnSchema, { error: 'an object of fact to column' })),
}).check(
  z.refine(({ date, time }) => (date === undefined) === (time === undefined), {
    error: 'date and time together',
    path: ['time'],
  }),
) as unknown as z.ZodMiniType<ArrivalColumns>

const defaultRequestKind: RequestKind = { share: 1, facts: {}, weight: null, handling: null, patience: null }

const rateSourceSchema = objectOf({
  perHour: z.union([rateSchema, ratesSchema], { error: ratesError }),
  kinds: z._default(
    z
      .array(requestKindSchema, { error: 'a list' })
      .check(
        z.minLength(1, { error: 'at least one kind of request' }),
        z.maxLength(kindsMax, { error: `at most ${kindsMax} of them` }),
      ),
    [defaultRequestKind],
  ),
})

const fileSourceSchema = objectOf({
  file: textSchema,
  format: z.optional(oneOf('jsonl', 'csv')),
  columns: z._default(columnsSchema, { at: 'at' }),
})

/** Anything that can be iterated; only a list is parsed and sorted here, any other iterable when it is iterated. */
const listSourceSchema = objectOf({
  list: z.union(
    [
      z.array(arrivalSchema),
      z.custom<Iterable<Arrival>>(
        (value) => !Array.isArray(value) && typeof value === 'object' && value !== null && Symbol.iterator in value,
      ),
    ],
    { error: 'a list of arrivals' },
  ),
})

/** Where requests come from; `undefined`, and what is wrong in `issues`, otherwise. */
export function parseArrivalSource(input: unknown, context: ParseContext): ArrivalSource | undefined {
  const { path, issues } = context
  if (!isRecord(input)) return refuse(issues, issueOf(path, sourceExpected, input))
  if ('perHour' in input) return parseRateSource(input, context)
  if ('file' in input) return parseFileSource(input, context)
  if ('list' in input) return parseListSource(input, context)
  return refuse(issues, issueOf(path, sourceExpected, input))
}

const sourceExpected = 'an object with perHour, list or file'

function parseRateSource(input: unknown, context: ParseContext): ArrivalSource | undefined {
  const found = parseWithSchema(rateSourceSchema, input, context)
  if (found === undefined) return undefined
  const { perHour, kinds } = found
  const rates = typeof perHour === 'number' ? [perHour] : perHour
  return {
    from: 'rate',
    perHour: Array.from({ length: weekHours }, (_, hour) => rates[hour % rates.length] ?? 0),
    kinds,
  }
}

function parseFileSource(input: unknown, context: ParseContext): ArrivalSource | undefined {
  const found = parseWithSchema(fileSourceSchema, input, context)
  if (found === undefined) return undefined
  const { file, columns, format = /\.(csv|tsv)$/i.test(file) ? 'csv' : 'jsonl' } = found
  return { from: 'file', file, format, columns }
}

function parseListSource(input: unknown, context: ParseContext): ArrivalSource | undefined {
  const found = parseWithSchema(listSourceSchema, input, context)
  if (found === undefined) return undefined
  const { list } = found
  return { from: 'list', arrivals: Array.isArray(list) ? list.sort((one, other) => one.at - other.at) : list }
}
