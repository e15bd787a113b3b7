import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type * as z from 'zod/mini'
import { type InputIssue, InvalidInputError, type Json } from '../../../src/core'
import { parseRoute, parseShifts, parseTarget } from '../../../src/routing'
import { copyJson } from '../../../src/routing/parse/json-copy'
import { routeSchema } from '../../../src/routing/parse/parse-route'
import { createReader, notReadable } from '../../../src/routing/parse/schema-reader'
import { workflowSchema } from '../../../src/routing/parse/workflow-schema'
import { parseWithSchema } from '../../../src/routing/parse/zod-issues'
import { shiftSchema } from '../../../src/routing/shifts/parse-shifts'
import { isCampaign } from '../../campaign'
import { sampleSeeded } from '../seeded-samples'
import { createTestRouter, equalCondition, workflowToTeam } from '../test-router'
import { nearValidValue } from './near-valid-values'

const sound = workflowToTeam('sound', { all: [equalCondition('topic', 'server')] })

describe('hostile input', () => {
  it('[W23] is refused without a change, or accepted and harmless: 50 000 random values', {
    timeout: 600_000,
  }, async () => {
    const { router } = createTestRouter([sound])
    const tally = { refused: 0, accepted: 0 }
    const values = sampleSeeded(
      'hostile values',
      fc.oneof(nearValidValue, fc.array(nearValidValue, { maxLength: 3 })),
      50_000,
    )
    for (const value of values) {
      const before = router.workflows
      let isAccepted = false
      const set = () => {
        isAccepted = accepts(() => router.setWorkflows(value))
      }
      set()
      tally[isAccepted ? 'accepted' : 'refused'] += 1
      if (!isAccepted) expect(router.workflows).toEqual(before)
    }
    console.info(JSON.stringify(tally))
    expect(tally.refused).toBeGreaterThan(isCampaign ? 20_000 : 100)
  })

  it('[W24] is refused as a route, a target or a shift with a path, and never otherwise', () => {
    for (const value of sampleSeeded('hostile routes', nearValidValue, 5_000)) {
      for (const parse of [parseRoute, parseTarget, parseShifts])
        expect(() => accepts(() => parse(value))).not.toThrow()
    }
  })

  it('is copied at first sight only where the schema takes it, and as the schema copies it', () => {
    const readers = [
      [createReader(workflowSchema), workflowSchema],
      [createReader(routeSchema), routeSchema],
      [createReader(shiftSchema), shiftSchema],
    ] as const
    const tally = { copied: 0, left: 0 }
    for (const value of [
      ...sampleSeeded('values at first sight', fc.oneof(nearValidValue, { weight: 4, arbitrary: anyShape }), 20_000),
      ...traps(),
    ]) {
      for (const [read, schema] of readers) {
        const copy = read(value)
        tally[copy === notReadable ? 'left' : 'copied'] += 1
        if (copy !== notReadable) expect({ copy }).toStrictEqual({ copy: takenBy(schema, value) })
      }
    }
    console.info(JSON.stringify(tally))
    expect(Math.min(tally.copied, tally.left)).toBeGreaterThan(300)
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
      expect(accepts(() => createTestRouter([value]))).toBe(false)
    }
  })
})

/** Shapes that are mostly right. */
const anyName = fc.constantFrom(...'abcdefghijklmnopq', '', 'constructor', 'x'.repeat(257))
const anyTarget = fc.oneof(
  fc.constant('everyone'),
  fc.record(
    {
      team: fc.oneof(anyName, fc.array(anyName, { minLength: 1, maxLength: 2 })),
      not: fc.constant({ staff: 'a' }),
      skills: fc.constantFrom({ linux: 3 }, { linux: 101 }, {}),
    },
    { requiredKeys: ['team'] },
  ),
)
const anyStep = fc.record(
  { to: anyTarget, afterMs: fc.constantFrom(0, -0, 5, 1.5, 1e12), add: fc.boolean(), ring: fc.constantFrom('all', 1) },
  { requiredKeys: ['to'] },
)
const anyRoute = fc.oneof(
  fc.record({ to: anyTarget }),
  fc.record({ steps: fc.array(anyStep, { minLength: 1, maxLength: 2 }), whenExhausted: fc.constant('hold') }),
)
const anyShape = fc.oneof(
  anyRoute,
  fc.record({
    name: anyName,
    conditions: fc.record({
      all: fc.array(fc.record({ fact: anyName, operator: anyName, value: fc.jsonValue() }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    event: fc.oneof(
      fc.record({ type: fc.constant('route'), params: anyRoute }),
      fc.record({ type: fc.constant('prioritize'), params: fc.record({ priority: fc.constantFrom(-0, 1, 0.5, 1e7) }) }),
    ),
  }),
  fc.record({
    id: anyName,
    timeZone: fc.constantFrom('UTC', 'Europe/London', '+02:00'),
    weekly: fc.array(
      fc.record({ days: fc.constant(['mon']), from: fc.constantFrom('09:00', '9:00'), to: fc.constant('24:00') }),
    ),
  }),
)

/** What no JSON holds, and what is not what it looks like. */
function traps(): unknown[] {
  const right = { to: { team: 'a' } }
  const list = ['a']
  return [
    { ...right, [Symbol('s')]: right },
    Object.create(right),
    Object.assign(Object.create({ tone: 'x' }), right),
    { ...right, tone: undefined },
    { to: { team: Object.assign(list, { slice: () => [1], extra: 1 }) } },
    { to: { team: Object.assign(['a'], { length: 3 }) } },
    {
      get to() {
        return { team: 'a' }
      },
    },
    JSON.parse('{"to":{"team":"a"},"__proto__":{"tone":"x"}}'),
  ]
}

/** A JSON copy, as zod takes it; `undefined` when one of them refuses. */
function takenBy(schema: z.ZodMiniType, value: unknown): unknown {
  const issues: InputIssue[] = []
  const copy = copyJson(value, [], issues)
  return issues.length > 0 ? undefined : parseWithSchema(schema, copy as Json, { path: [], issues })
}

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
