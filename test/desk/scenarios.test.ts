import { describe, expect, it } from 'vitest'
import type { DeskOptions, Shift } from '../../src'
import { openStaffedDesk, openTestDesk } from './test-desk'

const route = (name: string, fact: string, value: unknown, params: object) => ({
  name,
  conditions: { all: [{ fact, operator: Array.isArray(value) ? 'in' : 'equal', value }] },
  event: { type: 'route', params },
})

const hour = 3_600_000
/** A Wednesday: midnight in London is 19:00 the day before in New York. */
const wednesday = Date.UTC(2026, 0, 14)

const shift = (id: string, timeZone: string): Shift => ({
  id,
  timeZone,
  weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' }],
})

const twoShifts: DeskOptions = {
  staff: [
    { id: 'ann', shifts: ['us'] },
    { id: 'ben', shifts: ['us', 'uk'] },
    { id: 'cat', shifts: ['uk'] },
    { id: 'dan' },
  ],
  shifts: [shift('us', 'America/New_York'), shift('uk', 'Europe/London')],
  workflows: [
    route('US requests', 'country', 'US', { to: { shift: 'us' } }),
    route('UK requests', 'country', 'UK', { to: { shift: 'uk' } }),
  ],
  policy: { sessionLeaseMs: null },
}

describe('the scenarios that the desk is for', () => {
  it('[D50] sends server questions to the server team, and they ring for no other staff member', async () => {
    const { desk, edges } = await openStaffedDesk(['ana', 'bo', 'cy'], {
      staff: [
        { id: 'ana', teams: ['servers'] },
        { id: 'bo', teams: ['servers'] },
        { id: 'cy', teams: ['billing'] },
      ],
      workflows: [route('Server questions', 'topic', 'server', { to: { team: 'servers' } })],
    })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
    expect(edges).toEqual(['ring r1 → ana, bo'])
    expect(desk.awaiting('cy')).toEqual([])
    expect(desk.portal('cy')?.awaiting).toEqual([])
    expect(await desk.accept('r1', 'cy')).toMatchObject({ code: 'not-in-audience', reason: 'not-in-team' })
    expect(desk.request('r1')?.workflow).toBe('Server questions')
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2', facts: { topic: 'invoice' } })
    expect(edges.at(-1)).toBe('ring r2 → ana, bo, cy')
    expect(desk.request('r2')?.workflow).toBeNull()
  })

  it('[D51] sends requests from the US or the UK to the staff of that shift while it is on', async () => {
    const { desk, clock, edges } = await openStaffedDesk(['ann', 'ben', 'cat', 'dan'], twoShifts, wednesday + 12 * hour)
    await desk.requestChat({ requestId: 'uk', visitorId: 'v1', facts: { country: 'UK' } })
    expect(edges).toEqual(['ring uk → ben, cat'])
    clock.set(wednesday + 18 * hour)
    await desk.idle()
    expect(edges).toContain('stop uk → ben, cat (off-shift)')
    await desk.requestChat({ requestId: 'us', visitorId: 'v2', facts: { country: 'US' } })
    expect(edges).toContain('ring us → ann, ben')
    expect(edges.filter((line) => line.includes('us →') && /cat|dan/.test(line))).toEqual([])
  })

  it('[D51] lets the staff of a shift join a ring in progress when it begins', async () => {
    const { desk, clock, edges } = await openStaffedDesk(
      ['ann', 'ben', 'cat', 'dan'],
      {
        ...twoShifts,
        workflows: [route('US requests', 'country', 'US', { steps: [{ to: { shift: 'us' } }], whenExhausted: 'hold' })],
      },
      wednesday + 13 * hour,
    )
    await desk.requestChat({ requestId: 'us', visitorId: 'v1', facts: { country: 'US' } })
    expect(edges).toEqual([])
    expect(desk.awaiting()).toMatchObject([{ requestId: 'us', reason: 'waiting' }])
    clock.advance(hour)
    await desk.idle()
    expect(edges).toEqual(['ring us → ann, ben'])
  })

  it('[D52] keeps a request in the awaiting of the one staff member who muted it, who starts it from there', async () => {
    const { desk, edges } = await openStaffedDesk(['ana', 'bo'], {
      workflows: [route('For Ana', 'topic', 'contract', { to: { staff: 'ana' } })],
    })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'contract' } })
    await desk.mute('r1', 'ana')
    expect(edges).toEqual(['ring r1 → ana', 'stop r1 → ana (muted)'])
    expect(desk.ringing('ana')).toEqual([])
    expect(desk.awaiting('ana')).toMatchObject([{ requestId: 'r1', reason: 'muted' }])
    expect(await desk.accept('r1', 'ana')).toMatchObject({ ok: true, already: false })
    expect(desk.awaiting('ana')).toEqual([])
    expect(desk.portal('ana')?.chats).toMatchObject([{ requestId: 'r1', phase: 'assigned' }])
  })

  it('[D53] goes on ringing for nine when one of ten mutes, until one accepts and all nine stop', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
    const { desk, edges } = await openStaffedDesk(names)
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.mute('r1', 'd')
    for (const name of names) expect(desk.ringing(name)).toEqual(name === 'd' ? [] : ['r1'])
    await desk.accept('r1', 'g')
    const nine = names.filter((name) => name !== 'd').join(', ')
    expect(edges).toEqual([`ring r1 → ${names.join(', ')}`, 'stop r1 → d (muted)', `stop r1 → ${nine} (accepted)`])
    expect(desk.awaiting('d')).toEqual([])
  })

  it('[D54] rings a named colleague first and widens to the team after a time', async () => {
    const { desk, clock, edges } = await openStaffedDesk(['ana', 'bo'], {
      workflows: [
        route('Ana first', 'topic', 'server', {
          steps: [
            { to: { staff: 'ana' }, tone: 'soft' },
            { to: 'everyone', afterMs: 30_000, tone: 'loud' },
          ],
        }),
      ],
      policy: { sessionLeaseMs: null },
    })
    const tones: unknown[] = []
    desk.on('ring', ({ tone, step }) => tones.push([tone, step]))
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
    clock.advance(30_000)
    await desk.idle()
    expect(edges).toEqual(['ring r1 → ana', 'ring r1 → bo'])
    expect(desk.request('r1')?.tone).toBe('loud')
    await desk.accept('r1', 'ana')
    await desk.transfer('r1', { by: 'ana', to: { staff: 'bo' } })
    expect(desk.portal('bo')?.ringing).toMatchObject([{ requestId: 'r1', tone: null }])
    expect(tones.slice(0, 2)).toEqual([
      ['soft', 0],
      ['loud', 1],
    ])
  })
})

describe('a transfer', () => {
  it('[D55] goes to a target or to a whole route, and comes back when no one accepts it', async () => {
    const { desk, clock, edges } = await openStaffedDesk(['ana', 'bo', 'cy'], {
      staff: [{ id: 'ana' }, { id: 'bo', teams: ['billing'] }, { id: 'cy', teams: ['billing'] }],
      policy: { sessionLeaseMs: null, transferMs: 10_000 },
    })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.accept('r1', 'ana')
    expect(await desk.transfer('r1', { by: 'ana', to: { staff: 'bo' } })).toEqual({ ok: true })
    expect(edges.at(-1)).toBe('ring r1 → bo')
    clock.advance(10_000)
    await desk.idle()
    expect(edges.at(-1)).toBe('stop r1 → bo (transferred)')
    expect(desk.request('r1')?.assignment?.staffId).toBe('ana')
    const to = { steps: [{ to: { team: 'billing' }, ring: { order: 'listed' as const, concurrentOffers: 1 } }] }
    await desk.transfer('r1', { by: 'ana', to })
    expect(edges.at(-1)).toBe('ring r1 → bo')
  })
})

describe('new workflows', () => {
  const toAna = [route('To Ana', 'topic', 'server', { to: { staff: 'ana' } })]
  const toBo = [route('To Bo', 'topic', 'server', { to: { staff: 'bo' } })]

  it('[D56] leave open requests where they are, unless they are to be routed anew', async () => {
    const { desk, edges } = await openStaffedDesk(['ana', 'bo'], { workflows: toAna })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
    expect(await desk.setWorkflows(toBo)).toMatchObject({ ok: true })
    expect(edges).toEqual(['ring r1 → ana'])
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2', facts: { topic: 'server' } })
    expect(edges.at(-1)).toBe('ring r2 → bo')
    expect(await desk.setWorkflows(toAna, { reroute: true })).toMatchObject({ ok: true, rerouted: 2 })
    expect(desk.ringing('ana')).toEqual(['r1', 'r2'])
    expect(desk.ringing('bo')).toEqual([])
  })

  it('[D56] route one request anew when asked', async () => {
    const { desk, edges } = await openStaffedDesk(['ana', 'bo'], { workflows: toAna })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
    await desk.setWorkflows(toBo)
    expect(await desk.reroute('r1')).toEqual({ ok: true })
    expect(edges.slice(1).sort()).toEqual(['ring r1 → bo', 'stop r1 → ana (rerouted)'])
    expect(await desk.reroute('r9')).toMatchObject({ ok: false, code: 'unknown-request' })
  })

  it('[D57] are refused as a whole when one of them is wrong, and the old ones go on', async () => {
    const { desk, edges } = await openStaffedDesk(['ana', 'bo'], { workflows: toAna })
    const wrong = [...toBo, route('Wrong', 'topic', 'x', { to: { team: 'servers' }, afterMs: 5 })]
    await expect(desk.setWorkflows(wrong)).rejects.toThrow('workflows[1].event.params')
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
    expect(edges).toEqual(['ring r1 → ana'])
  })

  it('[D58] that no staff member known today satisfies are accepted with a warning and its path', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const outcome = await desk.setWorkflows([route('To Eve', 'topic', 'server', { to: { staff: 'eve' } })])
    expect(outcome).toMatchObject({ ok: true, warnings: [{ path: ['workflows', 0, 'event', 'params', 'to'] }] })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.accept('r1', 'ana')
    const transfer = await desk.transfer('r1', {
      by: 'ana',
      to: { steps: [{ to: 'everyone' }, { to: { team: 'x' } }] },
    })
    expect(transfer).toMatchObject({ ok: true, warnings: [{ path: ['to', 'steps', 1, 'to'] }] })
  })

  it('[C30] are evaluated again with what has become known of an open request', async () => {
    const { desk, edges } = await openStaffedDesk(['ana', 'bo'], {
      workflows: [route('Bills', 'topic', 'bill', { to: { staff: 'bo' } })],
    })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { page: '/a', topic: '' } })
    edges.length = 0
    expect(await desk.updateFacts('r1', { topic: 'bill' })).toEqual({ ok: true })
    expect(desk.request('r1')?.facts).toEqual({ page: '/a', topic: 'bill' })
    expect(edges).toEqual([])
    expect(await desk.updateFacts('r1', { plan: 'pro' }, { reroute: true })).toEqual({ ok: true })
    expect(desk.request('r1')).toMatchObject({ workflow: 'Bills', facts: { page: '/a', topic: 'bill', plan: 'pro' } })
    expect(edges).toEqual(['stop r1 → ana (rerouted)'])
    await desk.accept('r1', 'bo')
    expect(await desk.updateFacts('r1', { topic: 'server' }, { reroute: true })).toEqual({ ok: true })
    expect(desk.request('r1')).toMatchObject({ phase: 'assigned', workflow: 'Bills', facts: { topic: 'server' } })
    expect(await desk.updateFacts('r1', { more: 'x'.repeat(16_000) })).toEqual({ ok: true })
    expect(await desk.updateFacts('r1', { rest: 'é'.repeat(200) })).toMatchObject({ limit: 'factsBytesMax' })
    await desk.end('r1')
    expect(await desk.updateFacts('r1', { topic: 'bill' })).toMatchObject({ code: 'request-closed' })
    expect(await desk.updateFacts('r9', {})).toMatchObject({ code: 'unknown-request' })
  })

  it('[K14] that nobody could take now bring a transfer a warning, and explain says who sent the request there', async () => {
    const { desk } = await openTestDesk({
      staff: [{ id: 'ana' }, { id: 'bo', teams: ['billing'] }],
    })
    await desk.connect('ana', 'tab')
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.accept('r1', 'ana')
    const absent = await desk.transfer('r1', { by: 'ana', to: { team: 'billing' } })
    expect(absent).toMatchObject({ ok: true, warnings: [{ path: ['to'] }] })
    expect(desk.explain('r1')).toMatchObject({
      workflow: null,
      transferredBy: 'ana',
      route: { steps: [{ to: { team: 'billing' } }] },
    })
    await desk.connect('bo', 'tab')
    expect(await desk.transfer('r1', { by: 'sue', to: { team: 'billing' } })).toEqual({ ok: true })
    expect(await desk.transfer('r1', { by: 'sue', to: { staff: 'ana' } })).toEqual({ ok: true })
    await desk.accept('r1', 'ana')
    expect(await desk.transfer('r1', { by: 'ana', to: { staff: 'ana' } })).toMatchObject({
      warnings: [{ path: ['to'] }],
    })
  })
})
