import { describe, expect, it } from 'vitest'
import { awaitingListOf, requestView, supervisorAwaitingList } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

describe('accept and its refusals', () => {
  it('[C1] has exactly one winner; the second is refused with the id of the winner', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    expect(scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })).toEqual({
      ok: true,
      assignmentId: 'r1/1',
      already: false,
    })
    expect(scene.execute({ type: 'accept', requestId: 'r1', staffId: 'bo' })).toMatchObject({
      code: 'taken',
      by: 'ana',
    })
  })

  it('[C2] gives your own assignment again when you accept twice', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    expect(scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })).toEqual({
      ok: true,
      assignmentId: 'r1/1',
      already: true,
    })
    expect(scene.count('request.accepted')).toBe(1)
  })

  it('[C3] refuses a staff member outside the audience, with the reason', () => {
    const scene = new DeskFixture().present({ id: 'ana', teams: ['servers'], skills: { linux: 1 } }, 'bo')
    scene.open('r1', { to: { team: 'servers' } })
    scene.open('r2', { to: { team: 'servers', skills: { linux: 3 } } }, {})
    const refusal = { code: 'not-in-audience', reason: 'not-in-team' }
    expect(scene.execute({ type: 'accept', requestId: 'r1', staffId: 'bo' })).toMatchObject(refusal)
    expect(scene.execute({ type: 'mute', requestId: 'r1', staffId: 'bo' })).toMatchObject(refusal)
  })

  it('[C4] refuses an accept beyond the capacity', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 1 })
    scene.open('r1')
    scene.open('r2')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    expect(scene.execute({ type: 'accept', requestId: 'r2', staffId: 'ana' })).toEqual({
      ok: false,
      code: 'at-capacity',
      requestId: 'r2',
      staffId: 'ana',
      load: 1,
      capacity: 1,
    })
  })

  it('[C5] says how a request ended to who comes too late, and knows unknown ids', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    scene.execute({ type: 'cancel', requestId: 'r1', reason: 'found it' })
    const gone = { code: 'request-closed', outcome: 'cancelled' }
    expect(scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })).toMatchObject(gone)
    expect(scene.execute({ type: 'cancel', requestId: 'r1', reason: null })).toMatchObject(gone)
    expect(scene.execute({ type: 'accept', requestId: 'r9', staffId: 'ana' })).toMatchObject({
      code: 'unknown-request',
    })
    expect(scene.execute({ type: 'accept', requestId: 'r1', staffId: 'zed' })).toMatchObject({ code: 'unknown-staff' })
  })

  it('[C6] lets staff who are away, absent or muted accept from awaiting', () => {
    const scene = new DeskFixture().present('ana', 'bo').absent('cy')
    for (const id of ['r1', 'r2', 'r3']) scene.open(id)
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
    scene.execute({ type: 'setAvailability', staffId: 'bo', availability: 'away' })
    expect(scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })).toMatchObject({ ok: true })
    expect(scene.execute({ type: 'accept', requestId: 'r2', staffId: 'bo' })).toMatchObject({ ok: true })
    expect(scene.execute({ type: 'accept', requestId: 'r3', staffId: 'cy' })).toMatchObject({ ok: true })
  })

  it('[C7] gives a visitor the open request back instead of a second one', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    const routingResult = {
      workflow: null,
      route: { steps: [], whenExhausted: 'everyone' as const },
      priority: 0,
      tags: [],
    }
    const again = {
      type: 'requestChat',
      requestId: 'r2',
      visitorId: 'v-r1',
      facts: {},
      weight: null,
      routingResult,
    } as const
    expect(scene.execute(again)).toEqual({ ok: true, requestId: 'r1', duplicate: true })
  })

  it('[C8] refuses a request id that was used before', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    scene.execute({ type: 'cancel', requestId: 'r1', reason: null })
    expect(scene.open('r1')).toEqual({ ok: false, code: 'duplicate-id', requestId: 'r1' })
  })

  it('[C9] refuses beyond the limits, naming limit and maximum', () => {
    const scene = new DeskFixture({ openRequestsMax: 2, requestsPerMinuteMax: 3 }).present('ana')
    scene.open('r1')
    scene.open('r2')
    expect(scene.open('r3')).toEqual({ ok: false, code: 'limit-exceeded', limit: 'openRequestsMax', max: 2 })
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    expect(scene.open('r4')).toMatchObject({ ok: true })
    scene.execute({ type: 'cancel', requestId: 'r2', reason: null })
    expect(scene.open('r5')).toMatchObject({ limit: 'requestsPerMinuteMax' })
    scene.pass(60_000)
    expect(scene.open('r6')).toMatchObject({ ok: true })
  })

  it('[C10] answers a repeated mute, unmute or decline without another event', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    for (const type of ['mute', 'mute', 'unmute', 'unmute'] as const) {
      expect(scene.execute({ type, requestId: 'r1', staffId: 'ana' })).toEqual({ ok: true })
    }
    for (let time = 0; time < 2; time += 1) {
      expect(scene.execute({ type: 'decline', requestId: 'r1', staffId: 'ana', reason: null })).toEqual({ ok: true })
    }
    expect([scene.count('request.muted'), scene.count('request.unmuted'), scene.count('request.declined')]).toEqual([
      1, 1, 1,
    ])
  })

  it('[C11] holds an event back in time: its instant is never below its predecessor', () => {
    const scene = new DeskFixture().present('ana')
    scene.at -= 5000
    scene.open('r1')
    const instants = scene.events.map(({ at }) => at)
    expect(instants).toEqual([...instants].sort((a, b) => a - b))
  })
})

describe('awaiting', () => {
  it('[A1] lists what somebody muted as muted, and lets them start it from there', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1', { to: { staff: 'ana' } })
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
    expect(awaitingListOf(scene.state, 'ana')).toMatchObject([{ requestId: 'r1', reason: 'muted', since: scene.at }])
    expect(awaitingListOf(scene.state, 'bo')).toEqual([])
    expect(scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })).toMatchObject({ ok: true })
  })

  it('[A2] orders by priority, then by age', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('old')
    scene.pass(1000)
    scene.open('young')
    scene.open('vip', undefined, { priority: 5 })
    expect(awaitingListOf(scene.state, 'ana').map((item) => item.requestId)).toEqual(['vip', 'old', 'young'])
  })

  it('[A3] says over-capacity, missed or waiting when that is why', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 1 }, 'bo').absent('cy')
    scene.open('r1', { to: { staff: ['bo', 'cy'] }, ring: { order: 'listed', offerTimeoutMs: 1000 } })
    scene.pass(1000)
    expect(awaitingListOf(scene.state, 'bo')).toMatchObject([{ reason: 'missed', since: scene.at }])
    expect(awaitingListOf(scene.state, 'cy')).toMatchObject([{ reason: 'waiting' }])
    scene.open('r2')
    scene.open('r3')
    scene.execute({ type: 'accept', requestId: 'r2', staffId: 'ana' })
    expect(awaitingListOf(scene.state, 'ana')).toMatchObject([{ requestId: 'r3', reason: 'over-capacity' }])
  })

  it('[A4] shows a supervisor every open request, those that ring for nobody first', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    scene.open('r2', { steps: [{ to: { team: 'nobody-is-in' } }], whenExhausted: 'hold' })
    expect(supervisorAwaitingList(scene.state).map((item) => [item.requestId, item.request.phase])).toEqual([
      ['r2', 'waiting'],
      ['r1', 'ringing'],
    ])
  })

  it('[A5] keeps the age of a request through release', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    const openedAt = scene.at
    scene.pass(5000)
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.pass(5000)
    scene.execute({ type: 'release', requestId: 'r1', by: 'ana', exclude: false })
    expect(requestView(scene.state, 'r1')?.openedAt).toBe(openedAt)
  })
})

describe('visitors', () => {
  it('[E1] tells every present, available staff member once of a new visitor', () => {
    const scene = new DeskFixture().present('ana', 'bo').absent('cy')
    scene.execute({ type: 'visitorArrived', visitorId: 'v1', facts: {} })
    scene.execute({ type: 'visitorArrived', visitorId: 'v1', facts: {} })
    expect(scene.takeEdges()).toEqual(['visitor v1: ana bo'])
  })

  it('[E2] tells of the same visitor again only after visitorAlertTtlMs', () => {
    const scene = new DeskFixture({ visitorAlertTtlMs: 10_000 }).present('ana')
    scene.execute({ type: 'visitorArrived', visitorId: 'v1', facts: {} })
    scene.execute({ type: 'visitorLeft', visitorId: 'v1' })
    scene.pass(9_999)
    scene.execute({ type: 'visitorArrived', visitorId: 'v1', facts: {} })
    expect(scene.takeEdges()).toHaveLength(1)
    scene.execute({ type: 'visitorLeft', visitorId: 'v1' })
    scene.pass(1)
    scene.execute({ type: 'visitorArrived', visitorId: 'v1', facts: {} })
    expect(scene.takeEdges()).toHaveLength(1)
  })

  it('[E3] tells one person of at most visitorAlertsPerMinuteMax visitors a minute', () => {
    const scene = new DeskFixture({ visitorAlertsPerMinuteMax: 2 }).present('ana')
    for (const id of ['v1', 'v2', 'v3']) scene.execute({ type: 'visitorArrived', visitorId: id, facts: {} })
    expect(scene.takeEdges()).toEqual(['visitor v1: ana', 'visitor v2: ana'])
    scene.pass(60_000)
    scene.execute({ type: 'visitorArrived', visitorId: 'v4', facts: {} })
    expect(scene.takeEdges()).toEqual(['visitor v4: ana'])
  })

  it('[E4] stops ringing at once when the visitor leaves, and rings in the old place when they return', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    scene.takeEdges()
    scene.execute({ type: 'visitorLeft', visitorId: 'v-r1' })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (visitor-away)'])
    scene.pass(59_999)
    scene.execute({ type: 'visitorArrived', visitorId: 'v-r1', facts: {} })
    expect(scene.takeEdges()).toContain('ring r1: ana')
  })

  it('[E5] closes a request as abandoned when its visitor stays away for abandonAfterMs', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    scene.execute({ type: 'visitorLeft', visitorId: 'v-r1' })
    scene.pass(60_000)
    expect(scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })).toMatchObject({ outcome: 'abandoned' })
  })

  it('[E6] refuses more visitors than visitorsMax', () => {
    const scene = new DeskFixture({ visitorsMax: 1 }).present('ana')
    scene.execute({ type: 'visitorArrived', visitorId: 'v1', facts: {} })
    expect(scene.execute({ type: 'visitorArrived', visitorId: 'v2', facts: {} })).toEqual({
      ok: false,
      code: 'limit-exceeded',
      limit: 'visitorsMax',
      max: 1,
    })
  })

  it('[E7] closes a request as expired after maxWaitMs, when the policy has one', () => {
    const scene = new DeskFixture({ maxWaitMs: 30_000 }).present('ana')
    scene.open('r1')
    scene.takeEdges()
    scene.pass(30_000)
    expect(scene.takeEdges()).toEqual(['stop r1: ana (expired)'])
  })
})
