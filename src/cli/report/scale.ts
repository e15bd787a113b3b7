/** An axis from 0 up, with round values to write beside it. */
export interface Scale {
  readonly max: number
  readonly ticks: readonly number[]
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** Steps at which people read time. */
const timeSteps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 4, 6, 12, 24, 48].map((count) => count * hour),
]

const ticksMax = 5

/** Up to the largest value and a little more. */
export function numberScale(max: number): Scale {
  const power = 10 ** Math.floor(Math.log10(Math.max(max, 1e-9) / ticksMax))
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((one) => max / one <= ticksMax) ?? power
  return scaleOf(max, Math.max(step, max <= 1 ? 0.2 : 1))
}

export function timeScale(maxMs: number): Scale {
  return scaleOf(maxMs, timeSteps.find((step) => maxMs / step <= ticksMax) ?? 48 * hour)
}

/** 0 to 100 %. */
export const shareScale: Scale = { max: 1, ticks: [0, 0.25, 0.5, 0.75, 1] }

function scaleOf(max: number, step: number): Scale {
  const count = Math.max(1, Math.ceil(max / step - 1e-9))
  return { max: count * step, ticks: Array.from({ length: count + 1 }, (_, index) => index * step) }
}
