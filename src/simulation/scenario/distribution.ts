import * as z from 'zod/mini'
import { formatWords, objectOf } from '../../input'

/**
 * How long something takes. Drawn by inversion, so that the same chance gives times in the same order whatever the
 * distribution: two scenarios that differ in one thing differ in nothing else.
 */
export type Distribution =
  | { readonly distribution: 'fixed'; readonly ms: number }
  | { readonly distribution: 'exponential'; readonly meanMs: number }
  /** Mean and standard deviation of the times themselves, not of their logarithms. */
  | { readonly distribution: 'lognormal'; readonly meanMs: number; readonly sdMs: number }
  /** Times that were measured: each is as likely as it is frequent in the list. */
  | { readonly distribution: 'empirical'; readonly valuesMs: readonly number[] }

const valuesMax = 1_000_000
/** A year: longer times are mistakes of the unit. */
const durationMsMax = 366 * 86_400_000

const durationError = 'milliseconds, 0 or more and at most 366 days'
const positiveError = 'milliseconds above 0 and at most 366 days'
export const durationMsSchema = z
  .number({ error: durationError })
  .check(z.minimum(0, { error: durationError }), z.maximum(durationMsMax, { error: durationError }))
const positiveMsSchema = z
  .number({ error: positiveError })
  .check(z.positive({ error: positiveError }), z.maximum(durationMsMax, { error: positiveError }))

const valuesSchema = z
  .array(durationMsSchema, { error: 'a list' })
  .check(
    z.minLength(1, { error: 'at least one time' }),
    z.maxLength(valuesMax, { error: `at most ${valuesMax} of them` }),
  )

const kinds = ['fixed', 'exponential', 'lognormal', 'empirical'] as const

/** How long something takes, as a host writes it. */
export const distributionSchema = z.discriminatedUnion(
  'distribution',
  [
    objectOf({ distribution: z.literal('fixed'), ms: durationMsSchema }),
    objectOf({ distribution: z.literal('exponential'), meanMs: positiveMsSchema }),
    objectOf({ distribution: z.literal('lognormal'), meanMs: positiveMsSchema, sdMs: durationMsSchema }),
    objectOf({ distribution: z.literal('empirical'), valuesMs: valuesSchema }),
  ],
  { error: ({ path = [] }) => (path.length > 0 ? formatWords(kinds) : 'an object with distribution') },
) as unknown as z.ZodMiniType<Distribution>

/** The time that a share of all does not exceed: turns a chance between 0 and 1 into a duration. */
export type QuantileFunction = (share: number) => number

/** Whole milliseconds, 0 or more. */
export function quantileFunction(distribution: Distribution): QuantileFunction {
  switch (distribution.distribution) {
    case 'fixed': {
      const ms = Math.round(distribution.ms)
      return () => ms
    }
    case 'exponential': {
      const { meanMs } = distribution
      return (share) => Math.round(-meanMs * Math.log1p(-share))
    }
    case 'lognormal':
      return lognormalQuantile(distribution.meanMs, distribution.sdMs)
    case 'empirical': {
      const sorted = Float64Array.from(distribution.valuesMs, Math.round).sort()
      return (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
    }
    default:
      return distribution satisfies never
  }
}

/** The mean of a distribution, in milliseconds. */
export function meanOf(distribution: Distribution): number {
  if (distribution.distribution === 'fixed') return distribution.ms
  if (distribution.distribution !== 'empirical') return distribution.meanMs
  return distribution.valuesMs.reduce((sum, value) => sum + value, 0) / distribution.valuesMs.length
}

function lognormalQuantile(meanMs: number, sdMs: number): QuantileFunction {
  const variance = Math.log1p((sdMs / meanMs) ** 2)
  const mu = Math.log(meanMs) - variance / 2
  const sigma = Math.sqrt(variance)
  return (share) => Math.round(Math.exp(mu + sigma * normalQuantile(share)))
}

/** Rational approximations of Acklam, relative error below 1.2e-9. */
const centralCoefficients = {
  numerator: [
    -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  ],
  constant: 2.506628277459239,
  denominator: [
    -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1,
  ],
}
const tailCoefficients = {
  numerator: [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968],
  constant: 2.938163982698783,
  denominator: [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416],
}
const tailShare = 0.02425

/** The value that a standard normal variable stays below with probability `share`. */
export function normalQuantile(share: number): number {
  if (share > 1 - tailShare) return -tailQuantile(1 - share)
  if (share < tailShare) return tailQuantile(share)
  const centred = share - 0.5
  const square = centred * centred
  return evaluateRational(centralCoefficients, square) * centred
}

function tailQuantile(share: number): number {
  return evaluateRational(tailCoefficients, Math.sqrt(-2 * Math.log(share)))
}

interface RationalFunction {
  readonly numerator: readonly number[]
  readonly constant: number
  readonly denominator: readonly number[]
}

function evaluateRational({ numerator, constant, denominator }: RationalFunction, at: number): number {
  return (evaluatePolynomial(numerator, at) * at + constant) / (evaluatePolynomial(denominator, at) * at + 1)
}

function evaluatePolynomial(factors: readonly number[], at: number): number {
  let value = 0
  for (const factor of factors) value = value * at + factor
  return value
}
