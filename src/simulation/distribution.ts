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
