import { isForbiddenKey } from './json-copy'
import { routingLimits } from './routing-limits'

/** Keys and indexes from a fact inwards, at most 8. */
export type FactPath = readonly string[]

const known = new Map<string, FactPath | null>()
const knownMax = 10_000

/**
 * Reads `account.plan`, `$.account.plan`, `items[0].name` or `$['two words'].x`; `null` for anything else. There are no
 * wildcards, filters, slices or scripts: json-rules-engine's own resolver runs those, and never gets to see a path.
 */
export function factPath(text: string): FactPath | null {
  const found = known.get(text)
  if (found !== undefined) return found
  const path = readPath(text)
  if (known.size < knownMax) known.set(text, path)
  return path
}

const segment = /(?:^|\.)([A-Za-z_$][\w$-]*|\d+)|\[(\d{1,9})\]|\['([^'\\]{1,256})'\]|\["([^"\\]{1,256})"\]/y

function readPath(text: string): FactPath | null {
  if (text.length > 1_024) return null
  const rest = text.startsWith('$.') ? text.slice(2) : text.startsWith('$[') ? text.slice(1) : text
  if (rest.startsWith('.')) return null
  const keys: string[] = []
  segment.lastIndex = 0
  while (segment.lastIndex < rest.length) {
    const match = segment.exec(rest)
    const key = match?.[1] ?? match?.[2] ?? match?.[3] ?? match?.[4]
    if (key === undefined || isForbiddenKey(key) || keys.length === routingLimits.pathSegmentsMax) return null
    keys.push(key)
  }
  return keys.length === 0 || text === '$' ? null : keys
}

/** What stands at a path inside a value: own properties and list items, else `undefined`. */
export function valueAt(value: unknown, path: FactPath): unknown {
  let inside: unknown = value
  for (const key of path) {
    if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, key)) return undefined
    inside = Reflect.get(inside, key)
  }
  return inside
}

/** The resolver that json-rules-engine gets instead of its own; a path it cannot read finds nothing. */
export function resolvePath(value: object, path: string): unknown {
  const keys = factPath(path)
  return keys === null ? undefined : valueAt(value, keys)
}
