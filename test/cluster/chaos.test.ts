import { expect, it } from 'vitest'
import { describePostgres } from '../log/engines/postgres-server'
import { describeRedis } from '../log/engines/redis-server'
import { chaos } from './chaos/chaos'
import { faultsOn } from './chaos/chaos-fault'
import type { EngineKind } from './chaos/orders'

const seed = Number(process.env.FRONTBELL_SEED ?? Date.now()) % 1_000_000

describeRedis('three processes on Redis', () => {
  it('[ND1, ND3, ND4, ND6] keep every promise through twelve faults', () => holds('redis', 12))
})

describePostgres('three processes on Postgres', () => {
  it('[ND1, ND3, ND4, ND6] keep every promise through nine faults', () => holds('postgres', 9))
})

async function holds(kind: EngineKind, runs: number): Promise<void> {
  const results = await chaos({ kind, runs, seed, requests: 200 })
  console.log(`${kind}: ${runs} fault runs, FRONTBELL_SEED=${seed}`)
  expect(results.flatMap(({ violations }) => violations)).toEqual([])
  expect(results.map(({ fault }) => fault)).toEqual(expect.arrayContaining([...faultsOn(kind)]))
  expect(results).toHaveLength(runs)
}
