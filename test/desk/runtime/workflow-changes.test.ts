import { describe, expect, it } from 'vitest'
import { type Desk, type DomainEvent, memoryStore, type RulesOptions } from '../../../src'
import { openStaffedDesk } from '../test-desk'

describe('a change of one workflow', () => {
  it('[D64] takes the place of the workflow with its name, or the last place, and names no other workflow', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'], { workflows: [to('ana', 'First'), to('bo', 'Second')] })
    const events: DomainEvent[] = []
    desk.on('event', (event) => events.push(event))
    expect(await routeOf(desk)).toBe('First')
    expect(await desk.setWorkflow(to('bo', 'First', 'invoice'))).toEqual({ ok: true, revision: 2 })
    expect(await routeOf(desk)).toBe('Second')
    await desk.setWorkflow(to('ana', 'Third'))
    await desk.setWorkflow(to('ana', 'First'))
    expect(await routeOf(desk)).toBe('First')
    await desk.removeWorkflow('First')
    await desk.setWorkflow(to('ana', 'First'))
    expect(await routeOf(desk)).toBe('Second')
    expect(events.map((event) => Object.keys(event).filter((key) => key !== 'isOrigin'))).toEqual([
      ...Array(3).fill(['type', 'workflow', 'by', 'at']),
      ['type', 'name', 'by', 'at'],
      ['type', 'workflow', 'by', 'at'],
    ])
  })

  it('[D64] keeps the order through a snapshot and on a desk that reads the store', async () => {
    const store = memoryStore()
    const { desk } = await openStaffedDesk(['ana'], { store, workflows: [to('ana', 'First'), to('ana', 'Second')] })
    await desk.setWorkflow(to('ana', 'Third'))
    await desk.setWorkflow(to('ana', 'First', 'invoice'))
    await desk.removeWorkflow('Second')
    const { desk: replayed } = await openStaffedDesk([], { store })
    const { desk: restored } = await openStaffedDesk([], { snapshot: desk.snapshot() })
    for (const each of [desk, replayed, restored]) {
      const { workflows } = each.snapshot().state.desk
      expect(workflows).toEqual([to('ana', 'First', 'invoice'), to('ana', 'Third')])
      expect(await routeOf(each)).toBe('Third')
    }
  })

  it('[D65] leaves open requests on their routes unless they are to be routed anew', async () => {
    const { desk, edges } = await openStaffedDesk(['ana', 'bo'], { workflows: [to('ana', 'First')] })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
    expect(await desk.setWorkflow(to('bo', 'First'))).toEqual({ ok: true, revision: 2 })
    expect(edges).toEqual(['ring r1 → ana'])
    expect(await desk.setWorkflow(to('ana', 'Second'), { reroute: true })).toEqual({
      ok: true,
      revision: 3,
      rerouted: 1,
    })
    expect(edges.slice(1).sort()).toEqual(['ring r1 → bo', 'stop r1 → ana (rerouted)'])
    expect(await desk.removeWorkflow('First', { reroute: true })).toMatchObject({ ok: true, rerouted: 1 })
    expect(desk.ringing('ana')).toEqual(['r1'])
  })

  const toBo = to('bo', 'First')
  it.each<[string, (desk: Desk, options: RulesOptions) => Promise<unknown>]>([
    ['setWorkflows', (desk, options) => desk.setWorkflows([toBo], options)],
    ['setWorkflow', (desk, options) => desk.setWorkflow(toBo, options)],
    ['removeWorkflow', (desk, options) => desk.removeWorkflow('First', options)],
    ['setShifts', (desk, options) => desk.setShifts([], options)],
  ])('[D20] repeated with the command id of a %s that rerouted reroutes no request again', async (_, change) => {
    const { desk } = await openStaffedDesk(['ana', 'bo'], { workflows: [to('ana', 'First')] })
    const options = { reroute: true, commandId: 'c1' }
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
    expect(await change(desk, options)).toMatchObject({ ok: true, rerouted: 1 })
    for (const staffId of ['ana', 'bo']) await desk.mute('r1', staffId)
    await desk.setWorkflow(to('ana', 'First'))
    const { version } = desk
    const muted = desk.awaiting()
    expect(await change(desk, options)).toMatchObject({ ok: true })
    await desk.idle()
    expect(desk.version).toBe(version)
    expect(desk.awaiting()).toEqual(muted)
    expect(desk.ringing('ana')).toEqual([])
  })

  it('[D66] is refused for a name that no workflow has, and for a workflow that is wrong, with its path', async () => {
    const { desk } = await openStaffedDesk(['ana'], { workflows: [to('ana', 'First')] })
    const { version } = desk
    const refusal = { ok: false, code: 'unknown-workflow', name: 'Second', message: 'There is no workflow "Second".' }
    expect(await desk.removeWorkflow('Second')).toEqual(refusal)
    const wrong = { ...to('ana', 'First'), conditions: { all: [] } }
    await expect(desk.setWorkflow(wrong)).rejects.toThrow('workflow.conditions')
    await desk.setWorkflow(to('ana', 'First'))
    expect(desk.version).toBe(version)
    expect(await desk.setWorkflow(to('eve', 'First'))).toMatchObject({
      warnings: [{ path: ['workflow', 'event', 'params', 'to'] }],
    })
  })
})

function to(staffId: string, name: string, topic = 'server') {
  return {
    name,
    conditions: { all: [{ fact: 'topic', operator: 'equal', value: topic }] },
    event: { type: 'route' as const, params: { to: { staff: staffId } } },
  }
}

async function routeOf(desk: Awaited<ReturnType<typeof openStaffedDesk>>['desk']): Promise<string | null> {
  return (await desk.previewRoute({ facts: { topic: 'server' } })).workflow
}
