import type { Json } from '../core'

/** A condition tree as json-rules-engine reads it. At the root stands `all`, `any`, `not` or a named condition. */
export type Conditions = AllOf | AnyOf | NotOf | NamedCondition
export type Condition = Conditions | FactCondition

interface Named {
  readonly name?: string
  /** Conditions of a higher priority are evaluated first, which matters for costly facts only. */
  readonly priority?: number
}

export interface AllOf extends Named {
  readonly all: readonly Condition[]
}

export interface AnyOf extends Named {
  readonly any: readonly Condition[]
}

export interface NotOf extends Named {
  readonly not: Condition
}

/** Stands for the condition that the desk knows by this name. */
export interface NamedCondition extends Named {
  readonly condition: string
}

export interface FactCondition extends Named {
  readonly fact: string
  /** `equal`, `in`, `greaterThan`, …, decorated as in `not:everyFact:in`; see docs/reference/operators.md. */
  readonly operator: string
  readonly value: Json | FactReference
  /** `plan.name`, `items[0]`: own properties and list items, at most 8. */
  readonly path?: string
  readonly params?: Readonly<Record<string, Json>>
}

/** The right-hand side taken from another fact. */
export interface FactReference {
  readonly fact: string
  readonly path?: string
  readonly params?: Readonly<Record<string, Json>>
}

/** json-rules-engine takes any object with an own key `fact` for one. */
export function isFactReference(value: unknown): value is FactReference {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'fact')
}

/** The four ways in which conditions nest. */
export const groupKeys = ['all', 'any', 'not', 'condition'] as const
