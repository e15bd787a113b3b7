import { RuleEngine } from '../engine/rule-engine'
import { canonicalJson } from '../facts/routing-context'
import { builtInOperators } from '../workflow/vocabulary'
import { type FactCondition, isFactReference } from '../workflow/workflow'

/** A comparison that has to hold, or has to fail, for a workflow to match. */
export interface Literal {
  /** Literals of the same subject compare the same value. */
  readonly subject: string
  readonly valueKind: 'plain' | 'number' | 'list'
  /** The plain values that it compares with. */
  readonly constants: readonly unknown[]
  holds(value: unknown): boolean
  /** `equal "US"`, `not in [1,2]`. */
  toText(): string
  readonly fact: string
}

/**
 * Returns the literal of a comparison, or of its negation. A comparison with another fact, or by a host operator, is an
 * opaque literal: a subject of its own whose value is true or false.
 */
export function toLiteral(comparison: FactCondition, isWanted: boolean): Literal {
  const { fact, operator, value } = comparison
  const [base, isNegated] = stripNot(operator)
  const toText = () => `${isWanted ? '' : 'not '}${operator} ${JSON.stringify(value)}`
  if (isOpaque(comparison)) return { ...opaqueLiteral(comparison, isWanted), toText, fact }
  const isPositive = isWanted !== isNegated
  const compare = builtInComparison(base)
  return {
    subject: subjectOf(comparison),
    valueKind: valueKindOf(base),
    constants: [value].flat().filter((atom) => typeof atom !== 'object' || atom === null),
    holds: (found) => compare(found, value) === isPositive,
    toText,
    fact,
  }
}

/** Returns whether a comparison is more than one with a value: with another fact, or by a host operator. */
export function isOpaque({ operator, value }: FactCondition): boolean {
  return isFactReference(value) || !builtInOperators.has(stripNot(operator)[0])
}

let operatorEngine: RuleEngine | null = null

function builtInComparison(operator: string): (found: unknown, value: unknown) => boolean {
  operatorEngine ??= new RuleEngine({ facts: {}, conditions: {}, operators: {}, decorators: {} })
  return operatorEngine.operatorFunction(operator)
}

function subjectOf({ fact, path, params }: FactCondition): string {
  if (path === undefined && params === undefined) return `=${fact}`
  return canonicalJson([fact, path ?? null, params ?? null])
}

function opaqueLiteral({ fact, operator, value, path, params }: FactCondition, isWanted: boolean) {
  const subject = canonicalJson([fact, path ?? null, params ?? null, operator, value])
  return {
    subject,
    valueKind: 'plain',
    constants: [],
    holds: (found: unknown) => (found === true) === isWanted,
  } as const
}

function stripNot(operator: string): [base: string, isNegated: boolean] {
  let [base, isNegated] = [operator, false]
  while (base.startsWith('not:')) [base, isNegated] = [base.slice('not:'.length), !isNegated]
  return [base, isNegated]
}

function valueKindOf(base: string): Literal['valueKind'] {
  if (base === 'contains' || base === 'doesNotContain') return 'list'
  return base === 'equal' || base === 'notEqual' || base === 'in' || base === 'notIn' ? 'plain' : 'number'
}
