import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { bankSample } from '../../examples/simulation/make-bank-sample'
import { readBankCalls } from '../../examples/simulation/read-bank-calls'
import { checkStaffing, parseScenario, simulate, withArrivals } from '../../src/simulation'
import { root } from '../repository-checks/source-file'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const text = readFileSync(`${root}examples/simulation/bank-sample.txt`, 'utf8')
const heading = text.split('\n')[0] ?? ''
/** The first two lines of the published description, as printed there, and other kinds of lines. */
const lines = [
  'AA0101\t33116\t9664491\t2\tPS\t990101\t0:00:31\t0:00:36\t5\t0:00:36\t0:03:09\t153\tHANG\t0:00:00\t0:00:00\t0\tNO_SERVER',
  'AA0101\t33117\t0\t0\tPS\t990101\t0:34:12\t0:34:23\t11\t0:00:00\t0:00:00\t0\tHANG\t0:00:00\t0:00:00\t0\tNO_SERVER',
  'AA0101\t33118\t27997683\t2\tPS\t990101\t6:55:20\t6:55:26\t6\t6:55:26\t6:55:43\t17\tAGENT\t6:55:43\t6:56:37\t54\tMICHAL',
  'AA0101\t33119\t0\t0\tPS\t990101\t7:41:16\t7:41:26\t10\t0:00:00\t0:00:00\t0\tAGENT\t7:41:25\t7:44:53\t208\tBASCH',
  'AA0216\t33120\t0\t0\tNW\t990101\t23:59:58\t0:00:04\t6\t0:00:04\t0:00:09\t5\tAGENT\t0:00:09\t0:01:09\t60\tKAZAV',
  'AA0216\t33121\t0\t0\tNW\t990101\t8:00:00\t8:00:04\t4\t8:00:04\t8:00:05\t1\tPHANTOM\t0:00:00\t0:00:00\t0\tNO_SERVER',
]

describe('readBankCalls', () => {
  it('[SIM19] reads who wanted a person: when they joined, how long they waited or were served', () => {
    const { arrivals, problems, leftOut, recorded, behaviour } = readBankCalls([heading, ...lines])
    expect(problems).toEqual([])
    expect(leftOut).toEqual({ selfService: 1, phantom: 1 })
    expect(arrivals).toEqual([
      {
        ...{ at: Date.parse('1999-01-01T00:00:36+02:00'), visitorId: 'customer-9664491', patienceMs: 153_000 },
        facts: { type: 'PS', priority: 2, line: 'AA0101' },
      },
      {
        ...{ at: Date.parse('1999-01-01T06:55:26+02:00'), visitorId: 'customer-27997683', handlingMs: 54_000 },
        facts: { type: 'PS', priority: 2, line: 'AA0101' },
      },
      {
        ...{ at: Date.parse('1999-01-01T07:41:26+02:00'), handlingMs: 208_000 },
        facts: { type: 'PS', priority: 0, line: 'AA0101' },
      },
      {
        ...{ at: Date.parse('1999-01-02T00:00:04+02:00'), handlingMs: 60_000 },
        facts: { type: 'NW', priority: 0, line: 'AA0216' },
      },
    ])
    expect(recorded).toEqual({
      ...{ offered: 4, answered: 3, abandoned: 1, meanWaitMs: 22_000 / 3, meanHandlingMs: 322_000 / 3 },
    })
    expect(behaviour).toEqual({
      handling: { distribution: 'empirical', valuesMs: [54_000, 208_000, 60_000] },
      patience: { distribution: 'exponential', meanMs: 175_000 },
    })
  })

  it('[SIM19] reads what other tools made of the files: commas, quotes, whole dates, another first heading', () => {
    const csv = [heading.replace('vru+line', 'vru.line'), ...lines].map((line) =>
      line.replaceAll('\t', ',').replace(',990101,', ',1999-01-01,').replace('PS', '"PS"'),
    )
    expect(readBankCalls(csv).arrivals).toEqual(readBankCalls([heading, ...lines]).arrivals)
    expect(readBankCalls(csv, { timeZone: 'UTC' }).arrivals[0]?.at).toBe(Date.parse('1999-01-01T00:00:36Z'))
  })

  it('[SIM19] [SIM18] tells malformed lines with their numbers, and refuses them when asked', () => {
    const change = (from: string, to: string) => (lines[2] ?? '').replace(from, to)
    const broken = [
      ...[change('AGENT', 'ANGEL'), change('990101', '990231'), change('6:55:26\t6:55:43', '6:65:26\t6:55:43')],
      ...[change('\t17\t', '\t-3\t'), change('\t54\t', '\t\t'), 'too\tshort'],
    ]
    const { problems, arrivals } = readBankCalls([heading, ...broken, lines[3] ?? ''])
    expect(arrivals).toHaveLength(1)
    expect(problems).toEqual([
      { line: 2, message: 'outcome: expected AGENT or HANG or PHANTOM, got "ANGEL"' },
      { line: 3, message: 'date: expected a date that exists, got "990231"' },
      { line: 4, message: 'q_start: expected a time, H:MM:SS, got "6:65:26"' },
      { line: 5, message: 'q_time: expected whole seconds of a day, got "-3"' },
      { line: 6, message: 'ser_time: expected whole seconds of a day, got ""' },
      { line: 7, message: 'expected 17 fields, got 2' },
    ])
    expect(() => readBankCalls(['a\tb', '1\t2'])).toThrow(/line\[1]: expected the heading vru\+line, call_id/)
    expect(() => readBankCalls([heading, ...broken], { strict: true })).toThrow(
      /line\[2]\.outcome: expected[\s\S]*line\[7]: expected/,
    )
  })

  it('[SIM19] reads the sample, which is what its script makes', () => {
    expect(text).toBe(`${bankSample().join('\n')}\n`)
    const { arrivals, problems, leftOut, recorded } = readBankCalls(text.split('\n'), { strict: true })
    expect(problems).toEqual([])
    expect(arrivals.length + leftOut.phantom + leftOut.selfService).toBe(520)
    expect(recorded.answered + recorded.abandoned).toBe(recorded.offered)
    expect(recorded.abandoned).toBeGreaterThan(10)
  })

  it('[SIM19] gives a scenario whose day comes close to the recorded one', () => {
    const { arrivals, recorded, behaviour } = readBankCalls(text.split('\n'))
    const { total } = simulate(withArrivals(bankDay(behaviour), arrivals))
    expect(total.offered).toBe(recorded.offered)
    expect(Math.abs(total.abandoned - recorded.abandoned)).toBeLessThan(15)
    expect(Math.abs((total.waitMs?.mean ?? 0) - (recorded.meanWaitMs ?? 0))).toBeLessThan(4_000)
    expect(checkStaffing(withArrivals(bankDay(behaviour), arrivals))).toEqual([])
  })
})

function bankDay({ handling, patience }: ReturnType<typeof readBankCalls>['behaviour']) {
  return parseScenario({
    from: '1999-01-04T00:00:00+02:00',
    timeZone: 'Asia/Jerusalem',
    staff: ['ava', 'ben', 'cara', 'dov'].map((id) => ({ id, capacity: 1 })),
    defaultRoute: { to: 'everyone', ring: { order: 'longest-idle' } },
    arrivals: { list: [] },
    behaviour: { handling: handling ?? { distribution: 'fixed', ms: 0 }, patience },
  })
}
