/** Rational approximations of Acklam, relative error below 1.2e-9. */
const middle = {
  over: [-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1],
  last: 2.506628277459239,
  under: [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1],
}
const tail = {
  over: [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968],
  last: 2.938163982698783,
  under: [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416],
}
const edge = 0.02425

/** The value that a standard normal variable stays below with probability `share`. */
export function normalQuantile(share: number): number {
  if (share > 1 - edge) return -inTail(1 - share)
  if (share < edge) return inTail(share)
  const centred = share - 0.5
  const square = centred * centred
  return ratio(middle, square) * centred
}

function inTail(share: number): number {
  return ratio(tail, Math.sqrt(-2 * Math.log(share)))
}

interface Ratio {
  readonly over: readonly number[]
  readonly last: number
  readonly under: readonly number[]
}

function ratio({ over, last, under }: Ratio, at: number): number {
  return (horner(over, at) * at + last) / (horner(under, at) * at + 1)
}

function horner(factors: readonly number[], at: number): number {
  let value = 0
  for (const factor of factors) value = value * at + factor
  return value
}
