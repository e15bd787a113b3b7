import type { Json, RouteInput } from '../../core'

/** A json-rules-engine rule with a unique name; its event says what happens when it matches. */
export interface Workflow {
  readonly name: string
  /** Of the matching routes the higher priority wins, then the earlier in the list. Default 1. */
  readonly priority?: number
  readonly conditions: Conditions
  readonly event: WorkflowEvent
}

export type WorkflowEvent =
  | { readonly type: 'route'; readonly params: RouteInput }
  | { readonly type: 'prioritize'; readonly params: { readonly priority: number } }
  | { readonly type: 'tag'; readonly params: { readonly tags: readonly string[] } }

/** Conditions by the name under which workflows refer to them. */
export type NamedConditions = Readonly<Record<string, Conditions>>

/** A condition tree of json-rules-engine. Its root is `all`, `any`, `not` or a named condition. */
export type Conditions = AllOf | AnyOf | NotOf | NamedCondition
export type Condition = Conditions | FactCondition

interface NamedAndPrioritized {
  readonly name?: string
  /** Conditions of a higher priority are evaluated first, which matters for costly facts only. */
  readonly priority?: number
}

export interface AllOf extends NamedAndPrioritized {
  readonly all: readonly Condition[]
}

export interface AnyOf extends NamedAndPrioritized {
  readonly any: readonly Condition[]
}

export interface NotOf extends NamedAndPrioritized {
  readonly not: Condition
}

/** A reference to the condition of this name. */
export interface NamedCondition extends NamedAndPrioritized {
  readonly condition: string
}

export interface FactCondition extends NamedAndPrioritized {
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

/** Whether json-rules-engine reads a value as a fact: any object with an own key `fact`. */
export function isFactReference(value: unknown): value is FactReference {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'fact')
}

/** The four ways in which conditions nest. */
export const groupKeys = ['all', 'any', 'not', 'condition'] as const
