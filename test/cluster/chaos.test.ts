import { expect, it } from 'vitest'
import { describePostgres } from '../store/servers/postgres-server'
import { describeRedis } from '../store/servers/redis-server'
import { runChaosCampaign } from './chaos/chaos-campaign'
import { faultsFor } from './chaos/inject-fault'
import type { BackendKind } from './chaos/node-protocol'

const seed = Number(process.env.FRONTBELL_SEED ?? Date.now()) % 1_000_000

describeRedis('three processes on Redis', () => {
  it('[ND1, ND3, ND4, ND6] keep every promise through twelve faults', () => holds('redis', 12))
})

describePostgres('three processes on Postgres', () => {
  it('[ND1, ND3, ND4, ND6] keep every promise through nine faults', () => holds('postgres', 9))
})

async function holds(kind: BackendKind, runs: number): Promise<void> {
  const results = await runChaosCampaign({ kind, runs, seed, requests: 200 })
  console.log(`${kind}: ${runs} fault runs, FRONTBELL_SEED=${seed}`)
  expect(results.flatMap(({ violations }) => violations)).toEqual([])
  expect(results.map(({ fault }) => fault)).toEqual(expect.arrayContaining([...faultsFor(kind)]))
  expect(results).toHaveLength(runs)
}
