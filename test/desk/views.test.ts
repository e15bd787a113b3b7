import { describe, expect, it } from 'vitest'
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
