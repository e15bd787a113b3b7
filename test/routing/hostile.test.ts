import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../src/core'
import { parseRoute, parseShifts, parseTarget } from '../../src/routing'
import { equal, routerOf, toTeam } from './router-of'
import { seeded } from './seeded'

const sound = toTeam('sound', { all: [equal('topic', 'server')] })

/** Shapes that come close to a workflow, with something wrong or strange in most of them. */
const keys = ['name', 'conditions', 'event', 'all', 'any', 'not', 'fact', 'operator', 'value', 'path', 'params', 'type']
const words = [
  'equal',
  'in',
  'not:equal',
  'swap:someFact:in',
  '$..x',
  '$.a[0]',
  '__proto__',
  'constructor',
  'route',
  'tag',
  'everyone',
]
const strange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(...words),
  fc.constantFrom(undefined, Number.NaN, -0, 1e308, 1n, Symbol('s')),
)
const { near } = fc.letrec<{ near: unknown }>((tie) => ({
  near: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    strange,
    fc.dictionary(fc.constantFrom(...keys, ...words), tie('near'), { maxKeys: 5 }),
    fc.array(tie('near'), { maxLength: 4 }),
    fc.record({ name: fc.constantFrom(...words), conditions: tie('near'), event: tie('near') }),
    fc.record({ all: fc.array(tie('near'), { maxLength: 3 }) }),
    fc.record({ fact: fc.constantFrom(...words), operator: fc.constantFrom(...words), value: tie('near') }),
    fc.record({ type: fc.constant('route'), params: tie('near') }),
  ),
}))

describe('hostile input', () => {
  it('[W23] is refused in less than 50 ms without a change, or accepted and harmless: 50 000 random values', {
    timeout: 600_000,
  }, () => {
    const { router } = routerOf([sound])
    const tally = { refused: 0, accepted: 0, slowestMs: 0 }
    const values = seeded('hostile values', fc.oneof(near, fc.array(near, { maxLength: 3 })), 50_000)
    for (const value of values) {
      const before = router.workflows
      let isAccepted = false
      const set = () => {
        isAccepted = accepts(() => router.setWorkflows(value))
      }
      tally.slowestMs = Math.max(tally.slowestMs, millisecondsOf(set))
      tally[isAccepted ? 'accepted' : 'refused'] += 1
      if (!isAccepted) expect(router.workflows).toEqual(before)
    }
    console.info(JSON.stringify(tally))
    expect(tally.refused).toBeGreaterThan(20_000)
    expect(tally.slowestMs).toBeLessThan(50)
  })

  it('[W24] is refused as a route, a target or a shift with a path, and never otherwise', () => {
    for (const value of seeded('hostile routes', near, 5_000)) {
      for (const parse of [parseRoute, parseTarget, parseShifts])
        expect(() => accepts(() => parse(value))).not.toThrow()
    }
  })

  it('is refused when it contains itself or reads like a trap', () => {
    const circle: Record<string, unknown> = { name: 'circle' }
    circle.conditions = circle
    const trap = new Proxy(
      {},
      {
        get: () => 'trap',
        ownKeys: () => ['name'],
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }),
      },
    )
    for (const value of [circle, trap, new Date(0), new Map(), () => {}]) {
      expect(accepts(() => routerOf([value]))).toBe(false)
    }
  })
})

/** Whether it is accepted; throws when it is refused in any other way than with an InvalidInputError. */
function accepts(parse: () => unknown): boolean {
  try {
    parse()
    return true
  } catch (error) {
    if (error instanceof InvalidInputError && error.issues.length > 0) return false
    throw error
  }
}

/** CPU time of a call; one that seems slow is made again, since the collector of garbage may have come just then. */
function millisecondsOf(call: () => void): number {
  let leastMs = Number.POSITIVE_INFINITY
  for (let time = 0; time < 4 && leastMs > 25; time += 1) {
    const startedAt = process.cpuUsage()
    call()
    const { user, system } = process.cpuUsage(startedAt)
    leastMs = Math.min(leastMs, (user + system) / 1_000)
  }
  return leastMs
}
