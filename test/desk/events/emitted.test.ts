import { describe, expect, it } from 'vitest'
import { manualClock, openDesk } from '../../../src'
import { findUnknownEventType, isDomainEventType } from '../../../src/desk/events/desk-events'
import { openStaffedDesk } from '../test-desk'

describe('a listener of an entry of several events', () => {
  it('[D6] finds the desk as it is after the last of them at each', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.accept('r1', 'ana')
    const seen: unknown[] = []
    desk.on('event', ({ type }) => seen.push([type, desk.staff('ana'), desk.request('r1')?.phase]))
    desk.on('ring', ({ staffIds }) => seen.push(['ring', staffIds.join(), desk.staff('ana')]))
    await desk.removeStaff('ana')
    expect(seen.length).toBeGreaterThan(2)
    for (const [what, ...found] of seen as unknown[][])
      expect(found).toEqual(what === 'ring' ? ['bo', undefined] : [undefined, 'ringing'])
  })
})

describe('an event', () => {
  it('[D6] says when its command was executed, also a change of the roster', async () => {
    const clock = manualClock(1_000)
    const desk = await openDesk({ clock })
    const times: unknown[] = []
    desk.on('event', ({ type, at }) => times.push([type, at]))
    clock.advance(500)
    await desk.setStaff({ id: 'ana' })
    await desk.setRoster([{ id: 'bo' }])
    expect(times).toEqual([
      ['staff.set', 1_500],
      ['staff.set', 1_500],
      ['staff.removed', 1_500],
    ])
  })
})

describe('a stop', () => {
  it('[D70] names the visitor of its own request when another request was opened', async () => {
    const heavyFirst = {
      name: 'Heavy first',
      conditions: { all: [{ fact: 'heavy', operator: 'equal', value: true }] },
      event: { type: 'prioritize', params: { priority: 10 } },
    }
    const { desk, edges } = await openStaffedDesk(['ana'], { workflows: [heavyFirst], policy: { capacity: 2 } })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.accept('r1', 'ana')
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    const named: unknown[] = []
    desk.on('stop', ({ requestId, visitorId }) => named.push([requestId, visitorId]))
    await desk.requestChat({ requestId: 'r3', visitorId: 'v3', weight: 2, facts: { heavy: true } })
    expect(edges.at(-1)).toBe('stop r2 → ana (reserved)')
    expect(named).toEqual([['r2', 'v2']])
  })
})

describe('a listener', () => {
  it('[D8] that returns nothing, null, a number or a plain object has not failed', async () => {
    const { desk, errors } = await openStaffedDesk(['ana'])
    const returned = [undefined, null, 5, {}]
    for (const value of returned) desk.on('ring', () => value)
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.idle()
    expect(errors).toEqual([])
  })
})

describe('a notification without a listener', () => {
  it('[D8] is printed only when it is an error', async () => {
    const printed: unknown[] = []
    const consoleError = console.error
    console.error = (notification: unknown) => printed.push(notification)
    try {
      const desk = await openDesk({
        clock: manualClock(0),
        workflows: [
          {
            name: 'Gold',
            conditions: { all: [{ fact: 'plan', operator: 'equal', value: 'gold' }] },
            event: { type: 'route', params: { to: 'everyone' } },
          },
        ],
        routing: { facts: { plan: () => Promise.reject(new Error('no answer')) } },
      })
      expect(await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })).toMatchObject({ ok: true })
      await desk.close()
    } finally {
      console.error = consoleError
    }
    expect(printed).toEqual([])
  })
})

describe('the types of events', () => {
  it('[ND12] are known by name, and the first one of another release is named', () => {
    expect(['request.opened', 'ring', 'toString', '__proto__', ''].map(isDomainEventType)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
    const payloadOf = (...types: string[]) => ({ schema: 1, commands: [], events: types.map((type) => ({ type })) })
    expect(findUnknownEventType(payloadOf('staff.set', 'request.opened') as never)).toBeUndefined()
    expect(findUnknownEventType(payloadOf('staff.set', 'staff.promoted', 'ring') as never)).toBe('staff.promoted')
  })

  it('[D40] of notifications are the ones that a listener may be given for', async () => {
    const { desk } = await openStaffedDesk([])
    const known = ['ring', 'stop', 'visitor', 'event', 'error', 'command', 'routing.degraded', 'position.changed']
    const ofNodes = ['node.stale', 'node.recovered', 'state.rebuilt', 'assignment.revoked']
    for (const type of [...known, ...ofNodes, 'wrapUp.ended']) desk.on(type as never, () => {})()
    expect(() => desk.on('rings' as never, 5 as never)).toThrow(
      `type: expected one of ${[...known, ...ofNodes].join(', ')}, or the type of a domain event, got "rings"\n` +
        'listener: expected a function, got 5',
    )
    expect(() => desk.on(5 as never, () => {})).toThrow('type: expected one of')
    expect(() => desk.on('toString' as never, () => {})).toThrow('got "toString"')
  })
})

describe('isEmpty', () => {
  it('[ND21] is true while no session is connected and no request is open or in a chat', async () => {
    const desk = await openDesk({ clock: manualClock(0), staff: [{ id: 'ana' }, { id: 'bo' }] })
    const found: boolean[] = []
    const note = () => found.push(desk.isEmpty)
    note()
    await desk.connect('bo', 'tab')
    note()
    await desk.disconnect('bo', 'tab')
    note()
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    note()
    await desk.accept('r1', 'ana')
    note()
    await desk.end('r1')
    note()
    expect(found).toEqual([true, false, true, false, false, true])
    await desk.close()
  })
})

describe('position', () => {
  it('[Q1] holds the request of which a listener is notified', async () => {
    const { desk } = await openStaffedDesk([])
    const positions: unknown[] = []
    desk.on('request.opened', ({ requestId }) => positions.push(desk.position(requestId)?.position))
    for (const requestId of ['r1', 'r2']) await desk.requestChat({ requestId, visitorId: requestId })
    expect(positions).toEqual([1, 2])
    expect(desk.position('r3')).toBeUndefined()
  })
})
