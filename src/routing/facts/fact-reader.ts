import { isForbiddenKey } from '../../input'
import { routingLimits } from '../routing-limits'
import { deskFactNames, type HostFacts } from '../workflow/vocabulary'
import type { FactReference } from '../workflow/workflow'
import type { RoutingContext } from './routing-context'
import { asyncFactOf } from './routing-context'

/** Returns the value of a fact. */
export type ReadFact = (context: RoutingContext) => unknown

/** A fact that is read without a promise. */
export interface SyncFact {
  readonly read: ReadFact
  /** Name in the request's facts; `null` for a fact of the desk or the host. */
  readonly requestFactName: string | null
  /** Equal for the same fact at the same path; `null` when the fact depends on `params`. */
  readonly key: string | null
}

/** Returns the reader of a fact; `null` for a function of the host, which may be async. */
export function syncFact(reference: FactReference, hostFacts: HostFacts): SyncFact | null {
  const { fact, path, params } = reference
  if (params !== undefined) return createSyncFact(reference, hostFacts)
  const ofHost = syncFactCache.get(hostFacts) ?? new Map<string, Map<string, SyncFact | null>>()
  if (ofHost.size === 0) syncFactCache.set(hostFacts, ofHost)
  const ofFact = ofHost.get(fact) ?? new Map<string, SyncFact | null>()
  const cached = ofFact.get(path ?? '')
  if (cached !== undefined) return cached
  const created = createSyncFact(reference, hostFacts)
  if (ofHost.size >= syncFactCacheMax || ofFact.size >= syncFactCacheMax) return created
  ofHost.set(fact, ofFact.set(path ?? '', created))
  return created
}

/** Ten thousand workflows read a few facts: they share the readers. By host, fact and path; no path is `''`. */
const syncFactCache = new WeakMap<HostFacts, Map<string, Map<string, SyncFact | null>>>()
const syncFactCacheMax = 10_000

function createSyncFact({ fact, path, params }: FactReference, hostFacts: HostFacts): SyncFact | null {
  const source = factSource({ fact, ...(params === undefined ? {} : { params }) }, hostFacts)
  return source === null ? null : atPath(source, path)
}

/** Returns the reader of any fact, for when the async facts are resolved. */
export function resolvedFact(reference: FactReference, hostFacts: HostFacts): SyncFact {
  const sync = syncFact(reference, hostFacts)
  if (sync !== null) return sync
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
  // As in json-rules-engine, a path into a value that is no object gives the value itself.
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
  const withoutParams = (read: ReadFact) => ({ read, requestFactName: null, key: `desk ${fact}` })
  const withParams = (read: ReadFact) => ({ read, requestFactName: null, key: null })
  if (fact === 'visitor') return withoutParams((context) => context.visitor())
  if (fact === 'request') return withoutParams((context) => context.request())
  if (fact === 'lastStaff') return withoutParams((context) => context.lastStaff())
  if (fact === 'clock') return withParams((context) => context.clock(params))
  if (fact === 'available') return withParams((context) => context.available(params))
  return withParams((context) => context.waiting(params))
}

function readRequestFact(name: string): ReadFact {
  // A property that every object inherits is no fact of the request.
  if (name in Object.prototype) return ({ facts }) => (Object.hasOwn(facts, name) ? facts[name] : undefined)
  return ({ facts }) => facts[name]
}

/** Keys and indexes from a fact inwards, at most 8. */
export type FactPath = readonly string[]

const pathCache = new Map<string, FactPath | null>()
const pathCacheMax = 10_000

/**
 * Parses `account.plan`, `$.account.plan`, `items[0].name` or `$['two words'].x`; returns `null` for anything else, and
 * for what json-rules-engine itself would read in another way.
 * There are no wildcards, filters, slices or scripts: json-rules-engine's own resolver, which runs those, is not used.
 */
export function parseFactPath(text: string): FactPath | null {
  const cached = pathCache.get(text)
  if (cached !== undefined) return cached
  const path = parsePath(text)
  if (pathCache.size < pathCacheMax) pathCache.set(text, path)
  return path
}

const segmentPattern = /(?:^|\.)([A-Za-z_$][\w$-]*|\d+)|\[(\d{1,9})\]|\['([^']{1,256})'\]|\["([^"]{1,256})"\]/y
/** What json-rules-engine's own resolver takes as it stands between quotes; `$`, `*`, `a,b`, `0:2` select there. */
const quotedKeyPattern = /^(?!(\$|\.\.)$)[\p{L}\p{M}\p{N} _\-+/&!=.$]+$/u

function parsePath(text: string): FactPath | null {
  // Its cache of paths is an object with a prototype.
  if (text.length > 1_024 || text in Object.prototype) return null
  const rest = text.startsWith('$.') ? text.slice(2) : text.startsWith('$[') ? text.slice(1) : text
  if (rest.startsWith('.') || text.startsWith('[') || text.startsWith('$.[')) return null
  const keys: string[] = []
  segmentPattern.lastIndex = 0
  while (segmentPattern.lastIndex < rest.length) {
    const match = segmentPattern.exec(rest)
    const quoted = match?.[3] ?? match?.[4]
    const key = match?.[1] ?? match?.[2] ?? quoted
    if (key === undefined || key === '$' || isForbiddenKey(key)) return null
    if (quoted !== undefined && !quotedKeyPattern.test(quoted)) return null
    if (keys.length === routingLimits.pathSegmentsMax) return null
    keys.push(key)
  }
  return keys.length === 0 ? null : keys
}

/** Returns how to write a path that `parseFactPath` refuses: `.name` as `$.name`, `$.2fa` as `$['2fa']`. */
export function suggestPath(text: string): string | undefined {
  if (text.length > 1_024 || text.includes('..')) return undefined
  const keys = [...text.replace(/^\$/, '').matchAll(/\['([^']*)'\]|\["([^"]*)"\]|\[([^\]]*)\]|([^.[\]]+)/gu)]
  const written = keys.map(([, single, double, index, name = '']) => {
    if (index !== undefined && /^\d+$/.test(index)) return `[${index}]`
    const key = single ?? double ?? index ?? name
    return /^[A-Za-z_$][\w$-]*$/.test(key) ? `.${key}` : `['${key}']`
  })
  const suggestion = `$${written.join('')}`
  return parseFactPath(suggestion) === null ? undefined : suggestion
}

/** Returns the value at a path: own properties, list items, the length and characters of a text, else `undefined`. */
export function valueAt(value: unknown, path: FactPath): unknown {
  let found: unknown = value
  for (const key of path) {
    // json-rules-engine finds nothing in an empty text, not even its length.
    if (typeof found === 'string' ? found === '' : typeof found !== 'object' || found === null) return undefined
    const parent = Object(found) as object
    if (!Object.hasOwn(parent, key)) return undefined
    found = Reflect.get(parent, key)
  }
  return found
}

/** Replaces json-rules-engine's own path resolver; returns `undefined` for a path that cannot be parsed. */
export function resolvePath(value: object, path: string): unknown {
  const keys = parseFactPath(path)
  return keys === null ? undefined : valueAt(value, keys)
}
