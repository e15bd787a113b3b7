import { describe, expect, it } from 'vitest'
import { DeskError, type DomainEvent } from '../../src'
import { openStaffedDesk, openTestDesk } from './test-desk'

describe('the edges that a desk emits', () => {
  it('[D4] name the request, the staff members, the step, the tone, the version and the instant of a ring', async () => {
    const { desk, clock } = await openStaffedDesk(['ana', 'bo'])
    const rings: unknown[] = []
    desk.on('ring', (ring) => rings.push(ring))
    clock.advance(5)
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
    expect(rings).toEqual([
      {
        requestId: 'r1',
        visitorId: 'v1',
        staffIds: ['ana', 'bo'],
        request: desk.request('r1'),
        tone: null,
        step: 0,
        version: desk.version,
        at: 5,
        isOrigin: true,
      },
    ])
  })

  it('[D4] name the reason of a stop and who caused it', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'])
    const stops: unknown[] = []
    desk.on('stop', (stop) => stops.push(stop))
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.accept('r1', 'bo')
    const header = { version: desk.version, at: 0, isOrigin: true }
    expect(stops).toEqual([
      { requestId: 'r1', visitorId: 'v1', staffIds: ['ana', 'bo'], reason: 'accepted', by: 'bo', ...header },
    ])
  })

  it('[D4] show the visitor of a visitor notification', async () => {
    const { desk, clock } = await openStaffedDesk(['ana'])
    const notifications: unknown[] = []
    desk.on('visitor', (notification) => notifications.push(notification))
    clock.advance(7)
    await desk.visitorArrived({ visitorId: 'v1', facts: { page: '/shop' } })
    expect(notifications).toEqual([
      {
        visitorId: 'v1',
        staffIds: ['ana'],
        visitor: { visitorId: 'v1', facts: { page: '/shop' }, arrivedAt: 7 },
        version: desk.version,
        at: 7,
        isOrigin: true,
      },
    ])
  })

  it('[D5] are emitted before the command that caused them resolves', async () => {
    const { desk, edges } = await openStaffedDesk(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' }).then(() => edges.push('answered'))
    expect(edges).toEqual(['ring r1 → ana', 'answered'])
  })

  it('[D6] find the desk as it is after the whole batch', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const seen: unknown[] = []
    desk.on('stop', ({ version }) => seen.push([version, desk.version, desk.request('r1')?.phase, desk.ringing('bo')]))
    await desk.accept('r1', 'ana')
    expect(seen).toEqual([[desk.version, desk.version, 'assigned', []]])
  })
})

describe('the domain events that a desk emits', () => {
  it('[D7] come under their own type and all of them under event, in order', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const all: DomainEvent[] = []
    const accepted: DomainEvent[] = []
    desk.on('event', (event) => all.push(event))
    desk.on('request.accepted', (event) => accepted.push(event))
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.accept('r1', 'ana')
    await desk.end('r1')
    expect(all.map(({ type }) => type)).toEqual(['request.opened', 'request.accepted', 'request.closed'])
    expect(accepted).toEqual([all[1]])
  })
})

describe('listeners', () => {
  it('[D8] that throw go to error and stop no other', async () => {
    const { desk, edges, errors } = await openStaffedDesk(['ana'])
    const late: string[] = []
    desk.on('ring', () => {
      throw new Error('out of paper')
    })
    desk.on('ring', ({ requestId }) => late.push(requestId))
    const outcome = await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    expect(outcome.ok).toBe(true)
    expect(edges).toEqual(['ring r1 → ana'])
    expect(late).toEqual(['r1'])
    expect(errors).toHaveLength(1)
    expect(errors[0]).toBeInstanceOf(DeskError)
    expect(errors[0]).toMatchObject({ code: 'listener-failed', message: "a listener of 'ring' failed: out of paper" })
  })

  it('[D8] that reject later go to error as well', async () => {
    const { desk, errors } = await openStaffedDesk(['ana'])
    desk.on('ring', async () => {
      await Promise.resolve()
      throw new Error('socket closed')
    })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await new Promise((resolve) => setTimeout(resolve))
    expect(errors).toMatchObject([{ code: 'listener-failed', cause: new Error('socket closed') }])
  })

  it('[D8] of error that fail end at the console', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const printed: unknown[] = []
    const consoleError = console.error
    console.error = (error: unknown) => printed.push(error)
    try {
      desk.on('error', () => {
        throw new Error('no logger')
      })
      desk.on('ring', () => {
        throw new Error('out of paper')
      })
      await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    } finally {
      console.error = consoleError
    }
    expect(printed).toMatchObject([{ message: "a listener of 'error' failed: no logger" }])
  })

  it('[D9] are not called once they have unsubscribed', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const received: string[] = []
    const unsubscribe = desk.on('ring', ({ requestId }) => received.push(requestId))
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    unsubscribe()
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    expect(received).toEqual(['r1'])
  })

  it('[D9] are not called once another listener of the same notification has unsubscribed them', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const received: string[] = []
    desk.on('ring', () => unsubscribe())
    const unsubscribe = desk.on('ring', ({ requestId }) => received.push(requestId))
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    expect(received).toEqual([])
  })

  it('[D10] that give commands have them executed after the batch that they were called for', async () => {
    const { desk, edges } = await openStaffedDesk(['ana', 'bo'])
    const taken: Promise<unknown>[] = []
    desk.on('ring', ({ requestId }) => {
      taken.push(desk.accept(requestId, 'ana'))
      edges.push(`asked at ${desk.request(requestId)?.phase}`)
    })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.idle()
    expect(await Promise.all(taken)).toMatchObject([{ ok: true, already: false }])
    expect(edges).toEqual(['ring r1 → ana, bo', 'asked at ringing', 'stop r1 → ana, bo (accepted)'])
  })
})

describe('statistics', () => {
  it('[D6] hold the event of a listener that reads them', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const counts: number[] = []
    desk.on('stop', () => counts.push(desk.metrics().accepted))
    for (const requestId of ['r1', 'r2']) {
      await desk.requestChat({ requestId, visitorId: requestId })
      await desk.accept(requestId, 'ana')
    }
    expect(counts).toEqual([1, 2])
    expect(desk.metrics()).toMatchObject({ offered: 2, accepted: 2 })
  })
})

describe('commands', () => {
  it('[D11] are executed in the order in which they are given', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'])
    const outcomes = await Promise.all([
      desk.requestChat({ requestId: 'r1', visitorId: 'v1' }),
      desk.accept('r1', 'ana'),
      desk.accept('r1', 'bo'),
      desk.end('r1'),
      desk.accept('r1', 'bo'),
    ])
    expect(outcomes).toMatchObject([
      { ok: true, requestId: 'r1', duplicate: false },
      { ok: true, already: false },
      { ok: false, code: 'taken', by: 'ana' },
      { ok: true },
      { ok: false, code: 'request-closed', outcome: 'ended' },
    ])
  })

  it('[D12] that are refused say why in a code and a sentence, and change nothing', async () => {
    const { desk, edges } = await openStaffedDesk(['ana'])
    const version = desk.version
    expect(await desk.accept('r9', 'ana')).toEqual({
      ok: false,
      code: 'unknown-request',
      requestId: 'r9',
      message: 'There is no request "r9".',
    })
    expect(desk.version).toBe(version)
    expect(edges).toEqual([])
  })

  it('[D13] give a request that brings no id one of its own', async () => {
    let count = 0
    const { desk } = await openTestDesk({ newId: () => `made-${++count}` })
    expect(await desk.requestChat({ visitorId: 'v1' })).toMatchObject({ requestId: 'made-1' })
    const { desk: other } = await openTestDesk()
    const outcome = await other.requestChat({ visitorId: 'v1' })
    expect(outcome.ok && outcome.requestId).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('[D14] do the same as methods and through execute', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    await desk.execute({ type: 'requestChat', requestId: 'r1', visitorId: 'v1' })
    const outcome = await desk.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    expect(outcome).toMatchObject({ ok: true, already: false })
    expect(await desk.accept('r1', 'ana')).toMatchObject({ ok: true, already: true })
  })

  it('[D15] change the policies that are named and leave the others', async () => {
    const { desk } = await openStaffedDesk(['ana'], { policy: { wrapUpMs: 5_000 } })
    await desk.setPolicy({ capacity: 1 })
    const { policy } = desk.snapshot().state.desk
    expect(policy).toMatchObject({ wrapUpMs: 5_000, capacity: 1, offerTimeoutMs: 20_000 })
    expect(desk.staff('ana')?.capacity).toBe(1)
  })
})
