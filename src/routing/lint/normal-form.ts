import { RuleEngine } from '../engine/rule-engine'
import { canonicalJson } from '../facts/routing-context'
import { builtInOperators } from '../workflow/vocabulary'
import type { Condition, NamedConditions } from '../workflow/workflow'
import { type FactCondition, isFactReference } from '../workflow/workflow'

/** Literals that have to hold together. */
export type Term = readonly Literal[]

const termsMax = 128
const literalsPerTermMax = 64

interface NormalFormContext {
  readonly conditions: NamedConditions
  /** Told of what cannot hold together. */
  readonly onUnsatisfiable: (term: Term) => void
}

/**
 * A condition as the ways in which it can hold: it holds when all literals of one of them do. Ways that cannot hold are
 * left out. `null`: more than can be looked through.
 */
export function toNormalForm(condition: Condition, named: NamedConditions, refused = (_: Term) => {}): Term[] | null {
  return expand(condition, true, { conditions: named, onUnsatisfiable: refused })
}

function expand(condition: Condition, isWanted: boolean, reading: NormalFormContext): Term[] | null {
  if ('not' in condition) return expand(condition.not, !isWanted, reading)
  if ('all' in condition)
    return isWanted ? conjunction(condition.all, true, reading) : disjunction(condition.all, false, reading)
  if ('any' in condition)
    return isWanted ? disjunction(condition.any, true, reading) : conjunction(condition.any, false, reading)
  if ('fact' in condition) return satisfiableTerms([[toLiteral(condition, isWanted)]], reading)
  const { conditions } = reading
  const known = Object.hasOwn(conditions, condition.condition) ? conditions[condition.condition] : undefined
  return known === undefined ? null : expand(known, isWanted, reading)
}

function disjunction(parts: readonly Condition[], isWanted: boolean, reading: NormalFormContext): Term[] | null {
  const terms: Term[] = []
  for (const part of parts) {
    const found = expand(part, isWanted, reading)
    if (found === null || terms.length + found.length > termsMax) return null
    terms.push(...found)
  }
  return terms
}

function conjunction(parts: readonly Condition[], isWanted: boolean, reading: NormalFormContext): Term[] | null {
  let terms: Term[] = [[]]
  for (const [index, part] of parts.entries()) {
    const found = expand(part, isWanted, reading)
    if (found === null || terms.length * found.length > termsMax) return null
    const longer = terms.flatMap((term) => found.map((more) => [...term, ...more]))
    if (longer.some(({ length }) => length > literalsPerTermMax)) return null
    const isBranching = found.length > 1 || index === parts.length - 1
    terms = isBranching ? satisfiableTerms(longer, reading) : longer
  }
  return terms
}

function satisfiableTerms(terms: Term[], { onUnsatisfiable }: NormalFormContext): Term[] {
  return terms.filter((term) => {
    const isSound = isSatisfiable(term)
    if (!isSound) onUnsatisfiable(term)
    return isSound
  })
}

/** A comparison that has to hold, or has to fail, for a workflow to match. */
export interface Literal {
  /** Literals of the same subject compare the same value. */
  readonly subject: string
  readonly valueKind: 'plain' | 'number' | 'list'
  /** More than a comparison with a value: nobody knows what it says, or whether it fails. */
  readonly isOpaque: boolean
  /** The plain values that it names. */
  readonly constants: readonly unknown[]
  holds(value: unknown): boolean
  /** `equal "US"`, `not in [1,2]`. */
  readonly text: string
  readonly fact: string
}

/**
 * What json-rules-engine's own operator says of a value, or its contrary. A comparison with another fact, or by what
 * the host brings along, is a question of its own that says yes or no: the same one each time it is asked.
 */
export function toLiteral(condition: FactCondition, isWanted: boolean): Literal {
  const { fact, operator, value } = condition
  const [base, isContrary] = stripNot(operator)
  const told = `${isWanted ? '' : 'not '}${operator} ${JSON.stringify(value)}`
  if (!builtInOperators.has(base) || isFactReference(value))
    return { ...opaqueLiteral(condition, isWanted), text: told, fact }
  const isPositive = isWanted !== isContrary
  const compare = builtInComparison(base)
  return {
    subject: subjectOf(condition),
    valueKind: valueKindOf(base),
    isOpaque: false,
    constants: [value].flat().filter((atom) => typeof atom !== 'object' || atom === null),
    holds: (found) => compare(found, value) === isPositive,
    text: told,
    fact,
  }
}

let operatorEngine: RuleEngine | null = null

function builtInComparison(operator: string): (found: unknown, value: unknown) => boolean {
  operatorEngine ??= new RuleEngine({ facts: {}, conditions: {}, operators: {}, decorators: {} })
  return operatorEngine.operatorFunction(operator)
}

function subjectOf({ fact, path, params }: FactCondition): string {
  return canonicalJson([fact, path ?? null, params ?? null])
}

function opaqueLiteral({ fact, operator, value, path, params }: FactCondition, isWanted: boolean) {
  const subject = canonicalJson([fact, path ?? null, params ?? null, operator, value])
  return {
    subject,
    valueKind: 'plain',
    isOpaque: true,
    constants: [],
    holds: (found: unknown) => (found === true) === isWanted,
  } as const
}

function stripNot(operator: string): [base: string, isContrary: boolean] {
  let [base, isContrary] = [operator, false]
  while (base.startsWith('not:')) [base, isContrary] = [base.slice('not:'.length), !isContrary]
  return [base, isContrary]
}

function valueKindOf(base: string): Literal['valueKind'] {
  if (base === 'contains' || base === 'doesNotContain') return 'list'
  return base === 'equal' || base === 'notEqual' || base === 'in' || base === 'notIn' ? 'plain' : 'number'
}

/** Values under which all literals hold, by subject; `null` when there are none. */
export function findModel(literals: readonly Literal[]): ReadonlyMap<string, unknown> | null {
  const bySubject = new Map<string, Literal[]>()
  for (const literal of literals) {
    const known = bySubject.get(literal.subject)
    if (known === undefined) bySubject.set(literal.subject, [literal])
    else known.push(literal)
  }
  const witness = new Map<string, unknown>()
  for (const [subject, about] of bySubject) {
    const values = sampleValues(about)
    const index = values.findIndex((value) => about.every((literal) => literal.holds(value)))
    if (index < 0) return null
    witness.set(subject, values[index])
  }
  return witness
}

export function isSatisfiable(literals: readonly Literal[]): boolean {
  return findModel(literals) !== null
}

/** One value of each kind that the literals can tell apart, so that what holds for none of them holds for nothing. */
function sampleValues(about: readonly Literal[]): unknown[] {
  const atoms = about.flatMap((literal) => literal.constants)
  const others = [undefined, null, true, false, {}]
  if (about.every(({ valueKind }) => valueKind === 'plain')) return [...atoms, ...others, unnamedText(atoms)]
  const numbers = sampleNumbers(atoms.filter((atom) => typeof atom === 'number'))
  const texts = numbers.map((number) => `${unnamedText(atoms)}${number}`)
  return [...atoms, ...others, unnamedText(atoms), ...numbers, ...texts, ...sampleLists(about, texts)]
}

/** A text that no literal names; with a number after it still a text that counts as that number. */
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
 * The shortest list that holds all that has to be in it, one that is longer, and, since a list of one counts as the
 * number that this one counts as, a list of each number.
 */
function sampleLists(about: readonly Literal[], texts: readonly string[]): unknown[] {
  const inAnyCase = about.filter((literal) => literal.valueKind === 'list' && !literal.holds([]))
  const needed = [...new Set(inAnyCase.flatMap(({ constants }) => constants))]
  const other = unnamedText(needed)
  return needed.length === 0 ? [[], [other], ...texts.map((text) => [text])] : [needed, [...needed, other]]
}
