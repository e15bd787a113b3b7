import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../../src/core'
import { parseRoute, parseShifts, parseTarget } from '../../../src/routing'
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

  it('[W42] is read in pieces as it is read at once: 20 000 random lists, long ones and ones near the limits too', {
    timeout: 600_000,
  }, async () => {
    const { router } = createTestRouter([sound])
    const large = workflowToTeam('large', { all: [equalCondition('topic', 'x'.repeat(16_000))] })
    const many = workflowToTeam('many', { all: Array.from({ length: 998 }, () => equalCondition('topic', 1)) })
    const anyWorkflow = fc.oneof(
      { weight: 6, arbitrary: fc.nat({ max: 99 }).map((id) => ({ ...sound, name: `w${id}` })) },
      { weight: 1, arbitrary: nearValidValue },
    )
    const anyFilling = fc.constantFrom(
      { repeated: sound, count: 0 },
      { repeated: sound, count: 600 },
      { repeated: large, count: 250 },
      { repeated: large, count: 270 },
      { repeated: many, count: 49 },
      { repeated: many, count: 51 },
    )
    const anyList = fc.tuple(fc.oneof({ weight: 400, arbitrary: fc.constant(null) }, anyFilling), fc.array(anyWorkflow))
    const tally = { refused: 0, accepted: 0 }
    for (const [filling, list] of sampleSeeded('hostile lists', anyList, 20_000)) {
      const { repeated, count } = filling ?? { repeated: sound, count: 0 }
      const value = [...Array.from({ length: count }, (_, index) => ({ ...repeated, name: `f${index}` })), ...list]
      const atOnce = resultOf(() => router.parseWorkflows(value))
      const inPieces = await router
        .parseWorkflowsInPieces(value, async () => {})
        .then(
          (parsed) => resultOf(() => parsed),
          (error: unknown) =>
            resultOf(() => {
              throw error
            }),
        )
      expect(inPieces).toEqual(atOnce)
      tally['parsed' in atOnce ? 'accepted' : 'refused'] += 1
    }
    console.info(JSON.stringify(tally))
    expect(Math.min(tally.accepted, tally.refused)).toBeGreaterThan(50)
  })

  it('[W24] is refused as a route, a target or a shift with a path, and never otherwise', () => {
    for (const value of sampleSeeded('hostile routes', nearValidValue, 5_000)) {
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
      expect(accepts(() => createTestRouter([value]))).toBe(false)
    }
  })
})

/** What is parsed, or what is wrong; throws when it is refused in any other way than with an InvalidInputError. */
function resultOf(parse: () => unknown): { readonly parsed: unknown } | { readonly issues: unknown } {
  try {
    return { parsed: parse() }
  } catch (error) {
    if (error instanceof InvalidInputError && error.issues.length > 0) return { issues: error.issues }
    throw error
  }
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
