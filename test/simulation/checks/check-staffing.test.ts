import { describe, expect, it } from 'vitest'
import { checkStaffing, type ScenarioInput, simulate } from '../../../src/simulation'
import { arrivingAt, buildScenario, exponential, fixed, minuteMs, monday, toTeam } from '../build-scenario'

const weekday = { id: 'day', timeZone: 'UTC', weekly: [{ days: ['mon' as const], from: '09:00', to: '17:00' }] }
const sunday = { id: 'sunday', timeZone: 'UTC', weekly: [{ days: ['sun' as const], from: '09:00', to: '17:00' }] }

/** `severity code about`, in the order in which they are said. */
function said(changes: Partial<ScenarioInput>): string[] {
  return checkStaffing(buildScenario(changes)).map(({ severity, code, about }) => `${severity} ${code} ${about}`)
}

describe('a scenario that cannot be staffed', () => {
  it('[SIM16] is silent about one that can', () => {
    expect(said({})).toEqual([])
    expect(said({ workflows: [toTeam('w', 'desk', 'a')], shifts: [weekday], forHours: 24 })).toEqual([])
  })

  it('[SIM16] has nobody on the roster, or nobody on shift at any time', () => {
    expect(said({ staff: [] })).toEqual(['error never-present staff'])
    const staff = [{ id: 'ana', shifts: ['sunday'] }]
    expect(said({ staff, shifts: [sunday] })).toContain('error never-present staff')
    expect(said({ staff: [...staff, { id: 'bo' }], shifts: [sunday] })).toEqual(['warning never-present ana'])
    expect(said({ staff: [{ id: 'ana', shifts: ['dya'] }, { id: 'bo' }], shifts: [weekday] })).toEqual([
      ...['warning unknown-shift ana', 'warning never-present ana'],
    ])
  })

  it('[SIM16] routes to a team that is unknown, a shift that is unknown, or people who are never on shift', () => {
    expect(said({ workflows: [toTeam('w', 'desc', 'a')] })).toEqual(['warning empty-audience w'])
    const held = (to: object) => ({
      ...toTeam('w', '', 'a'),
      event: { type: 'route', params: { steps: [{ to }], whenExhausted: 'hold' } },
    })
    expect(said({ workflows: [held({ team: 'desc' })] })).toEqual(['error empty-audience w'])
    const staff = [{ id: 'ana', teams: ['night'], shifts: ['sunday'] }, { id: 'bo' }]
    const shifts = [sunday, weekday]
    expect(said({ staff, shifts, workflows: [held({ team: 'night' })] })).toContain('error never-on-shift w')
    expect(said({ staff, shifts, workflows: [held({ shift: 'nihgt' })] })).toContain('error unknown-shift w')
  })

  it('[SIM16] has requests while nobody is there, and says when on the clocks of its zone', () => {
    const staff = [{ id: 'ana', shifts: ['day'], capacity: 50 }]
    const scenario = buildScenario({ staff, shifts: [weekday], forHours: 24, timeZone: 'Europe/Berlin' })
    expect(checkStaffing(scenario)).toEqual([
      {
        ...{ severity: 'warning', code: 'hours-uncovered', about: 'staff' },
        message: 'requests come while nobody is on shift: 2026-11-23 01:00 to 10:00, 2026-11-23 18:00 to 01:00',
      },
    ])
  })

  it('[SIM16] has more work than people, over all, for a while, or for one audience', () => {
    const much = { arrivals: { perHour: 60 } }
    expect(said(much)).toEqual(['error overloaded the default route'])
    const behaviour = { handling: fixed(4 * minuteMs), patience: exponential(minuteMs) }
    expect(said({ ...much, behaviour })).toEqual(['warning overloaded the default route'])
    expect(said({ arrivals: { perHour: 44 } })).toEqual(['warning close-to-capacity the default route'])
    const rush = Array.from({ length: 24 }, (_, hour) => (hour === 2 ? 90 : 5))
    expect(said({ arrivals: { perHour: rush } })).toEqual(['warning overloaded staff'])
    const kinds = [{ facts: { topic: 'a' } }, { facts: { topic: 'b' } }]
    const staff = [...['ana', 'bo', 'cy'].map((id) => ({ id, teams: ['b'] })), { id: 'dan', teams: ['a'], capacity: 1 }]
    const workflows = [toTeam('to a', 'a', 'a'), toTeam('to b', 'b', 'b')]
    expect(said({ staff, workflows, arrivals: { perHour: 40, kinds } })).toEqual(['error overloaded to a'])
  })

  it('[SIM16] counts the wrap-up and the lengths that arrivals bring as work', () => {
    expect(said({ arrivals: { perHour: 40 }, policy: { wrapUpMs: minuteMs } })).toEqual([
      'error overloaded the default route',
    ])
    const list = Array.from({ length: 100 }, (_, index) => ({
      ...{ at: monday + index * 4 * minuteMs, facts: {}, handlingMs: 20 * minuteMs },
    }))
    expect(said({ arrivals: { list } })).toEqual(['error overloaded the default route'])
    expect(said({ arrivals: { list: list.map(({ at, facts }) => ({ at, facts })) } })).toEqual([])
  })

  it('[SIM16] has no arrivals, requests that nobody has room for, or offers shorter than answers', () => {
    expect(said({ arrivals: { perHour: 0 } })).toEqual(['warning no-arrivals arrivals'])
    expect(said({ arrivals: arrivingAt() })).toEqual(['warning no-arrivals arrivals'])
    const kinds = [{ facts: {}, weight: 2 }]
    expect(said({ arrivals: { perHour: 1, kinds } })).toEqual(['error too-heavy the default route'])
    const defaultRoute = { to: 'everyone', ring: { order: 'longest-idle', offerTimeoutMs: 3_000 } } as const
    expect(said({ defaultRoute })).toEqual(['warning answers-too-slowly the default route'])
  })

  it('[SIM16] is said in the result too', () => {
    const scenario = buildScenario({ arrivals: { perHour: 60 }, forHours: 1 })
    expect(simulate(scenario).findings).toEqual(checkStaffing(scenario))
  })
})
