import { describe, expect, it } from 'vitest'
import { floorLifecycle, lifecycle } from '../../bench/core-bench'
import { CoreDesk } from '../../bench/core-desk'
import { aDesk, obviousLifecycle, routedLifecycle, staff, workflows } from '../../bench/desk-bench'
import { Floor } from '../../bench/floor'
import { ObviousHost } from '../../bench/obvious-host'
import { xstateHost } from '../../bench/xstate-host'

const inWords = (type: string, requestId: string, staffIds: readonly string[]) =>
  `${type} ${requestId}: ${[...staffIds].sort().join(' ')}`

describe('the benchmarks compare like with like', () => {
  it('[X30] hears the same edges from the core and from the hand-written floor', () => {
    const heard: { core: string[]; floor: string[] } = { core: [], floor: [] }
    const desk = new CoreDesk((edge) => {
      if (edge.type !== 'visitor') heard.core.push(inWords(edge.type, edge.requestId, edge.staffIds))
    })
    const floor = new Floor((edge) => heard.floor.push(inWords(edge.type, edge.requestId, edge.staffIds)))
    for (const { id } of staff) {
      desk.join(id)
      floor.connect(id, 1e6)
    }
    for (let index = 0; index < 50; index += 1) {
      lifecycle(desk, index)
      floorLifecycle(floor, index)
    }
    expect(heard.core).toHaveLength(50 * 4)
    expect(heard.core).toEqual(heard.floor)
  })

  it('[X31] hears the same rings and stops from a desk with workflows and from the obvious host', async () => {
    const heard: { desk: string[]; host: string[] } = { desk: [], host: [] }
    const desk = await aDesk(workflows)
    const host = new ObviousHost(staff, workflows)
    for (const type of ['ring', 'stop'] as const) {
      desk.on(type, ({ requestId, staffIds }) => heard.desk.push(inWords(type, requestId, staffIds)))
      host.on(type, ({ requestId, staffIds }: { requestId: string; staffIds: string[] }) =>
        heard.host.push(inWords(type, requestId, staffIds)),
      )
    }
    for (let index = 0; index < 20; index += 1) {
      await routedLifecycle(desk, index)
      await obviousLifecycle(host, index)
    }
    expect(heard.desk).toHaveLength(20 * 4)
    expect(heard.desk).toEqual(heard.host)
  })

  it('[X32] hears the same rings and stops from a desk and from XState actors', async () => {
    const heard: { desk: string[]; host: string[] } = { desk: [], host: [] }
    const desk = await aDesk()
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
