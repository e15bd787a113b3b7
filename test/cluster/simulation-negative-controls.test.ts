import { describe, expect, it, vi } from 'vitest'
import { isCampaign } from '../campaign'
import { stepsPerRun } from './simulation/campaign'
import { simulate } from './simulation/simulate'
import { allSafetyChecks, type SafetyChecks } from './simulation/simulated-store'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

vi.spyOn(console, 'error').mockImplementation(() => {})

const seedsMax = 2_000

/** With one safety check switched off the simulation must detect it: otherwise it checks nothing. */
const controls: readonly (readonly [part: keyof SafetyChecks, what: string])[] = [
  ['checksVersions', 'the version check of appends'],
  ['keepsIds', 'the command ids in the store'],
  ['repairsStore', 'the repair of lost entries'],
  ['checksGeneration', 'the generation of an erased desk'],
]

describe.runIf(isCampaign)('a simulation without a safety check', { timeout: 300_000 }, () => {
  for (const [part, what] of controls) {
    it(`[ND5] breaks within 2 000 histories without ${what}`, async () => {
      const found = await firstBroken({ safety: { ...allSafetyChecks, [part]: false } })
      console.log(`without ${what}: broken at seed ${found?.seed}, ${found?.reason}`)
      expect(found?.seed).toBeLessThanOrEqual(seedsMax)
    })
  }
})

describe('a simulation of visitors without leases', () => {
  it('[I16] leaves the requests of visitors who have gone open, within 100 histories', async () => {
    const found = await firstBroken({ hasVisitorLeases: false }, 100)
    console.log(`visitors without leases: broken at seed ${found?.seed}, ${found?.reason}`)
    expect(found?.reason).toContain('I16')
  })
})

async function firstBroken(
  options: { readonly safety?: SafetyChecks; readonly hasVisitorLeases?: boolean },
  max = seedsMax,
): Promise<{ seed: number; reason: string } | null> {
  for (let seed = 1; seed <= max; seed += 1) {
    try {
      await simulate({ seed, steps: stepsPerRun, ...options })
    } catch (error) {
      return { seed, reason: String(error).slice(0, 200) }
    }
  }
  return null
}
