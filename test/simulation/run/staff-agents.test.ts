import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../../src/simulation/run/random-stream'
import { GroupResponse } from '../../../src/simulation/run/staff-agents'
import { quantileFunction } from '../../../src/simulation/scenario/distribution'

describe('a group response', () => {
  it('[SIM14] has the times and the order of as many independent draws', () => {
    const responseModel = {
      answer: quantileFunction({ distribution: 'exponential', meanMs: 60_000 }),
      muteShare: 0,
      awayDuration: () => 0,
      handling: () => 0,
    }
    const staffIds = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    const rounds = 4_000
    const sums = staffIds.map(() => 0)
    const firsts = new Map<string, number>()
    for (let round = 0; round < rounds; round += 1) {
      const random = new RandomStream(9, round)
      const groupResponse = new GroupResponse({ requestId: 'r', staffIds, responseModel, random, startedAt: 1_000 })
      const seen = new Set<string>()
      for (const [index] of staffIds.entries()) {
        sums[index] = (sums[index] ?? 0) + groupResponse.nextResponseAt() - 1_000
        const id = groupResponse.drawStaffId()
        seen.add(id)
        if (index === 0) firsts.set(id, (firsts.get(id) ?? 0) + 1)
      }
      expect(seen.size).toBe(8)
      expect(groupResponse.remaining).toBe(0)
    }
    // The kth of n exponential times has the mean 1/n + 1/(n-1) + … + 1/(n-k+1).
    let mean = 0
    for (const [index, sum] of sums.entries()) {
      mean += 60_000 / (8 - index)
      expect(Math.abs(sum / rounds / mean - 1)).toBeLessThan(0.06)
    }
    expect(Math.max(...firsts.values()) / Math.min(...firsts.values())).toBeLessThan(1.25)
  })
})
