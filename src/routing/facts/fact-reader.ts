import { isForbiddenKey } from '../parse/json-copy'
import { routingLimits } from '../routing-limits'
import { deskFactNames, type HostFacts } from '../workflow/vocabulary'
import type { FactReference } from '../workflow/workflow'
import type { RoutingContext } from './routing-context'
import { asyncFactOf } from './routing-context'

/** Gives a fact at once. */
export type ReadFact = (context: RoutingContext) => unknown

/** A fact that can be read at once, and where it comes from. */
export interface SyncFact {
  readonly read: ReadFact
  /** Name in the request's facts; `null` for one that the desk or the host gives. */
  readonly requestFactName: string | null
  /** The same for the same fact at the same path; `null` when it depends on `params`. */
  readonly key: string | null
}

/** How to read a fact at once; `null` when it has to be waited for, because a host's function gives it. */
export function syncFact(reference: FactReference, hostFacts: HostFacts): SyncFact | null {
  const { fact, path, params } = reference
  if (params !== undefined) return createSyncFact(reference, hostFacts)
  const ofHost = syncFactCache.get(hostFacts) ?? new Map<string, Map<string, SyncFact | null>>()
  if (ofHost.size === 0) syncFactCache.set(hostFacts, ofHost)
  const ofFact = ofHost.get(fact) ?? new Map<string, SyncFact | null>()
  const found = ofFact.get(path ?? '')
  if (found !== undefined) return found
  const made = createSyncFact(reference, hostFacts)
  if (ofHost.size >= syncFactCacheMax || ofFact.size >= syncFactCacheMax) return made
  ofHost.set(fact, ofFact.set(path ?? '', made))
  return made
}

/** Ten thousand workflows ask for a few facts: they share what reads them. An empty path leads nowhere. */
const syncFactCache = new WeakMap<HostFacts, Map<string, Map<string, SyncFact | null>>>()
const syncFactCacheMax = 10_000

function createSyncFact({ fact, path, params }: FactReference, hostFacts: HostFacts): SyncFact | null {
  const source = factSource({ fact, ...(params === undefined ? {} : { params }) }, hostFacts)
  return source === null ? null : atPath(source, path)
}

/** How to read any fact, once those that have to be waited for have answered. */
export function resolvedFact(reference: FactReference, hostFacts: HostFacts): SyncFact {
  const plain = syncFact(reference, hostFacts)
  if (plain !== null) return plain
  const key = asyncFactOf(reference).key
  return atPath({ read: (context) => context.resolvedValue(key), requestFactName: null, key: null }, reference.path)
}

function atPath(source: SyncFact, path: string | undefined): SyncFact {
  const keys = path === undefined || path === '' ? null : parseFactPath(path)
  if (keys === null) return source
  const { read } = source
  const key = source.key === null ? null : `${source.key} ${JSON.stringify(keys)}`
  return { ...source, key, read: (context) => valueAtPathOrSelf(read(context), keys) }
}

function valueAtPathOrSelf(value: unknown, keys: readonly string[]): unknown {
  // As json-rules-engine has it: a path into something that has no inside gives the thing itself.
  return typeof value === 'object' && value !== null ? valueAt(value, keys) : value
}

function factSource({ fact, params }: FactReference, hostFacts: HostFacts): SyncFact | null {
  if (deskFactNames.has(fact)) return deskFactSource({ fact, ...(params === undefined ? {} : { params }) })
  if (!Object.hasOwn(hostFacts, fact))
    return { read: readRequestFact(fact), requestFactName: fact, key: `request ${JSON.stringify(fact)}` }
  const value = hostFacts[fact]
  return typeof value === 'function'
    ? null
    : { read: () => value, requestFactName: null, key: `host ${JSON.stringify(fact)}` }
}

function deskFactSource({ fact, params }: FactReference): SyncFact {
  const plain = (read: ReadFact) => ({ read, requestFactName: null, key: `desk ${fact}` })
  const asked = (read: ReadFact) => ({ read, requestFactName: null, key: null })
  if (fact === 'visitor') return plain((context) => context.visitor())
  if (fact === 'request') return plain((context) => context.request())
  if (fact === 'lastStaff') return plain((context) => context.lastStaff())
  if (fact === 'clock') return asked((context) => context.clock(params))
  if (fact === 'available') return asked((context) => context.available(params))
  return asked((context) => context.waiting(params))
}

function readRequestFact(name: string): ReadFact {
  // A name that every object has would be found where nobody put it.
  if (name in Object.prototype) return ({ facts }) => (Object.hasOwn(facts, name) ? facts[name] : undefined)
  return ({ facts }) => facts[name]
}

/** Keys and indexes from a fact inwards, at most 8. */
export type FactPath = readonly string[]

const pathCache = new Map<string, FactPath | null>()
const pathCacheMax = 10_000

/**
 * Reads `account.plan`, `$.account.plan`, `items[0].name` or `$['two words'].x`; `null` for anything else. There are no
 * wildcards, filters, slices or scripts: json-rules-engine's own resolver runs those, and never gets to see a path.
 */
export function parseFactPath(text: string): FactPath | null {
  const found = pathCache.get(text)
  if (found !== undefined) return found
  const path = parsePath(text)
  if (pathCache.size < pathCacheMax) pathCache.set(text, path)
  return path
}

const segmentPattern = /(?:^|\.)([A-Za-z_$][\w$-]*|\d+)|\[(\d{1,9})\]|\['([^'\\]{1,256})'\]|\["([^"\\]{1,256})"\]/y

function parsePath(text: string): FactPath | null {
  if (text.length > 1_024) return null
  const rest = text.startsWith('$.') ? text.slice(2) : text.startsWith('$[') ? text.slice(1) : text
  if (rest.startsWith('.')) return null
  const keys: string[] = []
  segmentPattern.lastIndex = 0
  while (segmentPattern.lastIndex < rest.length) {
    const match = segmentPattern.exec(rest)
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
  const keys = parseFactPath(path)
  return keys === null ? undefined : valueAt(value, keys)
}
