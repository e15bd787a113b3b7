const textLengthMax = 64
const distanceMax = 3

/**
 * Returns the known name that a misspelt one most likely stands for: at most a third of its letters differ, and at most
 * three. `undefined` when no name is that near.
 */
export function nearest(given: string, known: Iterable<string>): string | undefined {
  if (given.length > textLengthMax) return undefined
  let found: string | undefined
  let least = distanceMax + 1
  for (const name of known) {
    const limit = Math.min(least - 1, Math.floor(Math.max(name.length, given.length) / 3))
    if (Math.abs(name.length - given.length) > limit) continue
    const distance = editDistance(given.toLowerCase(), name.toLowerCase())
    if (distance > limit) continue
    least = distance
    found = name
  }
  return found
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other. */
function editDistance(one: string, other: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const cost = one[row - 1] === other[column - 1] ? 0 : 1
      const isSwap = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + cost,
        isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = current
  }
  return last[other.length] ?? 0
}
