import { describe, expect, it, vi } from 'vitest'
import { BaselineDesk } from '../../bench/baselines/baseline-desk'
import { NaiveHost } from '../../bench/baselines/naive-host'
import { xstateHost } from '../../bench/baselines/xstate-host'
import { baselineLifecycle, lifecycle } from '../../bench/core-bench'
import { CoreDesk } from '../../bench/core-desk'
import { naiveLifecycle, openBenchDesk, routedLifecycle, staff, workflows } from '../../bench/desk-bench'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const edgeText = (type: string, requestId: string, staffIds: readonly string[]) =>
  `${type} ${requestId}: ${[...staffIds].sort().join(' ')}`

describe('the benchmarks compare like with like', () => {
  it('[X30] gets the same edges from the core and from the hand-written baseline', () => {
    const edges: { core: string[]; baseline: string[] } = { core: [], baseline: [] }
    const desk = new CoreDesk((edge) => {
      if (edge.type !== 'visitor') edges.core.push(edgeText(edge.type, edge.requestId, edge.staffIds))
    })
    const baseline = new BaselineDesk((edge) => edges.baseline.push(edgeText(edge.type, edge.requestId, edge.staffIds)))
    for (const { id } of staff) {
      desk.connect(id)
      baseline.connect(id, 1e6)
    }
    for (let index = 0; index < 50; index += 1) {
      lifecycle(desk, index)
      baselineLifecycle(baseline, index)
    }
    expect(edges.core).toHaveLength(50 * 4)
    expect(edges.core).toEqual(edges.baseline)
  })

  it('[X31] gets the same rings and stops from a desk with workflows and from the naive host', async () => {
    const edges: { desk: string[]; host: string[] } = { desk: [], host: [] }
    const desk = await openBenchDesk(workflows)
    const host = new NaiveHost(staff, workflows)
    for (const type of ['ring', 'stop'] as const) {
      desk.on(type, ({ requestId, staffIds }) => edges.desk.push(edgeText(type, requestId, staffIds)))
      host.on(type, ({ requestId, staffIds }: { requestId: string; staffIds: string[] }) =>
        edges.host.push(edgeText(type, requestId, staffIds)),
      )
    }
    for (let index = 0; index < 20; index += 1) {
      await routedLifecycle(desk, index)
      await naiveLifecycle(host, index)
    }
    expect(edges.desk).toHaveLength(20 * 4)
    expect(edges.desk).toEqual(edges.host)
  })

  it('[X32] gets the same rings and stops from a desk and from XState actors', async () => {
    const edges: { desk: string[]; host: string[] } = { desk: [], host: [] }
    const desk = await openBenchDesk()
    const host = xstateHost(staff.map(({ id }) => id))
    for (const type of ['ring', 'stop'] as const) {
      desk.on(type, ({ requestId, staffIds }) => edges.desk.push(edgeText(type, requestId, staffIds)))
      host.on(type, ({ requestId, staffIds }) => edges.host.push(edgeText(type, requestId, staffIds)))
    }
    for (const one of [desk, host] as const) {
      await one.requestChat({ requestId: 'r1', visitorId: 'v1', facts: {} })
      await one.mute('r1', 's1')
      await one.mute('r1', 's2')
      await one.accept('r1', 's3')
      await one.end('r1')
    }
    expect(edges.desk).toHaveLength(4)
    expect(edges.desk).toEqual(edges.host)
  })
})
