import { describe, expect, it } from 'vitest'
import { DurationHistogram, durationBinOf } from '../../../src/core'
import { EventQueue } from '../../../src/simulation/run/event-queue'
import { RandomStream } from '../../../src/simulation/run/random-stream'

describe('percentiles', () => {
  it('[SIM22] come within 1 % of the exact ones, from bins of a number that is fixed', () => {
    const random = new RandomStream(1, 1)
    const bins = new DurationHistogram()
    const waits = Array.from({ length: 30_000 }, () => Math.floor(Math.exp(20 * random.next())) - 1)
    for (const wait of waits) bins.add(wait, durationBinOf(wait))
    const sorted = [...waits].sort((a, b) => a - b)
    const shares = [0.001, 0.1, 0.25, 0.5, 0.9, 0.95, 0.99, 1]
    const found = bins.percentilesMs(shares)
    for (const [index, share] of shares.entries()) {
      const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
      expect(Math.abs((found[index] ?? 0) - exact)).toBeLessThanOrEqual(0.0101 * exact)
    }
    expect(bins.maxMs).toBe(sorted.at(-1))
    expect(bins.meanMs()).toBeCloseTo(waits.reduce((sum, wait) => sum + wait, 0) / waits.length, 3)
    expect(durationBinOf(Number.MAX_SAFE_INTEGER)).toBeLessThan(3_328)
    expect(new Set([0, 1, 2].map(durationBinOf)).size).toBe(3)
  })

  it('[SIM22] are exact for nothing but zeros', () => {
    const bins = new DurationHistogram()
    for (let count = 0; count < 10; count += 1) bins.add(0, durationBinOf(0))
    expect(bins.percentilesMs([0.5, 1])).toEqual([0, 0])
  })
})

describe('the calendar', () => {
  it('[SIM22] gives appointments in order, ties as they were made, and forgets who has none', () => {
    const random = new RandomStream(2, 2)
    const calendar = new EventQueue<{ heapIndex: number; sequence: number; name: number }>()
    const owners = Array.from({ length: 60 }, (_, name) => ({ heapIndex: -1, sequence: 0, name }))
    const plain = new Map<number, { at: number; made: number }>()
    for (let made = 0; made < 4_000; made += 1) {
      const owner = owners[Math.floor(random.next() * owners.length)]
      if (owner === undefined) continue
      if (random.next() < 0.3) {
        calendar.cancel(owner)
        plain.delete(owner.name)
      } else {
        const at = Math.floor(random.next() * 50)
        calendar.schedule(owner, at)
        plain.set(owner.name, { at, made })
      }
      const [first] = [...plain].sort(([, a], [, b]) => a.at - b.at || a.made - b.made)
      expect(calendar.next?.name).toBe(first?.[0])
      expect(calendar.nextAt).toBe(first?.[1].at ?? Number.POSITIVE_INFINITY)
      expect(calendar.size).toBe(plain.size)
    }
  })
})
