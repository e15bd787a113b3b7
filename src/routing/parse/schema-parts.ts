import * as z from 'zod/mini'
import { durationMsMax, routingLimits } from '../routing-limits'

// The `error` of each schema is what was expected, in the words of the message: `expected <error>, got <what came>`.

const textSchema = (lengthMax: number, what = 'text') => {
  const error = `${what} of 1 to ${lengthMax} characters`
  return z.string({ error }).check(z.minLength(1, { error }), z.maxLength(lengthMax, { error }))
}

export const idSchema = textSchema(routingLimits.nameLengthMax)

/** A whole number within its bounds. */
export function wholeNumber(min: number, max: number, error = `a whole number, ${min} to ${max}`) {
  return z.number({ error }).check(z.int({ error }), z.minimum(min, { error }), z.maximum(max, { error }))
}

/** A duration; the bound keeps seconds and microseconds from being taken for milliseconds. */
export function durationSchema(min: number) {
  const error = `a whole number of milliseconds, ${min} or more`
  const tooMuch = { error: 'at most 366 days of milliseconds' }
  return z.number({ error }).check(z.int({ error }), z.minimum(min, { error }), z.maximum(durationMsMax, tooMuch))
}

/** A list with at least one item. */
export function nonEmptyListOf<Item extends z.ZodMiniType>(item: Item, lengthMax: number) {
  const error = `a list of 1 to ${lengthMax}`
  return z.array(item, { error }).check(z.minLength(1, { error }), z.maxLength(lengthMax, { error }))
}

/** A list that may be empty. */
export function listOf<Item extends z.ZodMiniType>(item: Item, lengthMax: number) {
  const error = `a list of at most ${lengthMax}`
  return z.array(item, { error }).check(z.maxLength(lengthMax, { error }))
}

/** One id or several. */
export const oneOrManyIds = z.union([idSchema, nonEmptyListOf(idSchema, routingLimits.idsMax)], {
  error: 'an id or a list of ids',
})
