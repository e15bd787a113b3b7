import { describe, expect, it } from 'vitest'
import { randomFor } from '../../../src/simulation/run/random-stream'

const draws = 40_000

describe('randomFor', () => {
  it('[SIM12] is uniform, and independent between seeds, subjects and streams', () => {
    for (const draw of [
      (index: number) => randomFor(1, index, 5),
      (index: number) => randomFor(index, 1, 5),
      (index: number) => randomFor(1, 5, index),
    ]) {
      const bins = new Array<number>(20).fill(0)
      let product = 0
      let last = 0.5
      for (let index = 0; index < draws; index += 1) {
        const value = draw(index)
        bins[Math.floor(value * 20)] = (bins[Math.floor(value * 20)] ?? 0) + 1
        product += (value - 0.5) * (last - 0.5)
        last = value
      }
      const expected = draws / 20
      // Chi-square with 19 degrees of freedom stays below 43.8 in 999 of 1000 cases.
      expect(bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(43.8)
      expect(Math.abs((12 * product) / draws)).toBeLessThan(0.02)
    }
  })
})
