import { studentT } from './student-t'

/** A mean over independent runs with half the width of its confidence interval; `null` for fewer than two runs. */
export interface Estimate {
  readonly mean: number
  readonly halfWidth: number | null
}

/** By Student's t. `NaN` for no values. */
export function estimate(values: readonly number[], confidence = 0.95): Estimate {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  if (count < 2) return { mean, halfWidth: null }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const halfWidth = studentT(count - 1, confidence) * Math.sqrt(squares / (count - 1) / count)
  return { mean, halfWidth }
}
