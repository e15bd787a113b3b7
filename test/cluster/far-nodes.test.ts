import { describe, expect, it, vi } from 'vitest'
import { type AnswerTimes, type NodeAtDistance, runFarNodes } from './simulation/far-nodes'
import { allSafetyChecks } from './simulation/simulated-store'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const near = (commandsPerSecond: number): NodeAtDistance => ({ roundTripMs: 0, commandsPerSecond })
const far = (roundTripMs: number, commandsPerSecond = 5): NodeAtDistance => ({ roundTripMs, commandsPerSecond })

/** Answers come within so long, in milliseconds. */
const answeredWithinMs = 5_000

const cases: readonly (readonly [name: string, nodes: readonly NodeAtDistance[], isRegular: boolean])[] = [
  ['50 ms away, beside 20 commands a second', [near(20), far(50, 2)], true],
  ['100 ms away, beside 50 commands a second at random intervals', [near(50), far(100)], false],
  ['200 ms away with 20 commands a second, beside 50 at two near nodes', [near(25), near(25), far(200, 20)], true],
  ['five, 50 to 200 ms away, beside 50 commands a second', [near(25), near(25), ...farNodes(5)], true],
  ['six, 200 ms away, beside 50 commands a second', [near(50), ...Array.from({ length: 6 }, () => far(200, 2))], true],
  ['400 ms away, and often more behind than one answer can tell', [near(50), far(400)], true],
]

function farNodes(count: number): NodeAtDistance[] {
  return Array.from({ length: count }, (_, index) => far(200 - 30 * index))
}

describe('nodes far from their backend, simulated', () => {
  for (const [name, nodes, isRegular] of cases) {
    it(`[ND40] have every command answered by a decision within five seconds: ${name}`, async () => {
      const times = await runFarNodes({ nodes, isRegular, seconds: 6 })
      expect(times.map(({ failures }) => failures)).toEqual(nodes.map(() => ({})))
      expect(Math.max(...times.map(({ maxMs }) => maxMs))).toBeLessThanOrEqual(answeredWithinMs)
      expect(Math.min(...times.map(({ commands }) => commands))).toBeGreaterThan(9)
    })
  }

  it('[ND40] hold a near node back for one turn at most, and never when they have nothing to append', async () => {
    const [alone, beside] = [
      await runFarNodes({ nodes: [near(50), far(200, 0)], seconds: 6 }),
      await runFarNodes({ nodes: [near(50), far(200)], seconds: 6 }),
    ]
    expect(alone[0]?.maxMs).toBeLessThan(20)
    expect(beside[0]?.maxMs).toBeLessThan(500)
    expect(beside[0]?.medianMs).toBeLessThan(20)
  })

  it('[ND40] are refused within five seconds by a backend that gives no turns, and hardly answered', async () => {
    const nodes = [near(25), near(25), far(200)]
    const safety = { ...allSafetyChecks, givesTurns: false }
    const times = await runFarNodes({ nodes, seconds: 12, safety })
    const [, , starved] = times as [AnswerTimes, AnswerTimes, AnswerTimes]
    const refused = Object.values(starved.failures).reduce((sum, count) => sum + count, 0)
    expect(refused).toBeGreaterThan(starved.commands / 2)
    expect(starved.failures.unanswered).toBeUndefined()
    expect(starved.maxMs).toBeLessThanOrEqual(answeredWithinMs)
  })
})
