import { describe, expect, it, vi } from 'vitest'
import { BaselineDesk } from '../../bench/baselines/baseline-desk'
import { NaiveHost } from '../../bench/baselines/naive-host'
import { xstateHost } from '../../bench/baselines/xstate-host'
import { baselineLifecycle, lifecycle } from '../../bench/core-bench'
import { CoreDesk } from '../../bench/core-desk'
import { naiveLifecycle, openBenchDesk, routedLifecycle, staff, workflows } from '../../bench/desk-bench'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const inWords = (type: string, requestId: string, staffIds: readonly string[]) =>
  `${type} ${requestId}: ${[...staffIds].sort().join(' ')}`

describe('the benchmarks compare like with like', () => {
  it('[X30] hears the same edges from the core and from the hand-written floor', () => {
    const heard: { core: string[]; floor: string[] } = { core: [], floor: [] }
    const desk = new CoreDesk((edge) => {
      if (edge.type !== 'visitor') heard.core.push(inWords(edge.type, edge.requestId, edge.staffIds))
    })
    const floor = new BaselineDesk((edge) => heard.floor.push(inWords(edge.type, edge.requestId, edge.staffIds)))
    for (const { id } of staff) {
      desk.connect(id)
      floor.connect(id, 1e6)
    }
    for (let index = 0; index < 50; index += 1) {
      lifecycle(desk, index)
      baselineLifecycle(floor, index)
    }
    expect(heard.core).toHaveLength(50 * 4)
    expect(heard.core).toEqual(heard.floor)
  })

  it('[X31] hears the same rings and stops from a desk with workflows and from the obvious host', async () => {
    const heard: { desk: string[]; host: string[] } = { desk: [], host: [] }
    const desk = await openBenchDesk(workflows)
    const host = new NaiveHost(staff, workflows)
    for (const type of ['ring', 'stop'] as const) {
      desk.on(type, ({ requestId, staffIds }) => heard.desk.push(inWords(type, requestId, staffIds)))
      host.on(type, ({ requestId, staffIds }: { requestId: string; staffIds: string[] }) =>
        heard.host.push(inWords(type, requestId, staffIds)),
      )
    }
    for (let index = 0; index < 20; index += 1) {
      await routedLifecycle(desk, index)
      await naiveLifecycle(host, index)
    }
    expect(heard.desk).toHaveLength(20 * 4)
    expect(heard.desk).toEqual(heard.host)
  })

  it('[X32] hears the same rings and stops from a desk and from XState actors', async () => {
    const heard: { desk: string[]; host: string[] } = { desk: [], host: [] }
    const desk = await openBenchDesk()
    const host = xstateHost(staff.map(({ id }) => id))
    for (const type of ['ring', 'stop'] as const) {
      desk.on(type, ({ requestId, staffIds }) => heard.desk.push(inWords(type, requestId, staffIds)))
      host.on(type, ({ requestId, staffIds }) => heard.host.push(inWords(type, requestId, staffIds)))
    }
    for (const one of [desk, host] as const) {
      await one.requestChat({ requestId: 'r1', visitorId: 'v1', facts: {} })
      await one.mute('r1', 's1')
      await one.mute('r1', 's2')
      await one.accept('r1', 's3')
      await one.end('r1')
    }
    expect(heard.desk).toHaveLength(4)
    expect(heard.desk).toEqual(heard.host)
  })
})
