import type { Facts, Json, Target } from '../core'
import { answerInTime } from './answer-in-time'
import { canonicalJson } from './canonical-json'
import type { DeskFacts, FactReader, HostFacts } from './desk-facts'
import type { LateFact } from './late-fact'
import type { RoutingInput } from './routing-input'
import { wallTimeAt } from './zone-time'

/** What stays the same from request to request. */
export interface Surroundings {
  readonly desk: DeskFacts
  readonly hostFacts: HostFacts
  readonly factTimeoutMs: number
  now(): number
}

interface Settled {
  readonly value: unknown
  readonly failure: unknown
}

type Params = Readonly<Record<string, Json>>
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/**
 * Everything the rules may ask about one request. Each thing is looked up once, at most, and says the same for all
 * rules.
 */
export class RoutingContext {
  readonly facts: Facts
  readonly input: RoutingInput
  readonly #around: Surroundings
  #known: Map<string, unknown> | null = null
  #settled: Map<string, Settled> | null = null
  #factNames: readonly string[] | undefined

  constructor(input: RoutingInput, around: Surroundings) {
    this.facts = input.facts
    this.input = input
    this.#around = around
  }

  get factNames(): readonly string[] {
    this.#factNames ??= Object.keys(this.facts)
    return this.#factNames
  }

  /** A value of the host's, or a promise of what a function of the host's says. */
  hostFact({ key, name, params }: LateFact, facts: FactReader): unknown {
    return this.#once(`host ${key}`, () => {
      const fact = this.#around.hostFacts[name]
      if (typeof fact !== 'function') return fact
      const ask = () => answerInTime(() => fact(params, facts), { name, withinMs: this.#around.factTimeoutMs })
      return Promise.resolve().then(ask) // remembered by then, also for facts that ask for each other
    })
  }

  /** Waits for facts, all of them at the same time; one that fails says so when it is read. */
  async settle(late: readonly LateFact[], facts: FactReader): Promise<void> {
    const settled = this.#settled ?? new Map<string, Settled>()
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
  settled(key: string): unknown {
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

  available(params: Params | undefined): unknown {
    const target = params?.target as Target
    return this.#once(`available ${canonicalJson(target)}`, () => this.#around.desk.available(target))
  }

  waiting(params: Params | undefined): unknown {
    const target = params?.target as Target
    return this.#once(`waiting ${canonicalJson(target)}`, () => this.#around.desk.waiting(target))
  }

  clock(params: Params | undefined): unknown {
    const timeZone = String(params?.timeZone)
    return this.#once(`clock ${timeZone}`, () => {
      const wall = new Date(wallTimeAt(timeZone, this.#now()))
      return {
        weekday: weekdays[wall.getUTCDay()],
        hour: wall.getUTCHours(),
        minute: wall.getUTCMinutes(),
        date: wall.toISOString().slice(0, 10),
      }
    })
  }

  #now(): number {
    return this.#once('now', () => this.#around.now()) as number
  }

  #once(key: string, find: () => unknown): unknown {
    this.#known ??= new Map()
    if (this.#known.has(key)) return this.#known.get(key)
    const found = find()
    this.#known.set(key, found)
    return found
  }
}
