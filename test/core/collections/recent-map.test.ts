import { describe, expect, it } from 'vitest'
import { RecentMap } from '../../../src/core/collections/recent-map'

function filled(count: number): RecentMap<string, number> {
  const recent = new RecentMap<string, number>(3)
  for (let index = 0; index < count; index += 1) recent.set(`k${index}`, index)
  return recent
}

const kept = (recent: RecentMap<string, number>, count: number) =>
  Array.from({ length: count }, (_, index) => `k${index}`).filter((key) => recent.has(key))

describe('what is remembered of the most recent things', () => {
  it('is at least as much as promised and at most twice as much', () => {
    expect(kept(filled(3), 3)).toEqual(['k0', 'k1', 'k2'])
    expect(kept(filled(5), 5)).toEqual(['k0', 'k1', 'k2', 'k3', 'k4'])
    expect(kept(filled(6), 6)).toEqual(['k3', 'k4', 'k5'])
    for (let count = 0; count < 40; count += 1) {
      const { length } = kept(filled(count), count)
      expect(length).toBeGreaterThanOrEqual(Math.min(count, 3))
      expect(length).toBeLessThanOrEqual(6)
    }
  })

  it('is found in both generations, the newest value of a key first', () => {
    const recent = filled(4)
    expect([recent.get('k0'), recent.get('k3'), recent.get('k9')]).toEqual([0, 3, undefined])
    recent.set('k0', 70)
    expect(recent.get('k0')).toBe(70)
  })

  it('is forgotten in both generations when it is deleted, also for snapshots taken later', () => {
    const recent = filled(5)
    expect(recent.toGenerations()[0]).toHaveLength(3)
    recent.delete('k0')
    recent.delete('k4')
    expect(kept(recent, 5)).toEqual(['k1', 'k2', 'k3'])
    expect(recent.toGenerations()).toEqual([
      [
        ['k1', 1],
        ['k2', 2],
      ],
      [['k3', 3]],
    ])
  })

  it('comes back from its generations, which nobody can change in place', () => {
    const recent = filled(5)
    const saved = recent.toGenerations()
    const again = filled(40)
    again.restore(saved)
    expect(again.toGenerations()).toEqual([
      [
        ['k0', 0],
        ['k1', 1],
        ['k2', 2],
      ],
      [
        ['k3', 3],
        ['k4', 4],
      ],
    ])
    expect(() => Object.assign(saved[0], { 0: ['k0', 9] })).toThrow(TypeError)
    expect(() => Object.assign(saved[0][0] ?? [], { 1: 9 })).toThrow(TypeError)
    recent.set('k5', 5)
    expect(recent.toGenerations()).toEqual([
      [
        ['k3', 3],
        ['k4', 4],
        ['k5', 5],
      ],
      [],
    ])
  })
})
