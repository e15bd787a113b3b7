import type { Json } from '../core'
import { canonicalJson } from './canonical-json'
import type { FactReference } from './condition'

/** A question to a function of the host's. */
export interface LateFact {
  readonly key: string
  readonly name: string
  readonly params: Readonly<Record<string, Json>>
}

export function lateFactOf({ fact: name, params = {} }: FactReference): LateFact {
  return { key: `${name} ${canonicalJson(params)}`, name, params }
}
