import { foldCondition } from '../workflow/condition-walk'
import type { Condition, NamedConditions } from '../workflow/workflow'
import { type Literal, toLiteral } from './literal'
import { isSatisfiable, type LintBudget } from './satisfiability'

/** Literals that have to hold together. */
export type Term = readonly Literal[]

const termsMax = 128
const literalsPerTermMax = 64
/** Reading a condition, copying it and writing it as text. */
const stepsPerComparison = 10

export interface NormalForm {
  /** The condition holds when all literals of one term hold; `null`: more than is looked through. */
  readonly terms: readonly Term[] | null
  /** The conjunctions that were left out because nothing satisfies them. */
  readonly unsatisfiable: readonly Term[]
}

/** Returns the disjunctive normal form of a condition. Terms that nothing satisfies are left out. */
export function toNormalForm(condition: Condition, named: NamedConditions, budget: LintBudget): NormalForm {
  const expander = new Expander(budget)
  const expand = foldCondition<Expand>(condition, named, {
    all: (parts) => (isWanted) => (isWanted ? expander.all(parts, isWanted) : expander.any(parts, isWanted)),
    any: (parts) => (isWanted) => (isWanted ? expander.any(parts, isWanted) : expander.all(parts, isWanted)),
    not: (part) => (isWanted) => part(!isWanted),
    comparison: (comparison) => (isWanted) => {
      if (!budget.spend(stepsPerComparison)) return null
      return expander.satisfiable([[toLiteral(comparison, isWanted)]])
    },
    unknown: () => () => null,
  })
  return { terms: expand(true), unsatisfiable: expander.unsatisfiable }
}

/** Expands a condition that has to hold, or, for `isWanted: false`, has to fail. */
type Expand = (isWanted: boolean) => Term[] | null

class Expander {
  readonly #budget: LintBudget
  /** The conjunctions that were left out. */
  readonly unsatisfiable: Term[] = []

  constructor(budget: LintBudget) {
    this.#budget = budget
  }

  all(parts: readonly Expand[], isWanted: boolean): Term[] | null {
    let terms: Term[] = [[]]
    for (const [index, expand] of parts.entries()) {
      const found = expand(isWanted)
      if (found === null || terms.length * found.length > termsMax) return null
      const longer = terms.flatMap((term) => found.map((more) => [...term, ...more]))
      if (longer.some(({ length }) => length > literalsPerTermMax)) return null
      if (!this.#budget.spend(longer.length * (longer[0]?.length ?? 0))) return null
      const isBranching = found.length > 1 || index === parts.length - 1
      terms = isBranching ? this.satisfiable(longer) : longer
    }
    return terms
  }

  any(parts: readonly Expand[], isWanted: boolean): Term[] | null {
    const terms: Term[] = []
    for (const expand of parts) {
      const found = expand(isWanted)
      if (found === null || terms.length + found.length > termsMax) return null
      terms.push(...found)
    }
    return terms
  }

  satisfiable(terms: Term[]): Term[] {
    return terms.filter((term) => {
      const isKept = isSatisfiable(term, this.#budget)
      if (!isKept) this.unsatisfiable.push(term)
      return isKept
    })
  }
}
