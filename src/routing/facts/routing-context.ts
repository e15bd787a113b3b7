import type { Facts, Json, RequestId, Target, VisitorId } from '../../core'
import { wallTimeAt } from '../shifts/time-zone'
import type { DeskFacts, FactReader, HostFacts } from '../workflow/vocabulary'
import type { FactReference } from '../workflow/workflow'

/** What stays the same from request to request. */
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

/**
 * Everything the rules may ask about one request. Each thing is looked up once, at most, and says the same for all
 * rules.
 */
export class RoutingContext {
  readonly facts: Facts
  readonly input: RoutingInput
  readonly #around: RoutingEnvironment
  #known: Map<string, unknown> | null = null
  #settled: Map<string, ResolvedFact> | null = null
  #factNames: readonly string[] | undefined

  constructor(input: RoutingInput, around: RoutingEnvironment) {
    this.facts = input.facts
    this.input = input
    this.#around = around
  }

  get factNames(): readonly string[] {
    this.#factNames ??= Object.keys(this.facts)
    return this.#factNames
  }

  /** A value of the host's, or a promise of what a function of the host's says. */
  hostFact({ key, name, params }: AsyncFact, facts: FactReader): unknown {
    return this.#once(`host ${key}`, () => {
      const fact = this.#around.hostFacts[name]
      if (typeof fact !== 'function') return fact
      const ask = () => withTimeout(() => fact(params, facts), { name, withinMs: this.#around.factTimeoutMs })
      return Promise.resolve().then(ask) // remembered by then, also for facts that ask for each other
    })
  }

  /** Waits for facts, all of them at the same time; one that fails says so when it is read. */
  async resolveAsyncFacts(late: readonly AsyncFact[], facts: FactReader): Promise<void> {
    const settled = this.#settled ?? new Map<string, ResolvedFact>()
    this.#settled = settled
    const unsettled = new Map(late.filter(({ key }) => !settled.has(key)).map((fact) => [fact.key, fact]))
    const settling = [...unsettled.values()].map(async (fact) => {
      try {
        const value = await this.hostFact(fact, facts)
        settled.set(fact.key, { value, failure: null })
      } catch (failure) {
        settled.set(fact.key, { value: undefined, failure })
      }
    })
    await Promise.all(settling)
  }

  /** What a fact said that has been waited for; throws what it threw. */
  resolvedValue(key: string): unknown {
    const found = this.#settled?.get(key)
    if (found === undefined) throw new Error('not waited for')
    if (found.failure !== null) throw found.failure
    return found.value
  }

  visitor(): unknown {
    const { visitorId } = this.input
    return this.#once('visitor', () => ({ visitorId, facts: this.#around.desk.visitor(visitorId) ?? {} }))
  }

  request(): unknown {
    const { requestId = null, visitorId, weight, openedAt } = this.input
    return this.#once('request', () => {
      const ageMs = Math.max(0, this.#now() - (openedAt ?? this.#now()))
      return { requestId, visitorId, weight: weight ?? 1, ageMs, ageSeconds: Math.floor(ageMs / 1_000) }
    })
  }

  lastStaff(): unknown {
    return this.#once('lastStaff', () => this.#around.desk.lastStaff(this.input.visitorId))
  }

  available(params: FactParameters | undefined): unknown {
    const target = params?.target as Target
    return this.#once(`available ${canonicalJson(target)}`, () => this.#around.desk.available(target))
  }

  waiting(params: FactParameters | undefined): unknown {
    const target = params?.target as Target
    return this.#once(`waiting ${canonicalJson(target)}`, () => this.#around.desk.waiting(target))
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
    return this.#once('now', () => this.input.at ?? this.#around.now()) as number
  }

  #once(key: string, find: () => unknown): unknown {
    this.#known ??= new Map()
    if (this.#known.has(key)) return this.#known.get(key)
    const found = find()
    this.#known.set(key, found)
    return found
  }
}

/** One request as the rules see it. */
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

/** A question to a function of the host's. */
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
 * Asks for a fact: what it says, or a rejection that names it when it throws, rejects or is late. An answer that comes
 * after that is heard by nobody. No timer is set for an answer that is there at once.
 */
export async function withTimeout(ask: () => unknown, { name, withinMs }: FactCall): Promise<unknown> {
  try {
    const answer = ask()
    return isThenable(answer) ? await Promise.race([answer, rejectAfter(answer, withinMs)]) : answer
  } catch (cause) {
    throw cause === timedOut
      ? new Error(`fact "${name}" gave no answer within ${withinMs} ms`)
      : new Error(`fact "${name}" failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

const timedOut = Symbol('too late')

function rejectAfter(answer: PromiseLike<unknown>, withinMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    // Where the process was busy all that time, an answer may be there and unread: it gets one more turn.
    let timer = setTimeout(() => {
      timer = setTimeout(() => reject(timedOut), 1)
    }, withinMs)
    const stop = () => clearTimeout(timer)
    answer.then(stop, stop)
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** The same text for values that are the same, whatever the order of their keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
}
