import type { Distribution } from './distribution'
import { normalQuantile } from './normal-quantile'

/** The time that a share of all does not exceed: turns a chance between 0 and 1 into a duration. */
export type Quantile = (share: number) => number

/** Whole milliseconds, 0 or more. */
export function quantileOf(distribution: Distribution): Quantile {
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
      return lognormal(distribution.meanMs, distribution.sdMs)
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

function lognormal(meanMs: number, sdMs: number): Quantile {
  const variance = Math.log1p((sdMs / meanMs) ** 2)
  const mu = Math.log(meanMs) - variance / 2
  const sigma = Math.sqrt(variance)
  return (share) => Math.round(Math.exp(mu + sigma * normalQuantile(share)))
}
