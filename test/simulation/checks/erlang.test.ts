import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { erlangPoints, type SimulatedPoint, simulatedPoint, theoryOf, withErlangTable } from '../../../bench/erlang'
import { type Estimate, erlangA, erlangC } from '../../../src/simulation'
import { root } from '../../repository-checks/source-file'

const handlingMs = 60_000

describe('a simulated desk without anything that a textbook does not have', () => {
  let simulated: readonly SimulatedPoint[] = []
  beforeAll(() => {
    simulated = erlangPoints.map(simulatedPoint)
  }, 1_800_000)

  it('[SIM10] makes as many wait, and as long, as Erlang C says, at twelve points', () => {
    expect(simulated).toHaveLength(12)
    for (const { point, waitShare, meanWait } of simulated) {
      const theory = theoryOf(point)
      expectWithin(waitShare, theory.waitShare, `${point.people} people at ${point.load}: wait`)
      expectWithin(meanWait, theory.meanWait, `${point.people} people at ${point.load}: mean wait`)
      expect(halfWidthOf(waitShare) / theory.waitShare).toBeLessThan(0.2)
      expect(halfWidthOf(meanWait) / theory.meanWait).toBeLessThan(0.5)
    }
  })

  it('[SIM11] loses as many as Erlang A says, at twelve points', () => {
    for (const { point, abandonedShare } of simulated) {
      const theory = theoryOf(point)
      expectWithin(abandonedShare, theory.abandonedShare, `${point.people} people at ${point.load}: give up`)
      expect(halfWidthOf(abandonedShare) / theory.abandonedShare).toBeLessThan(0.5)
    }
  })

  it('[SIM10] [SIM11] matches the table in docs/erlang.md', () => {
    const page = readFileSync(`${root}docs/erlang.md`, 'utf8')
    expect(withErlangTable(page, simulated)).toBe(page)
  })
})

describe('the formulas', () => {
  it.each(erlangPoints)('[SIM10] [SIM11] agree with the balance of the chain: $people people, $load', (point) => {
    const { people, load, patience } = point
    const workload = { people, perHour: (people * load * 3_600_000) / handlingMs, handlingMs }
    const theory = theoryOf(point)
    const c = erlangC(workload)
    const a = erlangA({ ...workload, patienceMs: patience * handlingMs })
    expect(c.waitShare).toBeCloseTo(theory.waitShare, 10)
    expect(c.meanWaitMs / handlingMs).toBeCloseTo(theory.meanWait, 8)
    expect(a.abandonedShare).toBeCloseTo(theory.abandonedShare, 10)
    expect(a.meanWaitMs).toBeCloseTo(a.abandonedShare * patience * handlingMs, 6)
  })

  it('[SIM10] are the closed forms of the textbooks for one and two people', () => {
    for (const load of [0.1, 0.5, 0.9, 0.99]) {
      const of = (people: number) => erlangC({ people, perHour: people * load * 60, handlingMs })
      expect(of(1).waitShare).toBeCloseTo(load, 12)
      expect(of(1).meanWaitMs).toBeCloseTo((load / (1 - load)) * handlingMs, 6)
      expect(of(2).waitShare).toBeCloseTo((2 * load ** 2) / (1 + load), 12)
    }
    expect(erlangC({ people: 10, perHour: 300, handlingMs }).waitShare).toBeCloseTo(0.0361, 4)
    expect(erlangC({ people: 2, perHour: 120, handlingMs })).toEqual({ waitShare: 1, meanWaitMs: Infinity })
  })

  it('[SIM11] are those of as many people as there are visitors, when patience is as long as a chat', () => {
    let poisson = Math.exp(-10)
    for (let count = 1; count <= 10; count += 1) poisson *= 10 / count
    const { abandonedShare } = erlangA({ people: 10, perHour: 600, handlingMs, patienceMs: handlingMs })
    expect(abandonedShare).toBeCloseTo(poisson, 12)
  })

  it('[SIM10] [SIM11] neither over- nor underflow', () => {
    const many = { people: 5_000, perHour: 4_900 * 60, handlingMs }
    expect(erlangC(many).waitShare).toBeGreaterThan(0.05)
    expect(erlangC(many).waitShare).toBeLessThan(0.2)
    expect(erlangA({ ...many, patienceMs: handlingMs }).waitShare).toBeLessThan(erlangC(many).waitShare)
    expect(erlangC({ people: 500, perHour: 60, handlingMs }).waitShare).toBeLessThan(1e-100)
    const flooded = erlangA({ people: 10, perHour: 6_000, handlingMs, patienceMs: handlingMs })
    expect(flooded.abandonedShare).toBeCloseTo(0.9, 6)
  })
})

function expectWithin({ mean, halfWidth }: Estimate, value: number, message: string): void {
  expect(Math.abs(mean - value), message).toBeLessThanOrEqual(halfWidth ?? 0)
}

function halfWidthOf({ halfWidth }: Estimate): number {
  return halfWidth ?? Number.POSITIVE_INFINITY
}
