import type { Facts, Json, StaffId, Target, VisitorId } from '../../core'
import { routingLimits } from '../routing-limits'

/** What workflows can read of the desk's state. */
export interface DeskFacts {
  visitor(visitorId: VisitorId): Facts | undefined
  /** How many staff of this target could be rung now. */
  available(target: Target): number
  /** How many open requests wait for this target. */
  waiting(target: Target): number
  lastStaff(visitorId: VisitorId): StaffId | null
}

/** The names of the desk's own facts; no host or visitor can set them. */
export const deskFactNames: ReadonlySet<string> = new Set([
  ...['visitor', 'request', 'clock', 'available', 'waiting', 'lastStaff'],
])

/** The host's own facts by name: JSON values, or functions, which may be async. */
export type HostFacts = Readonly<Record<string, Json | HostFact>>

/** Gets the `params` of the condition, and may read other facts. Called once per request and `params`. */
export type HostFact = (params: Readonly<Record<string, Json>>, facts: FactReader) => unknown

/** Reads any fact of the request that is being routed. */
export interface FactReader {
  factValue(name: string, params?: Readonly<Record<string, unknown>>, path?: string): Promise<unknown>
}

/** The host's own operators by name. */
export type HostOperators = Readonly<Record<string, (factValue: never, value: never) => boolean>>

/** The host's own decorators by name, for names such as `caseInsensitive:equal`. */
export type HostDecorators = Readonly<
  Record<string, (factValue: never, value: never, next: (factValue: unknown, value: unknown) => boolean) => boolean>
>

const numericOperators: ReadonlySet<string> = new Set([
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
])

/** json-rules-engine's own operators. */
export const builtInOperators: ReadonlySet<string> = new Set([
  ...['equal', 'notEqual', 'in', 'notIn', 'contains', 'doesNotContain'],
  ...numericOperators,
])

export const builtInDecorators: ReadonlySet<string> = new Set([
  ...['someFact', 'someValue', 'everyFact', 'everyValue', 'swap', 'not'],
])

/** An operator with its decorators, outermost first. */
export interface OperatorName {
  readonly decorators: readonly string[]
  readonly operator: string
}

/** The names that the host adds to json-rules-engine's. */
export interface HostNames {
  readonly operators: ReadonlySet<string>
  readonly decorators: ReadonlySet<string>
}

const undecoratedNames = new Map(
  [...builtInOperators].map((operator): [string, OperatorName] => [operator, { decorators: [], operator }]),
)

/**
 * Parses `not:everyFact:in`. Returns `null` for an unknown operator or decorator, and for more than 8 decorators.
 * A host operator may have a colon in its name; it is found first, as in json-rules-engine.
 */
export function parseOperatorName(
  text: string,
  { operators, decorators: hostDecorators }: HostNames,
): OperatorName | null {
  const undecorated = undecoratedNames.get(text)
  if (undecorated !== undefined) return undecorated
  const decorators: string[] = []
  let operator = text
  while (!operators.has(operator) && !builtInOperators.has(operator)) {
    const colon = operator.indexOf(':')
    const decorator = operator.slice(0, Math.max(colon, 0))
    const isKnown = builtInDecorators.has(decorator) || hostDecorators.has(decorator)
    if (!isKnown || decorators.length === routingLimits.decoratorsMax) return null
    decorators.push(decorator)
    operator = operator.slice(colon + 1)
  }
  return { decorators, operator }
}

/** Returns what the right-hand side has to be, when the operator cannot compare this value; `undefined` when it can. */
export function expectedValue(
  { decorators, operator }: OperatorName,
  value: unknown,
  isLeft = false,
): string | undefined {
  const [outermost, ...rest] = decorators
  const inner = { decorators: rest, operator }
  if (outermost === undefined) return expectedByOperator(operator, value, isLeft)
  if (outermost === 'swap') return expectedValue(inner, value, !isLeft)
  if (outermost === 'not') return expectedValue(inner, value, isLeft)
  const takesItems = outermost.endsWith('Fact') ? isLeft : !isLeft
  if (!takesItems) return expectedValue(inner, value, isLeft)
  if (!Array.isArray(value)) return 'a list'
  const expected = value.map((item: unknown) => expectedValue(inner, item, isLeft)).find((text) => text !== undefined)
  return expected === undefined ? undefined : `a list, each item ${expected}`
}

function expectedByOperator(operator: string, value: unknown, isLeft: boolean): string | undefined {
  if (numericOperators.has(operator)) return typeof value === 'number' ? undefined : 'a number'
  if ((operator === 'in' || operator === 'notIn') && !isLeft) return Array.isArray(value) ? undefined : 'a list'
  if ((operator === 'contains' || operator === 'doesNotContain') && isLeft)
    return Array.isArray(value) ? undefined : 'a list'
  return undefined
}
