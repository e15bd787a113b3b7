import type { Literal } from './literal'

/** Returns a value for each subject so that every literal holds; `null` when there are none. */
export function findModel(literals: readonly Literal[]): ReadonlyMap<string, unknown> | null {
  const bySubject = new Map<string, Literal[]>()
  for (const literal of literals) {
    const known = bySubject.get(literal.subject)
    if (known === undefined) bySubject.set(literal.subject, [literal])
    else known.push(literal)
  }
  const model = new Map<string, unknown>()
  for (const [subject, about] of bySubject) {
    const values = sampleValues(about)
    const index = values.findIndex((value) => about.every((literal) => literal.holds(value)))
    if (index < 0) return null
    model.set(subject, values[index])
  }
  return model
}

export function isSatisfiable(literals: readonly Literal[]): boolean {
  return findModel(literals) !== null
}

/** One value of each kind that the literals distinguish: literals that no sample satisfies are unsatisfiable. */
function sampleValues(about: readonly Literal[]): unknown[] {
  const atoms = about.flatMap((literal) => literal.constants)
  const others = [undefined, null, true, false, {}]
  if (about.every(({ valueKind }) => valueKind === 'plain')) return [...atoms, ...others, unnamedText(atoms)]
  const numbers = sampleNumbers(atoms.filter((atom) => typeof atom === 'number'))
  const texts = numbers.map((number) => `${unnamedText(atoms)}${number}`)
  return [...atoms, ...others, unnamedText(atoms), ...numbers, ...texts, ...sampleLists(about, texts)]
}

/** A text that no literal names. With a number after it, json-rules-engine compares it as that number. */
function unnamedText(atoms: readonly unknown[]): string {
  return ' '.repeat(1 + Math.max(0, ...atoms.map((atom) => (typeof atom === 'string' ? atom.length : 0))))
}

/** Each number, one between every two neighbours, and one beyond each end. */
function sampleNumbers(numbers: readonly number[]): number[] {
  const sorted = [...numbers].sort((one, other) => one - other)
  const between = sorted.slice(1).map((number, index) => number / 2 + (sorted[index] ?? 0) / 2)
  return [...sorted, ...between, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
}

/**
 * The shortest list with every required item, a longer one, and a list of each number, because a list of one number is
 * compared as that number.
 */
function sampleLists(about: readonly Literal[], texts: readonly string[]): unknown[] {
  const requiring = about.filter((literal) => literal.valueKind === 'list' && !literal.holds([]))
  const required = [...new Set(requiring.flatMap(({ constants }) => constants))]
  const other = unnamedText(required)
  return required.length === 0 ? [[], [other], ...texts.map((text) => [text])] : [required, [...required, other]]
}
