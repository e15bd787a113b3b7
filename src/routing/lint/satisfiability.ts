import type { Literal } from './literal'

/** The steps of work that lint may still do: one for each comparison of a value with a literal, about. */
export class LintBudget {
  #left: number

  constructor(stepsMax: number) {
    this.#left = stepsMax
  }

  /** Returns whether there was enough left. */
  spend(steps: number): boolean {
    this.#left -= steps
    return this.#left >= 0
  }

  get isSpent(): boolean {
    return this.#left < 0
  }
}

/**
 * Returns a value for each subject so that every literal holds; `null` when there are none. Where the budget is spent:
 * the values so far, as nothing is known to be unsatisfiable.
 */
export function findModel(literals: readonly Literal[], budget: LintBudget): ReadonlyMap<string, unknown> | null {
  const bySubject = new Map<string, Literal[]>()
  for (const literal of literals) {
    const known = bySubject.get(literal.subject)
    if (known === undefined) bySubject.set(literal.subject, [literal])
    else known.push(literal)
  }
  const model = new Map<string, unknown>()
  for (const [subject, about] of bySubject) {
    if (!budget.spend(about.reduce((sum, { constants }) => sum + 3 + 2 * constants.length, 0))) return model
    const values = sampleValues(about)
    const index = values.findIndex((value) => about.every((literal) => holdsWithin(literal, value, budget)))
    if (index < 0) return null
    model.set(subject, values[index])
  }
  return model
}

/** Holds also where the budget is spent. */
function holdsWithin(literal: Literal, value: unknown, budget: LintBudget): boolean {
  return !budget.spend(stepsOf(literal)) || literal.holds(value)
}

/** The work of one comparison: a list is searched. */
export function stepsOf({ constants }: Literal): number {
  return 1 + (constants.length >> 4)
}

export function isSatisfiable(literals: readonly Literal[], budget: LintBudget): boolean {
  return findModel(literals, budget) !== null
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
  return ' '.repeat(
    atoms.reduce<number>((most, atom) => Math.max(most, typeof atom === 'string' ? atom.length : 0), 0) + 1,
  )
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
