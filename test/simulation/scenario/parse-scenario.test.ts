import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../../src/core'
import { parseScenario, readArrivals } from '../../../src/simulation'
import { monday } from '../build-scenario'

describe('parseScenario', () => {
  it('[SIM17] refuses a malformed scenario with every problem and its path', () => {
    const scenario = {
      from: '2026-02-30T00:00:00Z',
      forHours: 0,
      timeZone: 'Mars/Olympus',
      intervalMs: 5,
      serviceLevelMs: -1,
      staff: [
        { id: 'ana', capacity: -1 },
        { id: 'bo', sklls: {} },
      ],
      shifts: [{ id: 'day', timeZone: 'UTC', weekly: [{ days: ['mo'], from: '9', to: '17:00' }] }],
      workflows: [{ name: 'w', conditions: { all: [] }, event: { type: 'route', params: { to: {} } } }],
      policy: { offerTimeoutMs: 0 },
      arrivals: { perHour: [1, 2, 3], kinds: [{ share: 0 }] },
      behaviour: {
        answer: { distribution: 'normal', meanMs: 1 },
        handling: { distribution: 'exponential', meanMs: 0 },
        muteShare: 2,
        patience: { distribution: 'empirical', valuesMs: [] },
        groups: [{ who: { tem: 'a' } }],
      },
      colour: 'red',
    }
    const paths = problemsOf(() => parseScenario(scenario))
    const expected = [
      ...['colour', 'from', 'forHours', 'intervalMs', 'serviceLevelMs', 'timeZone'],
      ...['workflows[0].conditions.all', 'workflows[0].event.params.to', 'policy.offerTimeoutMs'],
      ...['staff[0].capacity', 'staff[1].sklls', 'shifts[0].weekly[0].days[0]', 'shifts[0].weekly[0].from'],
      ...['arrivals.perHour', 'arrivals.kinds[0].share', 'behaviour.answer.distribution'],
      ...['behaviour.handling.meanMs', 'behaviour.muteShare', 'behaviour.patience.valuesMs'],
      'behaviour.groups[0].who.tem',
    ]
    expect(paths.sort()).toEqual(expected.sort())
  })

  it.each([
    [undefined, 'input'],
    [[], 'input'],
    [{}, 'from'],
    [{ from: 0 }, 'staff'],
    [{ from: 0, staff: [], arrivals: {}, behaviour: {} }, 'arrivals'],
    [{ from: 0, staff: [], arrivals: { list: 'x' }, behaviour: {} }, 'arrivals.list'],
    [{ from: 0, staff: [], arrivals: { list: [], extra: 1 }, behaviour: {} }, 'arrivals.extra'],
    [{ from: 0, staff: [], arrivals: { list: [{ at: 1.5 }] }, behaviour: {} }, 'arrivals.list[0].at'],
    [{ from: 0, staff: [], arrivals: { file: 'a', format: 'xls' }, behaviour: {} }, 'arrivals.format'],
    [{ from: 0, staff: [], arrivals: { file: 'a', columns: { time: 'x' } }, behaviour: {} }, 'arrivals.columns.time'],
    [{ from: 0, staff: [], arrivals: { perHour: 1, kinds: [] }, behaviour: {} }, 'arrivals.kinds'],
    [{ from: 0, staff: [], arrivals: { perHour: 1 }, behaviour: 'fast' }, 'behaviour'],
    [{ from: 0, staff: [{ id: 'a' }, { id: 'a' }], arrivals: { perHour: 1 }, behaviour: {} }, 'staff[1].id'],
  ])('[SIM17] says where %j is wrong', (input, path) => {
    expect(problemsOf(() => parseScenario(input))).toContain(path)
  })

  it('[SIM17] fills in every default, and shares nothing with what it was given', () => {
    const input = {
      from: '2026-11-23T00:00:00+01:00',
      staff: [{ id: 'ana', teams: ['a'] }],
      arrivals: { perHour: Array.from({ length: 24 }, (_, hour) => hour) },
      behaviour: { handling: { distribution: 'fixed', ms: 1 } },
    }
    const scenario = parseScenario(input)
    expect(scenario).toMatchObject({
      ...{ name: null, fromAt: monday - 3_600_000, untilAt: monday + 23 * 3_600_000, warmUpMs: 0 },
      ...{ intervalMs: 1_800_000, timeZone: 'UTC', serviceLevelMs: 20_000, shifts: [], workflows: [] },
      policy: { capacity: 5, sessionLeaseMs: null },
      behaviour: { answer: { distribution: 'fixed', ms: 0 }, muteShare: 0, patience: null, groups: [] },
    })
    if (scenario.arrivals.from !== 'rate') throw new Error('expected a rate')
    expect(scenario.arrivals.perHour).toHaveLength(168)
    expect(scenario.arrivals.perHour.slice(22, 26)).toEqual([22, 23, 0, 1])
    input.staff[0]?.teams.push('b')
    input.behaviour.handling.ms = 9
    expect(scenario.staff[0]?.teams).toEqual(['a'])
    expect(scenario.behaviour.handling).toEqual({ distribution: 'fixed', ms: 1 })
  })
})

describe('lines that are no arrivals', () => {
  const jsonl = ['{"at":1000}', 'nonsense', '{"at":"tomorrow"}', '', '[1]', '{"at":2000,"weight":0}', '{"at":500}']

  it('[SIM18] are left out and reported with their numbers, and the rest is in order of time', () => {
    const columns = { weight: 'weight' }
    const { arrivals, problems } = readArrivals(jsonl, { columns })
    expect(arrivals.map(({ at }) => at)).toEqual([500, 1_000])
    expect(problems).toEqual([
      { line: 2, message: 'expected a JSON object, got "nonsense"' },
      { line: 3, message: 'at: expected an instant (ISO 8601 with an offset or milliseconds), got "tomorrow"' },
      { line: 5, message: 'expected a JSON object, got "[1]"' },
      { line: 6, message: 'weight: expected a whole number, 1 to 10000, got 0' },
    ])
  })

  it('[SIM18] refuse the whole when that is asked for, all of them at once', () => {
    expect(problemsOf(() => readArrivals(jsonl, { strict: true }))).toEqual(['line[2]', 'line[3].at', 'line[5]'])
    const csv = ['at,n', '1,2,3', '2,x', '"3,4', '5,5']
    const options = { format: 'csv', columns: { facts: { n: { column: 'n', as: 'number' } } }, strict: true } as const
    expect(problemsOf(() => readArrivals(csv, options))).toEqual(['line[2]', 'line[3].n', 'line[4]'])
    expect(readArrivals(csv, { ...options, strict: false }).arrivals).toEqual([{ at: 5, facts: { n: 5 } }])
  })

  it('[SIM18] are those of a file without the columns that were named', () => {
    const columns = { at: 'time', facts: { topic: 'subject' } }
    expect(problemsOf(() => readArrivals(['a,b', '1,2'], { format: 'csv', columns }))).toEqual(['line[1]', 'line[1]'])
    expect(problemsOf(() => readArrivals([], { columns: { colour: 'x' } as never }))).toEqual(['columns.colour'])
  })

  it('[SIM18] never crash the reading, whatever they hold', () => {
    const pieces = [
      '"',
      ',',
      '\t',
      '{',
      '}',
      '[',
      'null',
      '1e999',
      '__proto__',
      '\u0000',
      '\uFEFF',
      '9'.repeat(400),
      ' ',
    ]
    let state = 5
    const next = (count: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return (state >>> 8) % count
    }
    const lines = Array.from({ length: 3_000 }, () =>
      Array.from({ length: next(12) }, () => pieces[next(pieces.length)]).join(''),
    )
    for (const format of ['jsonl', 'csv'] as const) {
      const { arrivals, problems } = readArrivals(['at', ...lines], { format })
      const blank = lines.filter((line) => line.replace(/^\uFEFF/, '').trim() === '').length
      expect(arrivals.length + problems.length + blank).toBeGreaterThanOrEqual(3_000 - blank)
      expect(problems.length).toBeGreaterThan(2_000)
    }
  })
})

describe('readArrivals', () => {
  it('[SIM18] reads CSV by a mapping of columns: quotes, units, local times, empty fields, kinds of facts', () => {
    const { arrivals, problems } = readArrivals(
      [
        '\uFEFFstarted,who,subject,orders,vip,seconds,left after\r',
        '2026-11-23 09:00:05,ann,"a ""quoted"", comma",10,yes,90,\r',
        '2026-03-29 02:30:00,,b,,0,,12.5',
        '2026-11-23T08:00:00Z,cy,c,x,1,,',
      ],
      {
        format: 'csv',
        columns: {
          ...{
            at: 'started',
            timeZone: 'Europe/Berlin',
            visitorId: 'who',
            handling: 'seconds',
            patience: 'left after',
          },
          ...{ unitMs: 1_000, facts: { topic: 'subject', orders: { column: 'orders', as: 'number' }, vip: flag } },
        },
      },
    )
    expect(arrivals).toEqual([
      { at: Date.parse('2026-03-29T01:00:00Z'), facts: { topic: 'b', vip: false }, patienceMs: 12_500 },
      {
        ...{ at: Date.parse('2026-11-23T08:00:05Z'), visitorId: 'ann', handlingMs: 90_000 },
        facts: { topic: 'a "quoted", comma', orders: 10, vip: true },
      },
    ])
    expect(problems).toEqual([{ line: 4, message: 'orders: expected a number, got "x"' }])
  })

  it('[SIM18] reads JSON lines, with facts as they are', () => {
    const line = JSON.stringify({
      at: '2026-11-23T00:00:00Z',
      visitor: 7,
      facts: { orders: 3, tags: ['a'] },
      topic: 'x',
    })
    const { arrivals } = readArrivals([line], { columns: { visitorId: 'visitor', facts: { topic: 'topic' } } })
    expect(arrivals).toEqual([{ at: monday, visitorId: '7', facts: { orders: 3, tags: ['a'], topic: 'x' } }])
  })
})

const flag = { column: 'vip', as: 'flag' } as const

function problemsOf(work: () => unknown): string[] {
  try {
    work()
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    return error.message.split('\n').map((line) => line.slice(0, line.indexOf(': expected')))
  }
  throw new Error('nothing was refused')
}
