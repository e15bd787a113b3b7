/** A mean over independent runs with half the width of its confidence interval; `null` for fewer than two runs. */
export interface Estimate {
  readonly mean: number
  readonly halfWidth: number | null
}
