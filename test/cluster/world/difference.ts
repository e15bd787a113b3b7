/** Where two texts part, with what stands around. */
export function difference(one: string, other: string): string {
  let from = 0
  while (one[from] === other[from]) from += 1
  return `${one.slice(Math.max(0, from - 80), from + 80)} | ${other.slice(Math.max(0, from - 80), from + 80)}`
}
