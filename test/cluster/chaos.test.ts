import { expect, it, vi } from 'vitest'
import { seed as campaignSeed, isCampaign } from '../campaign'
import { describePostgres } from '../store/servers/postgres-server'
import { describeRedis } from '../store/servers/redis-server'
import { runChaosCampaign, runVisitorsCampaign } from './chaos/chaos-campaign'
import { faultsFor } from './chaos/inject-fault'
import type { BackendKind } from './chaos/node-protocol'
import { type VisitorFault, visitorFaults } from './chaos/visitors-run'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const seed = campaignSeed % 1_000_000
/** A fault run takes ten to thirty seconds, and so belongs to campaigns; `npm test` plays one on Redis. */
const timeout = 600_000

describeRedis('three processes on Redis', () => {
  it('[ND1, ND3, ND4, ND6] keep every promise through every kind of fault', { timeout }, () =>
    holds('redis', isCampaign ? faultsFor('redis').length : 1),
  )

  it('[ND28] lose no visitor with a socket and keep none without, whatever happens to the nodes', { timeout }, () =>
    visitorsAreKept('redis', isCampaign ? visitorFaults : ['kill-node']),
  )
})

describePostgres('three processes on Postgres', () => {
  it.runIf(isCampaign)('[ND1, ND3, ND4, ND6] keep every promise through every kind of fault', { timeout }, () =>
    holds('postgres', faultsFor('postgres').length),
  )

  it.runIf(isCampaign)(
    '[ND28] lose no visitor with a socket and keep none without, whatever happens to the nodes',
    { timeout },
    () => visitorsAreKept('postgres', visitorFaults),
  )
})

async function holds(kind: BackendKind, runs: number): Promise<void> {
  const results = await runChaosCampaign({ kind, runs, seed, requests: 200 })
  console.log(`${kind}: ${runs} fault runs, FRONTBELL_SEED=${seed}`)
  expect(results.flatMap(({ violations }) => violations)).toEqual([])
  if (isCampaign) expect(results.map(({ fault }) => fault)).toEqual(expect.arrayContaining([...faultsFor(kind)]))
  expect(results).toHaveLength(runs)
}

async function visitorsAreKept(kind: BackendKind, faults: readonly VisitorFault[]): Promise<void> {
  const results = await runVisitorsCampaign(kind, faults, seed)
  console.log(`${kind}: visitors through ${faults}, FRONTBELL_SEED=${seed}`)
  expect(results.flatMap(({ violations }) => violations)).toEqual([])
  expect(results).toHaveLength(faults.length)
}
