import { canonicalJson } from './canonical-json'
import { type FactCondition, isFactReference } from './condition'
import { builtInOperators } from './operator-names'
import { RuleEngine } from './rule-engine'

/** A comparison that has to hold, or has to fail, for a workflow to match. */
export interface Literal {
  /** Literals of the same subject compare the same value. */
  readonly subject: string
  readonly family: 'plain' | 'number' | 'list'
  /** More than a comparison with a value: nobody knows what it says, or whether it fails. */
  readonly isQuestion: boolean
  /** The plain values that it names. */
  readonly atoms: readonly unknown[]
  holds(value: unknown): boolean
  /** `equal "US"`, `not in [1,2]`. */
  readonly told: string
  readonly fact: string
}

/**
 * What json-rules-engine's own operator says of a value, or its contrary. A comparison with another fact, or by what
 * the host brings along, is a question of its own that says yes or no: the same one each time it is asked.
 */
export function literalOf(condition: FactCondition, isWanted: boolean): Literal {
  const { fact, operator, value } = condition
  const [base, isContrary] = withoutNot(operator)
  const told = `${isWanted ? '' : 'not '}${operator} ${JSON.stringify(value)}`
  if (!builtInOperators.has(base) || isFactReference(value)) return { ...question(condition, isWanted), told, fact }
  const isPositive = isWanted !== isContrary
  const compare = comparison(base)
  return {
    subject: subjectOf(condition),
    family: familyOf(base),
    isQuestion: false,
    atoms: [value].flat().filter((atom) => typeof atom !== 'object' || atom === null),
    holds: (found) => compare(found, value) === isPositive,
    told,
    fact,
  }
}

let engine: RuleEngine | null = null

function comparison(operator: string): (found: unknown, value: unknown) => boolean {
  engine ??= new RuleEngine({ facts: {}, conditions: {}, operators: {}, decorators: {} })
  return engine.comparison(operator)
}

function subjectOf({ fact, path, params }: FactCondition): string {
  return canonicalJson([fact, path ?? null, params ?? null])
}

function question({ fact, operator, value, path, params }: FactCondition, isWanted: boolean) {
  const subject = canonicalJson([fact, path ?? null, params ?? null, operator, value])
  return {
    subject,
    family: 'plain',
    isQuestion: true,
    atoms: [],
    holds: (found: unknown) => (found === true) === isWanted,
  } as const
}

function withoutNot(operator: string): [base: string, isContrary: boolean] {
  let [base, isContrary] = [operator, false]
  while (base.startsWith('not:')) [base, isContrary] = [base.slice('not:'.length), !isContrary]
  return [base, isContrary]
}

function familyOf(base: string): Literal['family'] {
  if (base === 'contains' || base === 'doesNotContain') return 'list'
  return base === 'equal' || base === 'notEqual' || base === 'in' || base === 'notIn' ? 'plain' : 'number'
}
