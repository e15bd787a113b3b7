import { describe, expect, it } from 'vitest'
import type { Command, Ring, Target } from '../../../src/core'
import { completeRoute, countAvailable, countWaiting, decide, emptyState, evolve } from '../../../src/core'

const everyone = { workflow: null, priority: 0, tags: [] }

/** The state after these commands. */
function stateAfter(...commands: readonly Command[]) {
  const state = emptyState()
  for (const command of commands) for (const event of decide(state, command).events) evolve(state, event)
  return state
}

const roster: Command[] = [
  { type: 'setShifts', shifts: [{ id: 'us', timeZone: 'UTC', weekly: [] }], times: [], at: 0 },
  { type: 'setStaff', staff: { id: 'ana', teams: ['servers'], shifts: ['us', 'nobody-knows'], capacity: 1 }, at: 0 },
  { type: 'setStaff', staff: { id: 'bo', teams: ['servers', 'billing'] }, at: 0 },
  { type: 'setStaff', staff: { id: 'cy', teams: ['billing'] }, at: 0 },
  { type: 'connect', staffId: 'ana', sessionId: 't', at: 0 },
  { type: 'connect', staffId: 'bo', sessionId: 't', at: 0 },
]

const request = (requestId: string, to: Target, ring: Ring = 'all'): Command => {
  const routingResult = { ...everyone, route: completeRoute({ steps: [{ to, ring }], whenExhausted: 'hold' }) }
  return { type: 'requestChat', requestId, visitorId: requestId, facts: {}, weight: null, routingResult, at: 0 }
}

describe('the counts that workflows may read', () => {
  it.each([
    [[]],
    [[request('r1', 'everyone'), request('r2', { team: 'servers' }), request('r3', { team: 'billing' })]],
  ])('[D49] name those who could be rung now, also where requests wait already', (waiting) => {
    const state = stateAfter(...roster, ...waiting)
    expect(countAvailable(state, 'everyone')).toBe(2)
    expect(countAvailable(state, { team: 'servers' })).toBe(2)
    expect(countAvailable(state, { team: 'billing' })).toBe(1)
    expect(countAvailable(state, { team: 'servers', shift: 'us' })).toBe(0)
    expect(countAvailable(state, { staff: 'cy' })).toBe(0)
    expect(countAvailable(state, { shift: 'nobody-knows' })).toBe(0)
  })

  it('[D49] leave out who is away, full or off shift', () => {
    const opened = [...roster, request('r1', { team: 'servers' })]
    const full = stateAfter(...opened, { type: 'accept', requestId: 'r1', staffId: 'ana', at: 0 })
    expect(countAvailable(full, { team: 'servers' })).toBe(1)
    const away = stateAfter(...opened, { type: 'setAvailability', staffId: 'bo', availability: 'away', at: 0 })
    expect(countAvailable(away, { team: 'servers' })).toBe(1)
    const on = stateAfter(...opened, {
      type: 'setShifts',
      shifts: [{ id: 'us', timeZone: 'America/New_York', weekly: [] }],
      times: [{ shiftId: 'us', isOn: true, nextBoundaryAt: null }],
      at: 0,
    })
    expect(countAvailable(on, { team: 'servers', shift: 'us' })).toBe(1)
  })

  it('[D49] name the open requests at a step with that target, however it is written', () => {
    const state = stateAfter(
      ...roster,
      request('r1', { team: ['servers', 'billing'] }),
      request('r2', { team: ['billing', 'servers'] }),
      request('r3', { team: 'servers' }),
      request('r4', { team: 'servers' }, { order: 'least-loaded' }),
      { type: 'accept', requestId: 'r2', staffId: 'bo', at: 0 },
    )
    expect(countWaiting(state, { team: ['billing', 'servers', 'billing'] })).toBe(1)
    expect(countWaiting(state, { team: 'servers' })).toBe(2)
    expect(countWaiting(state, 'everyone')).toBe(0)
  })
})
