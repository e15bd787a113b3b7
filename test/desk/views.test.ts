import { describe, expect, it } from 'vitest'
import { defaultPolicy, InvalidInputError, type RequestFilter } from '../../src'
import { deepFreeze } from '../../src/desk/runtime/dev-freeze'
import { openStaffedDesk, openTestDesk } from './test-desk'

describe('views', () => {
  it('[D16] are frozen in development, all the way down', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { page: { path: '/' } } })
    const facts = desk.awaiting('ana')[0]?.request.facts as { page: { path: string } }
    expect(() => {
      facts.page.path = '/admin'
    }).toThrow(TypeError)
    expect(desk.portal('ana')?.ringing[0]?.facts).toEqual({ page: { path: '/' } })
    expect(Object.isFrozen(desk.snapshot().state.desk.staff)).toBe(true)
  })

  it('[D16] do not follow an object that the caller changes afterwards', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const facts = { page: { path: '/' } }
    const ana = { id: 'ana', teams: ['servers'] }
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts })
    await desk.setStaff(ana)
    facts.page.path = '/admin'
    ana.teams.push('billing')
    expect(desk.request('r1')?.facts).toEqual({ page: { path: '/' } })
    expect(desk.staff('ana')?.teams).toEqual(['servers'])
  })

  it('[D17] of what is not there are undefined or empty', async () => {
    const { desk } = await openTestDesk()
    expect(desk.request('r1')).toBeUndefined()
    expect(desk.staff('ana')).toBeUndefined()
    expect(desk.portal('ana')).toBeUndefined()
    expect(desk.explain('r1')).toBeUndefined()
    expect(desk.awaiting('ana')).toEqual([])
    expect(desk.awaiting()).toEqual([])
    expect(desk.ringing('ana')).toEqual([])
  })

  it('[D72] give the policy, the shifts, the workflows and the roster as they were set, in their order', async () => {
    const { desk } = await openTestDesk()
    const staff = [{ id: 'bo', teams: ['servers'], capacity: 2 }, { id: 'ana' }]
    const shift = { id: 'day', timeZone: 'UTC', weekly: [] }
    const workflow = (name: string) => ({
      name,
      conditions: { all: [{ fact: 'topic', operator: 'equal', value: name }] },
      event: { type: 'route', params: { to: { team: name } } },
    })
    for (const each of staff) await desk.setStaff(each)
    await desk.setShifts([shift])
    await desk.setWorkflows([workflow('servers'), workflow('billing')])
    await desk.setPolicy({ wrapUpMs: 5 })
    expect(desk.roster()).toEqual(staff)
    expect(desk.shifts).toEqual([shift])
    expect(desk.workflows).toMatchObject([{ name: 'servers' }, { name: 'billing' }])
    expect(desk.policy).toEqual({ ...defaultPolicy, wrapUpMs: 5 })
    const { version } = desk
    await desk.setWorkflows(desk.workflows)
    await desk.setShifts(desk.shifts)
    await desk.setPolicy(desk.policy)
    for (const each of desk.roster()) await desk.setStaff(each)
    expect(desk.version).toBe(version)
  })

  it('[D16] of what was set are frozen all the way down', async () => {
    const { desk } = await openStaffedDesk(['ana'], { staff: [{ id: 'ana', teams: ['servers'] }] })
    const teams = desk.roster()[0]?.teams as string[]
    expect(() => teams.push('billing')).toThrow(TypeError)
    expect([desk.policy, desk.shifts, desk.workflows].every((view) => Object.isFrozen(view))).toBe(true)
  })

  it('[D16] are frozen parts of a value that was frozen in part, once', () => {
    const inner = Object.freeze({ list: [1] })
    const value = deepFreeze({ inner, other: { list: [{ id: 'ana' }] }, none: null, text: 'x' })
    expect([value, value.other, value.other.list, value.other.list[0]].every((part) => Object.isFrozen(part))).toBe(
      true,
    )
    expect(Object.isFrozen(inner.list)).toBe(false)
    expect([deepFreeze(null), deepFreeze('x'), deepFreeze(undefined)]).toEqual([null, 'x', undefined])
  })

  it('[D73] list the live requests in the order of service, and those of a phase, a visitor or a staff member', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'], {
      policy: { requestsPerVisitorMax: 2 },
      workflows: [
        {
          name: 'urgent',
          conditions: { all: [{ fact: 'urgent', operator: 'equal', value: true }] },
          event: { type: 'prioritize', params: { priority: 5 } },
        },
      ],
    })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await desk.requestChat({ requestId: 'r3', visitorId: 'v1' })
    await desk.requestChat({ requestId: 'r4', visitorId: 'v4', facts: { urgent: true } })
    await desk.requestChat({ requestId: 'r5', visitorId: 'v5' })
    await desk.accept('r2', 'ana')
    await desk.accept('r3', 'bo')
    await desk.visitorLeft('v5')
    await desk.requestChat({ requestId: 'closed', visitorId: 'v6' })
    await desk.cancel('closed')
    const found = (filter?: RequestFilter) => desk.requests(filter).map(({ requestId }) => requestId)
    expect(found()).toEqual(['r4', 'r1', 'r2', 'r3', 'r5'])
    expect(found({ phase: 'ringing' })).toEqual(['r4', 'r1'])
    expect(found({ phase: 'waiting' })).toEqual(['r5'])
    expect(found({ phase: 'assigned' })).toEqual(['r2', 'r3'])
    expect(found({ visitorId: 'v1' })).toEqual(['r1', 'r3'])
    expect(found({ staffId: 'bo' })).toEqual(['r3'])
    expect(found({ visitorId: 'v1', phase: 'assigned' })).toEqual(['r3'])
    expect(found({ visitorId: 'v1', staffId: 'ana' })).toEqual([])
    expect(found({ staffId: 'unknown' })).toEqual([])
    expect(desk.requests({ staffId: 'ana' })).toEqual([desk.request('r2')])
  })

  it('[D73] refuse a filter that no request could meet by its form', async () => {
    const { desk } = await openTestDesk()
    expect(() => desk.requests({ phase: 'open' } as never)).toThrow(/phase: expected .*, got "open"/)
    expect(() => desk.requests({ staff: 'ana' } as never)).toThrow(InvalidInputError)
    expect(() => desk.requests(null as never)).toThrow(InvalidInputError)
  })

  it('[D18] explain for every staff member why a request rings or not', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'], { staff: [{ id: 'ana' }, { id: 'bo' }, { id: 'cy' }] })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.mute('r1', 'bo')
    expect(desk.explain('r1')).toMatchObject({
      requestId: 'r1',
      step: 0,
      staff: [
        { staffId: 'ana', reason: 'rung' },
        { staffId: 'bo', reason: 'muted' },
        { staffId: 'cy', reason: 'absent' },
      ],
    })
  })
})
