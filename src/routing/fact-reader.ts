import type { FactReference } from './condition'
import { deskFactNames, type HostFacts } from './desk-facts'
import { factPath, valueAt } from './fact-path'
import { lateFactOf } from './late-fact'
import type { RoutingContext } from './routing-context'

/** Gives a fact at once. */
export type Read = (context: RoutingContext) => unknown

/** A fact that can be read at once, and where it comes from. */
export interface PlainFact {
  readonly read: Read
  /** Name in the request's facts; `null` for one that the desk or the host gives. */
  readonly ofRequest: string | null
  /** The same for the same fact at the same path; `null` when it depends on `params`. */
  readonly key: string | null
}

/** How to read a fact at once; `null` when it has to be waited for, because a host's function gives it. */
export function plainFact(reference: FactReference, hostFacts: HostFacts): PlainFact | null {
  const { fact, path, params } = reference
  if (params !== undefined) return makePlainFact(reference, hostFacts)
  const ofHost = known.get(hostFacts) ?? new Map<string, Map<string, PlainFact | null>>()
  if (ofHost.size === 0) known.set(hostFacts, ofHost)
  const ofFact = ofHost.get(fact) ?? new Map<string, PlainFact | null>()
  const found = ofFact.get(path ?? '')
  if (found !== undefined) return found
  const made = makePlainFact(reference, hostFacts)
  if (ofHost.size >= knownMax || ofFact.size >= knownMax) return made
  ofHost.set(fact, ofFact.set(path ?? '', made))
  return made
}

/** Ten thousand workflows ask for a few facts: they share what reads them. An empty path leads nowhere. */
const known = new WeakMap<HostFacts, Map<string, Map<string, PlainFact | null>>>()
const knownMax = 10_000

function makePlainFact({ fact, path, params }: FactReference, hostFacts: HostFacts): PlainFact | null {
  const source = sourceOf({ fact, ...(params === undefined ? {} : { params }) }, hostFacts)
  return source === null ? null : inward(source, path)
}

/** How to read any fact, once those that have to be waited for have answered. */
export function settledFact(reference: FactReference, hostFacts: HostFacts): PlainFact {
  const plain = plainFact(reference, hostFacts)
  if (plain !== null) return plain
  const key = lateFactOf(reference).key
  return inward({ read: (context) => context.settled(key), ofRequest: null, key: null }, reference.path)
}

function inward(source: PlainFact, path: string | undefined): PlainFact {
  const keys = path === undefined || path === '' ? null : factPath(path)
  if (keys === null) return source
  const { read } = source
  const key = source.key === null ? null : `${source.key} ${JSON.stringify(keys)}`
  return { ...source, key, read: (context) => inside(read(context), keys) }
}

function inside(value: unknown, keys: readonly string[]): unknown {
  // As json-rules-engine has it: a path into something that has no inside gives the thing itself.
  return typeof value === 'object' && value !== null ? valueAt(value, keys) : value
}

function sourceOf({ fact, params }: FactReference, hostFacts: HostFacts): PlainFact | null {
  if (deskFactNames.has(fact)) return deskFact({ fact, ...(params === undefined ? {} : { params }) })
  if (!Object.hasOwn(hostFacts, fact))
    return { read: readOwn(fact), ofRequest: fact, key: `request ${JSON.stringify(fact)}` }
  const value = hostFacts[fact]
  return typeof value === 'function'
    ? null
    : { read: () => value, ofRequest: null, key: `host ${JSON.stringify(fact)}` }
}

function deskFact({ fact, params }: FactReference): PlainFact {
  const plain = (read: Read) => ({ read, ofRequest: null, key: `desk ${fact}` })
  const asked = (read: Read) => ({ read, ofRequest: null, key: null })
  if (fact === 'visitor') return plain((context) => context.visitor())
  if (fact === 'request') return plain((context) => context.request())
  if (fact === 'lastStaff') return plain((context) => context.lastStaff())
  if (fact === 'clock') return asked((context) => context.clock(params))
  if (fact === 'available') return asked((context) => context.available(params))
  return asked((context) => context.waiting(params))
}

function readOwn(name: string): Read {
  // A name that every object has would be found where nobody put it.
  if (name in Object.prototype) return ({ facts }) => (Object.hasOwn(facts, name) ? facts[name] : undefined)
  return ({ facts }) => facts[name]
}
