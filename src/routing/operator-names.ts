import { routingLimits } from './routing-limits'

const numericOperators: ReadonlySet<string> = new Set([
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
])

/** What json-rules-engine brings along. */
export const builtInOperators: ReadonlySet<string> = new Set([
  ...['equal', 'notEqual', 'in', 'notIn', 'contains', 'doesNotContain'],
  ...numericOperators,
])

export const builtInDecorators: ReadonlySet<string> = new Set([
  ...['someFact', 'someValue', 'everyFact', 'everyValue', 'swap', 'not'],
])

/** An operator with what decorates it, outermost first. */
export interface OperatorName {
  readonly decorators: readonly string[]
  readonly base: string
}

/** What the host adds to json-rules-engine's names. */
export interface HostNames {
  readonly operators: ReadonlySet<string>
  readonly decorators: ReadonlySet<string>
}

const plainNames = new Map(
  [...builtInOperators].map((base): [string, OperatorName] => [base, { decorators: [], base }]),
)

/**
 * Reads `not:everyFact:in`. `null` for an operator or decorator that nobody knows, and for more than 8 decorators.
 * A host's operator may have a colon in its name; it is found first, as json-rules-engine does.
 */
export function operatorName(text: string, { operators, decorators: own }: HostNames): OperatorName | null {
  const plain = plainNames.get(text)
  if (plain !== undefined) return plain
  const decorators: string[] = []
  let base = text
  while (!operators.has(base) && !builtInOperators.has(base)) {
    const colon = base.indexOf(':')
    const decorator = base.slice(0, Math.max(colon, 0))
    const isKnown = builtInDecorators.has(decorator) || own.has(decorator)
    if (!isKnown || decorators.length === routingLimits.decoratorsMax) return null
    decorators.push(decorator)
    base = base.slice(colon + 1)
  }
  return { decorators, base }
}

/**
 * What the right-hand side has to be instead, when it is a value that this operator cannot compare with anything;
 * `undefined` when it can.
 */
export function neededInstead({ decorators, base }: OperatorName, value: unknown, isLeft = false): string | undefined {
  const [outermost, ...rest] = decorators
  const inner = { decorators: rest, base }
  if (outermost === undefined) return neededByBase(base, value, isLeft)
  if (outermost === 'swap') return neededInstead(inner, value, !isLeft)
  if (outermost === 'not') return neededInstead(inner, value, isLeft)
  const takesItems = outermost.endsWith('Fact') ? isLeft : !isLeft
  if (!takesItems) return neededInstead(inner, value, isLeft)
  if (!Array.isArray(value)) return 'a list'
  const needed = value.map((item: unknown) => neededInstead(inner, item, isLeft)).find((need) => need !== undefined)
  return needed === undefined ? undefined : `a list, each item ${needed}`
}

function neededByBase(base: string, value: unknown, isLeft: boolean): string | undefined {
  if (numericOperators.has(base)) return typeof value === 'number' ? undefined : 'a number'
  if ((base === 'in' || base === 'notIn') && !isLeft) return Array.isArray(value) ? undefined : 'a list'
  if ((base === 'contains' || base === 'doesNotContain') && isLeft) return Array.isArray(value) ? undefined : 'a list'
  return undefined
}
