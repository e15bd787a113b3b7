import type { Condition } from './condition'
import { literalOf } from './literal'
import { normalForm, type Term } from './normal-form'
import { isPossible, witnessOf } from './possible'
import type { NamedConditions, Workflow } from './workflow'

interface Earlier {
  readonly name: string
  readonly terms: readonly Term[]
  readonly asks: ReadonlySet<string>
}

/** Looking at so many combinations leaves it open whether one is shadowed. */
const looksMax = 2_000

/**
 * For each workflow that never gets a turn the earlier one that matches whenever it would: together with its failing,
 * nothing is left that matches, as long as facts answer. The earlier one asks no question besides: one that fails would
 * leave the turn to the other. Those that nothing can match are no matter of this.
 */
export function shadowsOf(ranked: readonly Workflow[], named: NamedConditions): Map<string, string> {
  const before = new EarlierOnes()
  const found = new Map<string, string>()
  for (const { name, conditions } of ranked) {
    const terms = normalForm(conditions, named)
    const [first] = terms ?? []
    if (terms === null || first === undefined) continue
    const own = { name, terms, asks: new Set(asksOf(conditions, named)) }
    const shadow = before.matching(witnessOf(first) ?? new Map()).find((earlier) => covers(earlier, own))
    if (shadow !== undefined) found.set(name, shadow.name)
    else before.add(own)
  }
  return found
}

function covers(earlier: Earlier, { terms, asks }: Earlier): boolean {
  for (const ask of earlier.asks) if (!asks.has(ask)) return false
  const looks = { left: looksMax }
  return terms.every((term) => isCovered(term, earlier.terms, looks))
}

/** What is more than a comparison with a value, and may fail. */
function* asksOf(condition: Condition, named: NamedConditions): Generator<string> {
  if ('all' in condition) for (const part of condition.all) yield* asksOf(part, named)
  else if ('any' in condition) for (const part of condition.any) yield* asksOf(part, named)
  else if ('not' in condition) yield* asksOf(condition.not, named)
  else if ('fact' in condition) {
    const { isQuestion, subject } = literalOf(condition, true)
    if (isQuestion) yield subject
  } else {
    const known = named[condition.condition]
    if (known !== undefined) yield* asksOf(known, named)
  }
}

/** Whether a way to match leaves none in which each of these has a literal that fails. */
function isCovered(term: Term, [one, ...others]: readonly Term[], looks: { left: number }): boolean {
  if (one === undefined) return false
  return one.every((literal) => {
    looks.left -= 1
    if (looks.left < 0) return false
    const failing = { ...literal, holds: (value: unknown) => !literal.holds(value) }
    const left = [...term, failing]
    return !isPossible(left) || isCovered(left, others, looks)
  })
}

/** What comes before, found by a value that it needs: one of ten thousand is compared with few. */
class EarlierOnes {
  readonly #byNeed = new Map<string, Set<Earlier>>()
  readonly #withoutNeed: Earlier[] = []

  add(earlier: Earlier): void {
    const needs = earlier.terms.map(needsOf)
    if (needs.some((keys) => keys.length === 0)) this.#withoutNeed.push(earlier)
    else for (const key of needs.flat()) this.#byNeed.set(key, (this.#byNeed.get(key) ?? new Set()).add(earlier))
  }

  /** Those that match these values, in no order. */
  matching(witness: ReadonlyMap<string, unknown>): Earlier[] {
    const found = new Set(this.#withoutNeed)
    for (const [subject, value] of witness) {
      for (const earlier of this.#byNeed.get(keyOf(subject, value)) ?? []) found.add(earlier)
    }
    return [...found].filter(({ terms }) =>
      terms.some((term) => term.every((literal) => literal.holds(witness.get(literal.subject)))),
    )
  }
}

/** The values of one fact of which a term needs one; of several facts that with the fewest. */
function needsOf(term: Term): readonly string[] {
  const needs = term.flatMap((literal) => {
    const { family, subject, atoms, holds } = literal
    const isNeed = family === 'plain' && atoms.length > 0 && !holds(unnamed)
    return isNeed ? [atoms.filter((atom) => literal.holds(atom)).map((atom) => keyOf(subject, atom))] : []
  })
  return needs.reduce<readonly string[]>(
    (least, one) => (least.length === 0 || one.length < least.length ? one : least),
    [],
  )
}

/** Equals nothing that a rule names. */
const unnamed = Symbol('unnamed')

function keyOf(subject: string, value: unknown): string {
  return `${subject} ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`
}
