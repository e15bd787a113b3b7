import type { Literal } from './literal'

/** Values under which all literals hold, by subject; `null` when there are none. */
export function witnessOf(literals: readonly Literal[]): ReadonlyMap<string, unknown> | null {
  const bySubject = new Map<string, Literal[]>()
  for (const literal of literals) {
    const known = bySubject.get(literal.subject)
    if (known === undefined) bySubject.set(literal.subject, [literal])
    else known.push(literal)
  }
  const witness = new Map<string, unknown>()
  for (const [subject, about] of bySubject) {
    const values = samples(about)
    const index = values.findIndex((value) => about.every((literal) => literal.holds(value)))
    if (index < 0) return null
    witness.set(subject, values[index])
  }
  return witness
}

export function isPossible(literals: readonly Literal[]): boolean {
  return witnessOf(literals) !== null
}

/** One value of each kind that the literals can tell apart, so that what holds for none of them holds for nothing. */
function samples(about: readonly Literal[]): unknown[] {
  const atoms = about.flatMap((literal) => literal.atoms)
  const others = [undefined, null, true, false, {}]
  if (about.every(({ family }) => family === 'plain')) return [...atoms, ...others, unnamed(atoms)]
  const numbers = around(atoms.filter((atom) => typeof atom === 'number'))
  const texts = numbers.map((number) => `${unnamed(atoms)}${number}`)
  return [...atoms, ...others, unnamed(atoms), ...numbers, ...texts, ...lists(about, texts)]
}

/** A text that no literal names; with a number after it still a text that counts as that number. */
function unnamed(atoms: readonly unknown[]): string {
  return ' '.repeat(1 + Math.max(0, ...atoms.map((atom) => (typeof atom === 'string' ? atom.length : 0))))
}

/** Each number, one between every two neighbours, and one beyond each end. */
function around(numbers: readonly number[]): number[] {
  const sorted = [...numbers].sort((one, other) => one - other)
  const between = sorted.slice(1).map((number, index) => number / 2 + (sorted[index] ?? 0) / 2)
  return [...sorted, ...between, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
}

/**
 * The shortest list that holds all that has to be in it, one that is longer, and, since a list of one counts as the
 * number that this one counts as, a list of each number.
 */
function lists(about: readonly Literal[], texts: readonly string[]): unknown[] {
  const inAnyCase = about.filter((literal) => literal.family === 'list' && !literal.holds([]))
  const needed = [...new Set(inAnyCase.flatMap(({ atoms }) => atoms))]
  const other = unnamed(needed)
  return needed.length === 0 ? [[], [other], ...texts.map((text) => [text])] : [needed, [...needed, other]]
}
