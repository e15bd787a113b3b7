import { describe, expect, it } from 'vitest'
import {
  completeRoute,
  defaultPolicy,
  restoreState,
  type Shift,
  toStateSnapshot,
  workflowBytesMax,
  workflowsMax,
} from '../../../src/core'
import { DeskFixture, type UntimedCommand } from '../desk-fixture'

const pair = { requestId: 'r1', staffId: 'bo' }
const routingResult = { workflow: null, route: completeRoute({ to: 'everyone' }), priority: 0, tags: [] }

/** How many events an ask brings, with all that follows from it at once. */
function news(scene: DeskFixture, asked: UntimedCommand): number {
  const before = scene.events.length
  expect(scene.execute(asked)).toMatchObject({ ok: true })
  return scene.events.length - before
}

describe('answers', () => {
  it('name the staff member who has the request, whatever command comes too late', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    const taken = { ok: false, code: 'taken', requestId: 'r1', by: 'ana' }
    const late: UntimedCommand[] = [
      { type: 'mute', ...pair },
      { type: 'unmute', ...pair },
      { type: 'snooze', ...pair, forMs: 1_000 },
      { type: 'decline', ...pair, reason: null },
      { type: 'reroute', requestId: 'r1', routingResult },
      { type: 'end', ...pair },
      { type: 'replied', ...pair },
      { type: 'release', ...pair, by: 'bo', exclude: false },
      { type: 'transfer', ...pair, by: 'bo', route: routingResult.route },
    ]
    for (const asked of late) expect(scene.execute(asked), asked.type).toEqual(taken)
  })

  it('say that a request is not assigned, or unknown, to a command about a chat', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    const chat = (requestId: string): UntimedCommand[] => [
      { type: 'end', requestId },
      { type: 'replied', requestId },
      { type: 'release', requestId, by: 'ana', exclude: false },
      { type: 'transfer', requestId, by: 'ana', staffId: 'ana', route: routingResult.route },
    ]
    for (const asked of chat('r1'))
      expect(scene.execute(asked)).toEqual({ ok: false, code: 'not-assigned', requestId: 'r1' })
    for (const asked of chat('r9')) {
      expect(scene.execute(asked)).toEqual({ ok: false, code: 'unknown-request', requestId: 'r9' })
    }
    scene.execute({ type: 'cancel', requestId: 'r1', reason: null })
    for (const asked of chat('r1').slice(0, 3))
      expect(scene.execute(asked)).toEqual({ ok: false, code: 'not-assigned', requestId: 'r1' })
  })

  it('say that nobody knows the person, whatever is asked', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    const unknown = { requestId: 'r1', staffId: 'zoe' }
    const asks: UntimedCommand[] = [
      { type: 'accept', ...unknown },
      { type: 'assign', ...unknown, by: 'boss' },
      { type: 'mute', ...unknown },
      { type: 'unmute', ...unknown },
      { type: 'snooze', ...unknown, forMs: 1_000 },
      { type: 'decline', ...unknown, reason: null },
      { type: 'connect', staffId: 'zoe', sessionId: 'tab' },
      { type: 'disconnect', staffId: 'zoe', sessionId: 'tab' },
      { type: 'setAvailability', staffId: 'zoe', availability: 'away' },
      { type: 'removeStaff', staffId: 'zoe' },
    ]
    for (const asked of asks) {
      expect(scene.execute(asked), asked.type).toEqual({ ok: false, code: 'unknown-staff', staffId: 'zoe' })
    }
  })

  it('say that no workflow has the name, and that no more workflows fit', () => {
    const scene = new DeskFixture()
    const unknown = { ok: false, code: 'unknown-workflow', name: 'w' }
    expect(scene.execute({ type: 'removeWorkflow', name: 'w' })).toEqual(unknown)
    const workflows = Array.from({ length: workflowsMax }, (_, index) => ({ name: `w${index}` }))
    scene.execute({ type: 'setWorkflows', workflows })
    const full = { ok: false, code: 'limit-exceeded', limit: 'workflowsMax', max: workflowsMax }
    expect(scene.execute({ type: 'setWorkflow', workflow: { name: 'w' } })).toEqual(full)
    expect(news(scene, { type: 'setWorkflow', workflow: { name: 'w7', priority: 2 } })).toBe(1)
    expect(news(scene, { type: 'removeWorkflow', name: 'w8' })).toBe(1)
    expect(news(scene, { type: 'setWorkflow', workflow: { name: 'w' } })).toBe(1)
  })

  it('say that the workflows are too large, and count those that are replaced or removed no more', () => {
    const scene = new DeskFixture()
    const workflow = (name: string, mebibytes: number) => ({ name, text: 'x'.repeat(mebibytes * 1_024 * 1_024) })
    const set = (name: string, mebibytes: number) =>
      scene.execute({ type: 'setWorkflow', workflow: workflow(name, mebibytes) })
    scene.execute({ type: 'setWorkflows', workflows: [workflow('a', 1), workflow('b', 2)] })
    const full = { ok: false, code: 'limit-exceeded', limit: 'workflowBytesMax', max: workflowBytesMax }
    expect(set('c', 1)).toEqual(full)
    expect(set('a', 2)).toEqual(full)
    expect(set('b', 1)).toMatchObject({ ok: true })
    expect(set('c', 1)).toMatchObject({ ok: true })
    expect(set('d', 1)).toEqual(full)
    scene.execute({ type: 'removeWorkflow', name: 'c' })
    expect(restoreState(toStateSnapshot(scene.state)).bytes).toEqual(scene.state.bytes)
    expect(set('d', 1)).toMatchObject({ ok: true })
    scene.execute({ type: 'setWorkflows', workflows: [] })
    expect(scene.state.bytes.workflows).toBe(0)
  })

  it('let the workflows be as large as they may to the byte', () => {
    const sizeOf = (workflow: object) => Buffer.byteLength(JSON.stringify(workflow))
    const [known, workflow] = [{ name: 'known' }, { name: 'é' }]
    const scene = new DeskFixture()
    scene.execute({ type: 'setWorkflows', workflows: [known] })
    scene.state.bytes.workflows = workflowBytesMax - sizeOf(workflow)
    const full = { ok: false, code: 'limit-exceeded', limit: 'workflowBytesMax', max: workflowBytesMax }
    expect(scene.execute({ type: 'setWorkflow', workflow: { name: 'é!' } })).toEqual(full)
    expect(scene.execute({ type: 'setWorkflow', workflow })).toMatchObject({ ok: true })
    expect(scene.state.bytes.workflows).toBe(workflowBytesMax)
    expect(scene.execute({ type: 'setWorkflow', workflow: { ...known, a: 1 } })).toEqual(full)
  })

  it('give the assignment again when somebody gets what they have', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    const assign = { type: 'assign', requestId: 'r1', staffId: 'ana', by: 'boss' } as const
    expect(scene.execute(assign)).toEqual({ ok: true, assignmentId: 'r1/1', already: false })
    expect(scene.execute(assign)).toEqual({ ok: true, assignmentId: 'r1/1', already: true })
    expect(scene.execute({ ...assign, staffId: 'bo' })).toEqual({ ok: true, assignmentId: 'r1/2', already: false })
    expect(scene.count('request.accepted')).toBe(2)
  })

  it('change nothing when what is asked is so already', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    const same = (asked: UntimedCommand, first = 1) => {
      expect(news(scene, asked), asked.type).toBe(first)
      expect(news(scene, asked), asked.type).toBe(0)
    }
    const shift: Shift = { id: 'day', timeZone: 'UTC', weekly: [] }
    same({ type: 'unmute', ...pair }, 0)
    same({ type: 'mute', ...pair })
    same({ type: 'snooze', ...pair, forMs: 1_000 })
    same({ type: 'unmute', ...pair })
    same({ type: 'decline', ...pair, reason: 'busy' })
    same({ type: 'disconnect', staffId: 'bo', sessionId: 'phone' }, 0)
    same({ type: 'connect', staffId: 'bo', sessionId: 'phone' })
    same({ type: 'setAvailability', staffId: 'bo', availability: 'away' })
    same({ type: 'setStaff', staff: { id: 'bo', teams: ['servers'] } })
    same({ type: 'setWorkflows', workflows: [{ name: 'w' }] })
    same({ type: 'setWorkflow', workflow: { name: 'v' } })
    same({ type: 'setShifts', shifts: [shift], times: [{ shiftId: 'day', isOn: false, nextBoundaryAt: null }] })
    same({ type: 'setPolicy', policy: { ...defaultPolicy, sessionLeaseMs: null, capacity: 7 } })
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    same({ type: 'replied', requestId: 'r1' })
    same({ type: 'visitorWrote', requestId: 'r1' })
    same({ type: 'replied', requestId: 'r1' })
  })

  it('decline for good: a staff member who has declined is refused, with the reason', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'decline', ...pair, reason: null })
    const refusal = { ok: false, code: 'not-in-audience', requestId: 'r1', staffId: 'bo', reason: 'declined' }
    expect(scene.execute({ type: 'mute', ...pair })).toEqual(refusal)
    expect(scene.execute({ type: 'accept', ...pair })).toEqual(refusal)
    scene.open('r2', { steps: [{ to: { team: 'servers' } }], whenExhausted: 'hold' })
    expect(scene.execute({ type: 'decline', requestId: 'r2', staffId: 'bo', reason: null })).toMatchObject({
      code: 'not-in-audience',
      reason: 'not-in-team',
    })
  })

  it('refuse a request beyond the limits, and say which', () => {
    const scene = new DeskFixture({ openRequestsMax: 2 }).present('ana')
    scene.open('r1')
    scene.open('r2')
    const full = { ok: false, code: 'limit-exceeded', limit: 'openRequestsMax', max: 2 }
    expect(scene.open('r3')).toEqual(full)
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    expect(scene.open('r3')).toMatchObject({ ok: true })
    expect(scene.open('r4')).toEqual(full)
    const steady = new DeskFixture({ requestsPerMinuteMax: 2 })
    steady.at = 1_020_000
    for (const requestId of ['r1', 'r2']) expect(steady.open(requestId)).toMatchObject({ ok: true })
    steady.at += 60_000
    for (const requestId of ['r3', 'r4']) expect(steady.open(requestId)).toMatchObject({ ok: true })
    expect(steady.open('r5')).toMatchObject({ limit: 'requestsPerMinuteMax' })
    const hasty = new DeskFixture({ requestsPerMinuteMax: 1 })
    hasty.at = 1_020_000
    hasty.open('r1')
    hasty.at += 59_999
    expect(hasty.open('r2')).toEqual({ ok: false, code: 'limit-exceeded', limit: 'requestsPerMinuteMax', max: 1 })
    hasty.at += 1
    expect(hasty.open('r2')).toMatchObject({ ok: true })
    expect(hasty.open('r3')).toMatchObject({ code: 'limit-exceeded' })
    const small = new DeskFixture({ visitorsMax: 1 })
    small.execute({ type: 'visitorArrived', visitorId: 'v1', facts: {} })
    expect(small.execute({ type: 'visitorArrived', visitorId: 'v2', facts: {} })).toEqual({
      ok: false,
      code: 'limit-exceeded',
      limit: 'visitorsMax',
      max: 1,
    })
    expect(small.execute({ type: 'visitorArrived', visitorId: 'v1', facts: { page: '/b' } })).toMatchObject({
      ok: true,
    })
  })

  it('refuse an id that is in use or was', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    const again = {
      type: 'requestChat',
      requestId: 'r1',
      visitorId: 'v9',
      facts: {},
      weight: null,
      routingResult,
    } as const
    expect(scene.execute(again)).toEqual({ ok: false, code: 'duplicate-id', requestId: 'r1' })
    scene.execute({ type: 'cancel', requestId: 'r1', reason: null })
    expect(scene.execute(again)).toEqual({ ok: false, code: 'duplicate-id', requestId: 'r1' })
  })
})
