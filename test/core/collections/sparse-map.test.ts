import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { SparseMap, SparseSet } from '../../../src/core/collections/sparse-map'
import { seed } from '../../campaign'

vi.setConfig({ testTimeout: 120_000 })

console.log(`sparse: FRONTBELL_SEED=${seed}`)

type Change = ['put', string, number] | ['delete', string] | ['clear']

const key = fc.constantFrom('a', 'b', 'c')
const changes = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant('put' as const), key, fc.nat(9)) },
    { weight: 4, arbitrary: fc.tuple(fc.constant('delete' as const), key) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('clear' as const)) },
  ) as fc.Arbitrary<Change>,
  { maxLength: 30 },
)

describe('what hardly ever has more than one entry', () => {
  it('is a map like any other, whatever is put in and taken out', () => {
    fc.assert(
      fc.property(changes, (each) => {
        const [sparse, plain] = [new SparseMap<string, number>(), new Map<string, number>()]
        for (const [what, at = '', value = 0] of each) {
          for (const map of [sparse, plain]) {
            if (what === 'put') map.set(at, value)
            else if (what === 'delete') map.delete(at)
            else map.clear()
          }
          expect([...sparse]).toEqual([...plain])
          expect([[...sparse.keys()], [...sparse.values()]]).toEqual([[...plain.keys()], [...plain.values()]])
          expect(sparse.size).toBe(plain.size)
          for (const one of ['a', 'b', 'c']) {
            expect([sparse.has(one), sparse.get(one)]).toEqual([plain.has(one), plain.get(one)])
          }
        }
      }),
      { seed, numRuns: 1_000 },
    )
  })

  it('is a set like any other, whatever is put in and taken out', () => {
    fc.assert(
      fc.property(changes, (each) => {
        const [sparse, plain] = [new SparseSet<string>(), new Set<string>()]
        for (const [what, at = ''] of each) {
          for (const set of [sparse, plain]) {
            if (what === 'put') set.add(at)
            else if (what === 'delete') set.delete(at)
            else set.clear()
          }
          expect([...sparse]).toEqual([...plain])
          expect(sparse.size).toBe(plain.size)
          for (const one of ['a', 'b', 'c']) expect(sparse.has(one)).toBe(plain.has(one))
        }
      }),
      { seed, numRuns: 1_000 },
    )
  })
})
