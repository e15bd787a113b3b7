import { errorMessageOf, type Facts, type Json, type RequestId, type Target, type VisitorId } from '../../core'
import { wallTimeAt } from '../shifts/time-zone'
import type { DeskFacts, FactReader, HostFacts } from '../workflow/vocabulary'
import type { FactReference } from '../workflow/workflow'

/** What is the same for every request. */
export interface RoutingEnvironment {
  readonly desk: DeskFacts
  readonly hostFacts: HostFacts
  readonly factTimeoutMs: number
  now(): number
}

interface ResolvedFact {
  readonly value: unknown
  readonly failure: unknown
}

type FactParameters = Readonly<Record<string, Json>>
const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** The facts of one request. Each is read at most once, so that every rule sees the same value. */
export class RoutingContext {
  readonly facts: Facts
  readonly input: RoutingInput
  readonly #environment: RoutingEnvironment
  #cache: Map<string, unknown> | null = null
  #resolved: Map<string, ResolvedFact> | null = null
  #factNames: readonly string[] | undefined

  constructor(input: RoutingInput, environment: RoutingEnvironment) {
    this.facts = input.facts
    this.input = input
    this.#environment = environment
  }

  get factNames(): readonly string[] {
    this.#factNames ??= Object.keys(this.facts)
    return this.#factNames
  }

  /** Returns a value of the host, or the promise of a function of the host. */
  hostFact({ key, name, params }: AsyncFact, facts: FactReader): unknown {
    return this.#once(`host ${key}`, () => {
      const fact = this.#environment.hostFacts[name]
      if (typeof fact !== 'function') return fact
      const call = () => withTimeout(() => fact(params, facts), { name, withinMs: this.#environment.factTimeoutMs })
      return Promise.resolve().then(call) // cached before it is called, for facts that read each other
    })
  }

  /** Resolves facts, all of them at the same time; one that failed throws when it is read. */
  async resolveAsyncFacts(asyncFacts: readonly AsyncFact[], facts: FactReader): Promise<void> {
    const resolved = this.#resolved ?? new Map<string, ResolvedFact>()
    this.#resolved = resolved
    const missing = new Map(asyncFacts.filter(({ key }) => !resolved.has(key)).map((fact) => [fact.key, fact]))
    const resolving = [...missing.values()].map(async (fact) => {
      try {
        const value = await this.hostFact(fact, facts)
        resolved.set(fact.key, { value, failure: null })
      } catch (failure) {
        resolved.set(fact.key, { value: undefined, failure })
      }
    })
    await Promise.all(resolving)
  }

  /** Returns the value of a resolved fact; throws what the fact threw. */
  resolvedValue(key: string): unknown {
    const found = this.#resolved?.get(key)
    if (found === undefined) throw new Error(`fact ${key} is not resolved`)
    if (found.failure !== null) throw found.failure
    return found.value
  }

  visitor(): unknown {
    const { visitorId } = this.input
    return this.#once('visitor', () => ({ visitorId, facts: this.#environment.desk.visitor(visitorId) ?? {} }))
  }

  request(): unknown {
    const { requestId = null, visitorId, weight, openedAt } = this.input
    return this.#once('request', () => {
      const ageMs = Math.max(0, this.#now() - (openedAt ?? this.#now()))
      return { requestId, visitorId, weight: weight ?? 1, ageMs, ageSeconds: Math.floor(ageMs / 1_000) }
    })
  }

  lastStaff(): unknown {
    return this.#once('lastStaff', () => this.#environment.desk.lastStaff(this.input.visitorId))
  }

  available(params: FactParameters | undefined): unknown {
    const target = params?.target as Target
    return this.#once(`available ${canonicalJson(target)}`, () => this.#environment.desk.available(target))
  }

  waiting(params: FactParameters | undefined): unknown {
    const target = params?.target as Target
    return this.#once(`waiting ${canonicalJson(target)}`, () => this.#environment.desk.waiting(target))
  }

  clock(params: FactParameters | undefined): unknown {
    const timeZone = String(params?.timeZone)
    return this.#once(`clock ${timeZone}`, () => {
      const wall = new Date(wallTimeAt(timeZone, this.#now()))
      return {
        weekday: weekdayNames[wall.getUTCDay()],
        hour: wall.getUTCHours(),
        minute: wall.getUTCMinutes(),
        date: wall.toISOString().slice(0, 10),
      }
    })
  }

  #now(): number {
    return this.#once('now', () => this.input.at ?? this.#environment.now()) as number
  }

  #once(key: string, read: () => unknown): unknown {
    this.#cache ??= new Map()
    if (this.#cache.has(key)) return this.#cache.get(key)
    const found = read()
    this.#cache.set(key, found)
    return found
  }
}

/** One request to be routed. */
export interface RoutingInput {
  readonly requestId?: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  /** Default 1. */
  readonly weight?: number | null
  /** When it was opened, for its age; default now. */
  readonly openedAt?: number
  /** The instant that the rules read from the clock; default now. */
  readonly at?: number
}

/** A call of a host function. */
export interface AsyncFact {
  readonly key: string
  readonly name: string
  readonly params: Readonly<Record<string, Json>>
}

export function asyncFactOf({ fact: name, params = {} }: FactReference): AsyncFact {
  return { key: `${name} ${canonicalJson(params)}`, name, params }
}

interface FactCall {
  readonly name: string
  readonly withinMs: number
}

/**
 * Calls a fact. Rejects with an error that names the fact when it throws, rejects or is late; a value that comes later
 * is ignored. Sets no timer for a fact that returns no promise.
 */
export async function withTimeout(call: () => unknown, { name, withinMs }: FactCall): Promise<unknown> {
  try {
    const value = call()
    return isThenable(value) ? await Promise.race([value, rejectAfter(value, withinMs)]) : value
  } catch (cause) {
    throw cause === timedOut
      ? new RoutingFailure(`fact "${name}" gave no answer within ${withinMs} ms`)
      : new RoutingFailure(`fact "${name}" failed: ${errorMessageOf(cause)}`, { cause })
  }
}

/** A failure whose message names the fact or operator. */
export class RoutingFailure extends Error {
  /** Returns a failure that names its part, such as `operator "in"`; one that is named already as it is. */
  static of(part: string, cause: unknown): RoutingFailure {
    return cause instanceof RoutingFailure
      ? cause
      : new RoutingFailure(`${part} failed: ${errorMessageOf(cause)}`, { cause })
  }
}

const timedOut = Symbol('timed out')

function rejectAfter(value: PromiseLike<unknown>, withinMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    // After a busy time the value may be there and unread: it gets one more turn of the event loop.
    let timer = setTimeout(() => {
      timer = setTimeout(() => reject(timedOut), 1)
    }, withinMs)
    const stop = () => clearTimeout(timer)
    value.then(stop, stop)
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** Returns the same text for equal values, whatever the order of their keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
}
