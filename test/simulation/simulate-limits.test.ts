import { describe, expect, it } from 'vitest'
import { simulate } from '../../src/simulation'
import { arrivingAt, buildScenario, exponential, fixed, hourMs, minuteMs, monday, toTeam } from './build-scenario'

/** Everything at once: teams, shifts, several chats each, steps, mutes, people who give up. */
const busy = buildScenario({
  forHours: 24,
  timeZone: 'Europe/Berlin',
  shifts: [
    { id: 'day', timeZone: 'Europe/Berlin', weekly: [{ days: ['mon'], from: '07:00', to: '19:00' }] },
    { id: 'late', timeZone: 'Europe/Berlin', weekly: [{ days: ['mon'], from: '15:00', to: '23:30' }] },
  ],
  staff: Array.from({ length: 9 }, (_, index) => ({
    id: `s${index}`,
    teams: [index % 3 === 0 ? 'servers' : 'billing'],
    shifts: [index % 2 === 0 ? 'day' : 'late'],
    capacity: 1 + (index % 2),
  })),
  workflows: [
    toTeam('server', 'servers', 'server'),
    {
      ...toTeam('bill', 'billing', 'bill'),
      event: { type: 'route', params: { to: { team: 'billing' }, ring: { order: 'longest-idle' } } },
    },
  ],
  arrivals: {
    perHour: 60,
    kinds: [{ share: 2, facts: { topic: 'server' } }, { facts: { topic: 'bill' } }, { facts: { topic: 'other' } }],
  },
  behaviour: {
    answer: { distribution: 'lognormal', meanMs: 9_000, sdMs: 9_000 },
    muteShare: 0.2,
    handling: exponential(6 * minuteMs),
    patience: exponential(5 * minuteMs),
  },
  policy: { maxWaitMs: 20 * minuteMs },
})

describe('simulate at its limits', () => {
  it('[SIM7] does not count requests of the warm-up', () => {
    const scenario = buildScenario({ forHours: 2, warmUpMs: hourMs, arrivals: arrivingAt(10, 50, 70, 80) })
    const { total, series, staff } = simulate(scenario)
    expect(total).toMatchObject({ offered: 2, answered: 2, staffedMs: 3 * hourMs })
    expect(series.map(({ offered }) => offered)).toEqual([0, 0, 2, 0])
    expect(staff.reduce((sum, { answered }) => sum + answered, 0)).toBe(2)
  })

  it('[SIM8] gives a visitor who asks again the open request back, and counts it once', () => {
    const ask = (minute: number, patienceMs: number | null = null) => ({
      ...{ at: monday + minute * minuteMs, facts: {}, visitorId: 'v', patienceMs },
    })
    const staff = [{ id: 'ana', capacity: 1 }]
    const behaviour = { answer: fixed(10 * minuteMs), handling: fixed(minuteMs) }
    const list = [ask(1, 30_000), ask(2), ask(3)]
    const { total } = simulate(buildScenario({ forHours: 1, staff, arrivals: { list }, behaviour }))
    expect(total).toMatchObject({ offered: 1, repeated: 2, abandoned: 1, answered: 0 })
    const keen = simulate(buildScenario({ forHours: 1, staff, arrivals: { list: [ask(1), ask(2)] }, behaviour })).total
    expect(keen).toMatchObject({ offered: 1, repeated: 1, abandoned: 0, answered: 1 })
  })

  it('[SIM8] counts what a limit of the policy refuses', () => {
    const policy = { openRequestsMax: 2 }
    const scenario = buildScenario({ forHours: 1, arrivals: arrivingAt(1, 1, 1, 1), policy })
    const { total, leftOut } = simulate(scenario)
    expect(total).toMatchObject({ offered: 2, refused: 2, answered: 2 })
    const third = { at: scenario.fromAt + minuteMs, visitorId: null }
    expect(leftOut.refused).toMatchObject({ count: 2, first: [third, third] })
    expect(leftOut.of).toBe(4)
  })

  it('[SIM9] tells how far it has come, in order and to the end', () => {
    const seen: number[] = []
    simulate(busy, { onProgress: ({ share }) => seen.push(share) })
    expect(seen.length).toBeGreaterThan(90)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.at(-1)).toBe(1)
  })

  it('refuses a seed that is no whole number, arrivals nobody has read, and arrivals that go back', () => {
    expect(() => simulate(busy, { seed: 0.5 })).toThrow('seed: expected a whole number, got 0.5')
    const unread = buildScenario({ arrivals: { file: 'calls.csv' } })
    expect(() => simulate(unread)).toThrow(/arrivals: expected arrivals that have been read.*got the file calls.csv/)
    const back = function* () {
      yield { at: monday + 2, facts: {} }
      yield { at: monday + 1, facts: {} }
    }
    expect(() => simulate(buildScenario({ arrivals: { list: back() } }))).toThrow(/arrivals.list\[1].at: expected/)
    const unsound = new Set([
      { at: monday, facts: {} },
      { at: monday + 1, patienceMs: Number.NaN },
    ])
    const scenario = buildScenario({ arrivals: { list: unsound as never } })
    expect(() => simulate(scenario)).toThrow(/arrivals.list\[1].facts: expected an object, got undefined\narrivals.*Ms/)
  })
})
