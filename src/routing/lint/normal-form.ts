import { foldCondition } from '../workflow/condition-walk'
import type { Condition, NamedConditions } from '../workflow/workflow'
import { type Literal, toLiteral } from './literal'
import { isSatisfiable } from './satisfiability'

/** Literals that have to hold together. */
export type Term = readonly Literal[]

const termsMax = 128
const literalsPerTermMax = 64

/** Gets each conjunction that is left out because nothing satisfies it. */
type OnUnsatisfiable = (term: Term) => void

/**
 * Returns the disjunctive normal form of a condition: it holds when all literals of one term hold. Terms that nothing
 * satisfies are left out. `null`: more terms or literals than are looked through.
 */
export function toNormalForm(
  condition: Condition,
  named: NamedConditions,
  onUnsatisfiable: OnUnsatisfiable = () => {},
): Term[] | null {
  const expand = foldCondition<Expand>(condition, named, {
    all: (parts) => (isWanted) => (isWanted ? expandAll(parts, isWanted, onUnsatisfiable) : expandAny(parts, isWanted)),
    any: (parts) => (isWanted) => (isWanted ? expandAny(parts, isWanted) : expandAll(parts, isWanted, onUnsatisfiable)),
    not: (part) => (isWanted) => part(!isWanted),
    comparison: (comparison) => (isWanted) => satisfiableTerms([[toLiteral(comparison, isWanted)]], onUnsatisfiable),
    unknown: () => () => null,
  })
  return expand(true)
}

/** Expands a condition that has to hold, or, for `isWanted: false`, has to fail. */
type Expand = (isWanted: boolean) => Term[] | null

function expandAll(parts: readonly Expand[], isWanted: boolean, onUnsatisfiable: OnUnsatisfiable): Term[] | null {
  let terms: Term[] = [[]]
  for (const [index, expand] of parts.entries()) {
    const found = expand(isWanted)
    if (found === null || terms.length * found.length > termsMax) return null
    const longer = terms.flatMap((term) => found.map((more) => [...term, ...more]))
    if (longer.some(({ length }) => length > literalsPerTermMax)) return null
    const isBranching = found.length > 1 || index === parts.length - 1
    terms = isBranching ? satisfiableTerms(longer, onUnsatisfiable) : longer
  }
  return terms
}

function expandAny(parts: readonly Expand[], isWanted: boolean): Term[] | null {
  const terms: Term[] = []
  for (const expand of parts) {
    const found = expand(isWanted)
    if (found === null || terms.length + found.length > termsMax) return null
    terms.push(...found)
  }
  return terms
}

function satisfiableTerms(terms: Term[], onUnsatisfiable: OnUnsatisfiable): Term[] {
  return terms.filter((term) => {
    const isKept = isSatisfiable(term)
    if (!isKept) onUnsatisfiable(term)
    return isKept
  })
}
