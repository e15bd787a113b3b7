/** The value that |t| stays below with this probability, for a whole number of degrees of freedom. */
export function studentT(freedom: number, confidence: number): number {
  let low = 0
  let high = 1
  while (shareWithin(high, freedom) < confidence) high *= 2
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2
    if (shareWithin(middle, freedom) < confidence) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** P(|T| <= t), as a finite sum (Abramowitz and Stegun, 26.7.3 and 26.7.4). */
function shareWithin(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom))
  const square = Math.cos(angle) ** 2
  const isOdd = freedom % 2 === 1
  let term = isOdd ? Math.cos(angle) : 1
  let sum = freedom === 1 ? 0 : term
  for (let next = isOdd ? 3 : 2; next < freedom; next += 2) {
    term *= (square * (next - 1)) / next
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
}
