import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultPolicy, manualClock, memoryStore, openDesk } from '../../src'
import { anyRoster, anyShifts } from '../../src/testing/arbitraries/any-roster'
import { anyPolicy } from '../../src/testing/arbitraries/any-scenario'
import { anyWorkflows } from '../../src/testing/arbitraries/any-workflow'
import { seed } from '../campaign'
import { openTestNode, storeWithSystemTime } from './cluster/test-node'
import { openStaffedDesk, openTestDesk } from './test-desk'

const workflow = (name: string) => ({
  name,
  conditions: { all: [{ fact: 'topic', operator: 'equal', value: name }] },
  event: { type: 'route', params: { to: { team: name } } },
})

describe('the settings that openDesk names', () => {
  it('[D74] are made exactly so: staff who are not listed leave, policies that are not listed are the defaults', async () => {
    const store = memoryStore()
    const staff = [{ id: 'ana' }, { id: 'bo' }]
    const { desk } = await openStaffedDesk(['ana', 'bo'], { store, staff, policy: { wrapUpMs: 5, transferMs: 7 } })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.accept('r1', 'bo')
    const next = await openTestDesk({ store, staff: [{ id: 'cy' }, { id: 'ana' }], policy: { transferMs: 9 } })
    expect(next.desk.roster()).toEqual([{ id: 'ana' }, { id: 'cy' }])
    expect(next.desk.policy).toEqual({ ...defaultPolicy, transferMs: 9 })
    expect(next.desk.request('r1')).toMatchObject({ phase: 'ringing', assignment: null })
    expect(next.desk.ringing('ana')).toEqual(['r1'])
  })

  it('[D74] are what was read from another desk', async () => {
    const one = await openDesk({ staff: [{ id: 'ana', teams: ['servers'] }], workflows: [workflow('servers')] })
    await one.setPolicy({ wrapUpMs: 5 })
    await one.setShifts([
      { id: 'day', timeZone: 'Europe/London', weekly: [{ days: ['mon'], from: '09:00', to: '17:00' }] },
    ])
    const { shifts, workflows, policy } = one
    const other = await openDesk({ staff: one.roster(), shifts, workflows, policy })
    expect([other.roster(), other.shifts, other.workflows, other.policy]).toEqual([
      one.roster(),
      shifts,
      workflows,
      policy,
    ])
  })
})

describe('any settings', () => {
  it('[D72] [D74] are read back as they were set, open another desk that is the same, and change nothing again', async () => {
    const anySettings = fc.record({
      staff: anyRoster(),
      shifts: anyShifts(),
      workflows: anyWorkflows(),
      policy: anyPolicy(),
    })
    const property = fc.asyncProperty(anySettings, async (settings) => {
      const desk = await openDesk({ ...settings, clock: manualClock() })
      const read = { staff: desk.roster(), shifts: desk.shifts, workflows: desk.workflows, policy: desk.policy }
      expect(read).toEqual(settings)
      const { version, revision } = desk
      await desk.setRoster(read.staff)
      await desk.setShifts(read.shifts, { ifRevision: revision })
      await desk.setWorkflows(read.workflows, { ifRevision: revision })
      await desk.setPolicy(read.policy)
      expect(desk.version).toBe(version)
      const other = await openDesk({ ...read, clock: manualClock() })
      expect(other.snapshot().state).toEqual(desk.snapshot().state)
    })
    await fc.assert(property, { seed, numRuns: 50 })
  })
})

describe('the initial settings of openDesk', () => {
  const initial = {
    staff: [{ id: 'ana' }],
    shifts: [{ id: 'day', timeZone: 'UTC', weekly: [] }],
    workflows: [workflow('servers')],
    policy: { wrapUpMs: 5 },
  }

  it('[D75] are used in a store that holds no desk, in one entry, and leave alone what was edited since', async () => {
    const store = memoryStore()
    const first = await openDesk({ store, initial, clock: manualClock() })
    expect(first.version).toBe(1)
    expect(first.roster()).toEqual(initial.staff)
    expect(first.shifts).toEqual(initial.shifts)
    expect(first.workflows.map(({ name }) => name)).toEqual(['servers'])
    expect(first.policy).toEqual({ ...defaultPolicy, wrapUpMs: 5 })
    await first.setWorkflows([])
    await first.setStaff({ id: 'bo' })
    await first.removeStaff('ana')
    await first.setPolicy({ wrapUpMs: 8 })
    const { version } = first
    await first.close()
    const second = await openDesk({ store, initial, clock: manualClock() })
    expect(second.version).toBe(version)
    expect([second.workflows, second.roster(), second.policy.wrapUpMs]).toEqual([[], [{ id: 'bo' }], 8])
  })

  it('[D75] give way to the settings that are named beside them', async () => {
    const desk = await openDesk({ policy: { transferMs: 9 }, initial: { staff: [{ id: 'ana' }] } })
    expect(desk.roster()).toEqual([{ id: 'ana' }])
    expect(desk.policy).toEqual({ ...defaultPolicy, transferMs: 9 })
    await expect(openDesk({ staff: [], initial: { staff: [{ id: 'ana' }] } })).rejects.toThrow(
      'initial.staff: expected either initial.staff or staff, got both',
    )
    await expect(openDesk({ initial: { workflows: [{}], rooster: [] } } as never)).rejects.toThrow(
      /^(?=[\s\S]*initial\.rooster: )[\s\S]*initial\.workflows\[0\]\.name: /,
    )
  })

  it('[D75] are set by the first of two desks that open one new store at the same time', async () => {
    const store = memoryStore()
    const open = (id: string) => openDesk({ store, initial: { staff: [{ id }] }, clock: manualClock() })
    const [one, two] = await Promise.all([open('ana'), open('bo')])
    await two.sync()
    expect(one.roster()).toEqual([{ id: 'ana' }])
    expect(two.roster()).toEqual([{ id: 'ana' }])
  })

  it('[D75] are set by one of three nodes that open one new store at the same time', async () => {
    const store = storeWithSystemTime()
    const open = (id: string) =>
      openTestNode(id, store, { staff: undefined, policy: undefined, initial: { staff: [{ id }] } } as never)
    const nodes = await Promise.all(['ana', 'bo', 'cy'].map(open))
    const rosters = () => nodes.map(({ desk }) => desk.roster().map(({ id }) => id))
    await Promise.all(nodes.map(({ desk }) => desk.sync()))
    expect(rosters()[0]).toHaveLength(1)
    expect(rosters()).toEqual(Array(3).fill(rosters()[0]))
    await nodes[0]?.desk.setRoster([{ id: 'di' }])
    const late = await openTestNode('late', store, { staff: undefined, initial: { staff: [{ id: 'late' }] } } as never)
    expect(late.desk.roster()).toEqual([{ id: 'di' }])
  })
})

describe('setRoster', () => {
  it('[D76] makes the roster exactly so in one entry, and releases the chats of those who leave to those who come', async () => {
    const { desk, edges } = await openStaffedDesk(['ana', 'bo'])
    for (const id of ['1', '2', '3']) await desk.requestChat({ requestId: `r${id}`, visitorId: `v${id}` })
    await desk.accept('r1', 'ana')
    await desk.accept('r2', 'bo')
    const { version } = desk
    edges.length = 0
    const events: string[] = []
    desk.on('event', ({ type }) => events.push(type))
    expect(await desk.setRoster([{ id: 'bo', teams: ['servers'] }, { id: 'cy' }])).toEqual({ ok: true })
    expect(desk.version).toBe(version + 1)
    expect(desk.roster()).toEqual([{ id: 'bo', teams: ['servers'] }, { id: 'cy' }])
    expect(events).toEqual(['staff.set', 'staff.set', 'staff.removed', 'request.released'])
    expect(edges).toEqual(['stop r3 → ana (removed)', 'ring r1 → bo'])
    expect(desk.request('r2')?.assignment?.staffId).toBe('bo')
    expect(await desk.setRoster(desk.roster())).toEqual({ ok: true })
    expect(desk.version).toBe(version + 1)
  })

  it('[D76] releases the chats of several who leave in the order of service', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo', 'cy'])
    for (const id of ['1', '2', '3']) await desk.requestChat({ requestId: `r${id}`, visitorId: `v${id}` })
    await desk.accept('r3', 'ana')
    await desk.accept('r1', 'bo')
    await desk.accept('r2', 'ana')
    const released: string[] = []
    desk.on('request.released', ({ requestId, by, cause }) => released.push(`${requestId} of ${by}: ${cause}`))
    await desk.setRoster([{ id: 'cy' }])
    expect(released).toEqual(['r1 of bo: staff-removed', 'r2 of ana: staff-removed', 'r3 of ana: staff-removed'])
    expect(desk.ringing('cy')).toEqual(['r1', 'r2', 'r3'])
  })

  it('[D40] is refused as a whole when one staff member is wrong or comes twice', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    await expect(desk.setRoster([{ id: 'ana' }, { id: 'ana' }])).rejects.toThrow(/staff\[1\]\.id: expected/)
    await expect(desk.setRoster([{ id: 'bo' }, { id: 'cy', capacity: -1 }])).rejects.toThrow(/staff\[1\]\.capacity: /)
    expect(desk.roster()).toEqual([{ id: 'ana' }])
  })
})

describe('staff with a shift that nobody has defined', () => {
  it('[D77] are accepted with a warning and its path', async () => {
    const { desk } = await openTestDesk({ shifts: [{ id: 'day', timeZone: 'UTC', weekly: [] }] })
    const ana = { id: 'ana', shifts: ['day', 'nite'] }
    const message = 'no shift "nite" is defined: a target that names it does not reach "ana"'
    expect(await desk.setStaff(ana)).toEqual({ ok: true, warnings: [{ path: ['staff', 'shifts', 1], message }] })
    const path = ['staff', 1, 'shifts', 1]
    expect(await desk.setRoster([{ id: 'bo' }, ana])).toEqual({ ok: true, warnings: [{ path, message }] })
    expect(desk.roster()).toEqual([ana, { id: 'bo' }])
    await desk.setShifts([...desk.shifts, { id: 'nite', timeZone: 'UTC', weekly: [] }])
    expect(await desk.setStaff(ana)).toEqual({ ok: true })
  })
})
