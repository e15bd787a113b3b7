import { describe, expect, it } from 'vitest'
import { type RequestStats, simulate } from '../../src/simulation'
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

describe('simulate', () => {
  it('[SIM1] gives the same result to the last bit for the same seed, and another for another', () => {
    const one = simulate(busy, { seed: 7 })
    expect(simulate(busy, { seed: 7 })).toEqual(one)
    expect(JSON.stringify(simulate(busy, { seed: 7 }))).toBe(JSON.stringify(one))
    expect(simulate(busy, { seed: 8 }).total.waitMs).not.toEqual(one.total.waitMs)
    expect(one.total.offered).toBeGreaterThan(1_000)
  })

  it('[SIM2] counts each request once as answered, abandoned, expired or still open', () => {
    const { total } = simulate(busy, { seed: 3 })
    expect(endsOf(total)).toBe(total.offered)
    expect(Math.min(total.answered, total.abandoned, total.unattended, total.muted, total.missed)).toBeGreaterThan(10)
    const hurried = simulate(buildScenario({ ...patient, policy: { maxWaitMs: 90_000 } })).total
    expect(hurried.expired).toBeGreaterThan(10)
    expect(endsOf(hurried)).toBe(hurried.offered)
    const slow = simulate(buildScenario(patient)).total
    expect(slow.stillOpen).toBeGreaterThan(10)
    expect(endsOf(slow)).toBe(slow.offered)
  })

  it('[SIM2] adds up intervals, hours, workflows, teams and people to the total', () => {
    const { total, series, byHour, workflows, teams, staff, intervalMs } = simulate(busy, { seed: 4 })
    for (const key of ['offered', 'answered', 'abandoned', 'stillOpen', 'unattended', 'answeredInTime'] as const) {
      for (const rows of [series, byHour, workflows, teams]) expect(sumOf(rows, key), key).toBe(total[key])
    }
    for (const rows of [series, byHour, staff]) expect(sumOf(rows, 'staffedMs')).toBe(total.staffedMs)
    for (const team of teams) expect(sumOf(team.byHour, 'offered')).toBe(team.offered)
    expect(sumOf(staff, 'answered')).toBe(total.answered)
    expect(sumOf(staff, 'muted')).toBe(total.muted)
    expect(series.map(({ at }) => at)).toEqual(series.map((_, index) => monday + index * intervalMs))
    expect(series).toHaveLength(48)
    const queue = series.reduce((sum, { queueLength }) => sum + queueLength, 0) / series.length
    expect(queue).toBeCloseTo(total.meanQueueLength, 9)
    expect(Math.max(...series.map(({ maxQueueLength }) => maxQueueLength))).toBe(total.maxQueueLength)
  })

  it('[SIM2] keeps Little’s law: the mean queue is the rate of arrivals times the mean time in it', () => {
    const { total } = simulate(buildScenario({ forHours: 400, behaviour: overBooked }), { seed: 2 })
    const perMs = total.offered / (400 * hourMs)
    expect(total.meanQueueLength).toBeCloseTo(perMs * (total.meanQueueMs ?? 0), 1)
    expect(total.meanQueueLength).toBeGreaterThan(0.2)
  })

  it('[SIM3] lets a visitor wait until somebody is free and has answered', () => {
    const scenario = buildScenario({ forHours: 1, arrivals: arrivingAt(1, 1, 1, 1, 1), intervalMs: 10 * minuteMs })
    const { total, series, staff } = simulate(scenario)
    expect(total.waitMs).toMatchObject({ max: 4 * minuteMs + 10_000 })
    expect(total.waitMs?.mean).toBe((3 * 5_000 + 2 * (4 * minuteMs + 10_000)) / 5)
    expect(total.delayed).toBe(5)
    expect(total.serviceLevel).toBe(3 / 5)
    expect(total.maxQueueLength).toBe(5)
    expect(total.occupancy).toBeCloseTo(20 / 180, 9)
    expect(series[0]).toMatchObject({ offered: 5, answered: 5, staffed: 3, maxQueueLength: 5 })
    expect(series[0]?.queueLength).toBeCloseTo((3 * 5 + 2 * 250) / 600, 9)
    expect(series[0]?.occupancy).toBeCloseTo(20 / 30, 9)
    expect(staff.map(({ answered }) => answered).sort()).toEqual([1, 2, 2])
  })

  it('[SIM3] has people answer one ring after the other', () => {
    const staff = [{ id: 'ana', capacity: 3 }]
    const behaviour = { answer: fixed(10_000), handling: fixed(10 * minuteMs) }
    const { total } = simulate(buildScenario({ forHours: 1, staff, arrivals: arrivingAt(1, 1, 1), behaviour }))
    expect(total).toMatchObject({ answered: 3, waitMs: { mean: 20_000, max: 30_000 }, load: 1 / 6 })
  })

  it('[SIM3] shows a visitor who waits in every interval', () => {
    const staff = [{ id: 'ana', teams: ['a'], capacity: 1 }]
    const { series } = simulate(buildScenario({ forHours: 2, staff, arrivals: arrivingAt(1, 2), behaviour: slow }))
    expect(series.map(({ maxQueueLength }) => maxQueueLength)).toEqual([1, 1, 1, 1])
    expect(series.map(({ queueLength }) => queueLength)).toEqual([28 / 30, 1, 1, 1])
    expect(series.map(({ offered, stillOpen }) => [offered, stillOpen])).toEqual([
      [2, 1],
      [0, 0],
      [0, 0],
      [0, 0],
    ])
  })

  it('[SIM4] ends waiting once, by whichever comes first', () => {
    for (const [maxWaitMs, patienceMs] of [
      [minuteMs, 5 * minuteMs],
      [5 * minuteMs, minuteMs],
    ] as const) {
      const list = [
        { at: monday, facts: {} },
        { at: monday + minuteMs, facts: {}, patienceMs },
      ]
      const { total } = simulate(
        buildScenario({
          forHours: 1,
          staff: [{ id: 'ana', capacity: 1 }],
          arrivals: { list },
          behaviour: slow,
          policy: { maxWaitMs },
        }),
      )
      expect([total.answered, total.abandoned + total.expired]).toEqual([1, 1])
      expect(total.meanQueueLength).toBeCloseTo(1 / 60, 9)
    }
  })

  it('[SIM4] lets a visitor go when the patience is over, with the place kept or not', () => {
    const behaviour = { answer: fixed(30_000), handling: fixed(minuteMs), patience: fixed(10_000) }
    for (const abandonAfterMs of [0, minuteMs, 2 * hourMs]) {
      const scenario = buildScenario({ forHours: 1, arrivals: arrivingAt(5), behaviour, policy: { abandonAfterMs } })
      const { total } = simulate(scenario)
      expect(total).toMatchObject({ answered: 0, abandoned: 1, stillOpen: 0, meanQueueMs: 10_000, abandonment: 1 })
      expect(total.meanQueueLength).toBeCloseTo(10 / 3_600, 9)
    }
  })

  it('[SIM4] takes what an arrival says of its chat and patience before what is drawn', () => {
    const at = monday + minuteMs
    const list = [
      { at, facts: {}, handlingMs: 7 * minuteMs },
      { at: at + 1, facts: {}, patienceMs: 1_000 },
      { at: at + 2, facts: {}, patienceMs: null },
    ]
    const behaviour = { answer: fixed(5_000), handling: fixed(minuteMs), patience: fixed(2_000) }
    const { total, staff } = simulate(buildScenario({ forHours: 1, arrivals: { list }, behaviour }))
    expect(total).toMatchObject({ offered: 3, abandoned: 2, answered: 1 })
    expect(staff.reduce((sum, { occupancy }) => sum + (occupancy ?? 0), 0)).toBeCloseTo(1 / 60, 9)
  })

  it('[SIM5] has people there while one of their shifts is on, and lets them finish their chats', () => {
    const weekly = [{ days: ['mon' as const], from: '09:00', to: '10:00' }]
    const scenario = buildScenario({
      forHours: 24,
      shifts: [{ id: 'hour', timeZone: 'UTC', weekly }],
      staff: [{ id: 'ana', shifts: ['hour'], capacity: 1 }],
      arrivals: arrivingAt(8 * 60, 9 * 60 + 59, 11 * 60),
      behaviour: { handling: fixed(5 * minuteMs) },
    })
    const { total, staff, byHour } = simulate(scenario)
    expect(total).toMatchObject({ offered: 3, answered: 2, stillOpen: 1, staffedMs: hourMs })
    expect(total.waitMs?.max).toBe(hourMs)
    expect(total.unattended).toBe(2)
    expect(staff[0]?.occupancy).toBeCloseTo(6 / 60, 9)
    expect(byHour.filter(({ staffedMs }) => staffedMs > 0).map(({ hour }) => hour)).toEqual([9])
  })

  it('[SIM6] lets the one who mutes alone, and rings them again when the desk reminds', () => {
    const behaviour = { answer: fixed(1_000), muteShare: 1, handling: fixed(minuteMs) }
    const { total, staff } = simulate(buildScenario({ forHours: 0.05, arrivals: arrivingAt(0.5), behaviour }))
    expect(total).toMatchObject({ answered: 0, stillOpen: 1, unattended: 1 })
    expect(staff.map(({ muted }) => muted)).toEqual([3, 3, 3])
  })

  it('[SIM6] [SIM14] lets the next of many act at a time of their own when one mutes', () => {
    const behaviour = { answer: exponential(60_000), muteShare: 0.5, handling: fixed(0) }
    const policy = { remindAfterMs: null, openRequestsMax: 10_000_000, unattendedAfterMs: 300 * 24 * hourMs }
    const scenario = buildScenario({ forHours: 2_000, arrivals: { perHour: 1 }, behaviour, policy })
    const { total } = simulate(scenario)
    // The first of three after 20 s on average, the second after 50 s, the third after 110 s; all mute an eighth.
    const mean = (20_000 / 2 + 50_000 / 4 + 110_000 / 8) / (7 / 8)
    expect(Math.abs((total.waitMs?.mean ?? 0) / mean - 1)).toBeLessThan(0.1)
    expect(Math.abs(total.stillOpen / total.offered - 1 / 8)).toBeLessThan(0.03)
  })

  it('[SIM6] brings back after a while whom the desk has set away for not answering', () => {
    const scenario = buildScenario({
      ...{ forHours: 1, staff: [{ id: 'ana', capacity: 1 }], arrivals: arrivingAt(1, 20) },
      defaultRoute: { steps: [{ to: { staff: 'ana' }, ring: { order: 'listed' } }], whenExhausted: 'hold' },
      policy: { missedOffersMax: 1, awayAfterMissedOffers: true },
      behaviour: { answer: fixed(30_000), awayDuration: fixed(10 * minuteMs), handling: fixed(minuteMs) },
    })
    const { total, staff } = simulate(scenario)
    // Offers last 20 s: the first at 1:00, then one each time that ana is back, ten minutes later.
    expect(total).toMatchObject({ answered: 0, missed: 6, stillOpen: 2 })
    expect(staff[0]?.staffedMs).toBe(minuteMs + 6 * 20_000)
  })
})

/** More work than three people can do, for visitors who wait for ever. */
const patient = { behaviour: { answer: fixed(5_000), handling: fixed(12 * minuteMs) }, forHours: 4 }
const slow = { handling: fixed(9 * hourMs) }
const overBooked = { answer: fixed(0), handling: exponential(8 * minuteMs), patience: exponential(6 * minuteMs) }

function endsOf({ answered, abandoned, expired, stillOpen }: RequestStats): number {
  return answered + abandoned + expired + stillOpen
}

function sumOf<Key extends string>(rows: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return rows.reduce((sum, row) => sum + row[key], 0)
}
