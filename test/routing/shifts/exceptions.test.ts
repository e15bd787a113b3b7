import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ShiftException } from '../../../src/core'
import { shiftTimeAt } from '../../../src/routing'
import { sampleSeeded } from '../seeded-samples'
import { anyHours, anyTime, days, office, parsed, problems, shiftTime } from './shift-samples'
import { expectedShiftTime, plainDateAt, shiftSpans } from './temporal-oracle'

const dayMs = 86_400_000
const yearlyAndRanged: readonly ShiftException[] = [
  { date: '--12-25', closed: true },
  { date: '--02-29', hours: [{ from: '20:00', to: '02:00' }] },
  { from: '--12-24', to: '--01-02', hours: [{ from: '10:00', to: '12:00' }] },
  { from: '2027-12-20', to: '2027-12-31', closed: true },
  { date: '2027-12-25', hours: [{ from: '11:00', to: '11:30' }] },
  { from: '2028-02-27', to: '2028-03-02', hours: [{ from: '22:00', to: '03:00' }] },
]

describe('an exception of a shift', () => {
  it('[H10] follows yearly exceptions and ranges, a day of one year first, and a single day before a range', () => {
    const shift = parsed({ ...office('UTC', '09:00', '17:00', days), exceptions: yearlyAndRanged })
    const next = (at: string) => shiftTimeAt(shift, Date.parse(at))
    // The range over New Year, in each year, and Christmas within it.
    expect(next('2026-12-24T09:30:00Z')).toEqual(shiftTime(false, '2026-12-24T10:00:00Z'))
    expect(next('2026-12-24T12:00:00Z')).toEqual(shiftTime(false, '2026-12-26T10:00:00Z'))
    expect(next('2031-01-02T11:00:00Z')).toEqual(shiftTime(true, '2031-01-02T12:00:00Z'))
    expect(next('2031-01-02T12:00:00Z')).toEqual(shiftTime(false, '2031-01-03T09:00:00Z'))
    // What is said of one year counts before what is said of every year.
    expect(next('2027-12-19T17:00:00Z')).toEqual(shiftTime(false, '2027-12-25T11:00:00Z'))
    expect(next('2027-12-25T11:30:00Z')).toEqual(shiftTime(false, '2028-01-01T10:00:00Z'))
    // A leap day is in leap years only.
    expect(next('2029-02-28T17:00:00Z')).toEqual(shiftTime(false, '2029-03-01T09:00:00Z'))
    expect(next('2032-02-28T17:00:00Z')).toEqual(shiftTime(false, '2032-02-29T20:00:00Z'))
  })

  it('[H10] has the boundary of a yearly exception, however far, and of one of a day of the week too', () => {
    const always = { days, from: '00:00', to: '24:00' }
    const at = Date.parse('2097-01-01T12:00:00Z')
    const boundaryOf = (part: object) => shiftTimeAt(parsed(part), at)
    const leapDay = { date: '--02-29', closed: true }
    // 2100 is no leap year.
    expect(boundaryOf({ weekly: [always], exceptions: [leapDay] })).toEqual(shiftTime(true, '2104-02-29T00:00:00Z'))
    const open = { date: '--02-29', hours: [{ from: '10:00', to: '11:00' }] }
    expect(boundaryOf({ weekly: [], exceptions: [open] })).toEqual(shiftTime(false, '2104-02-29T10:00:00Z'))
    expect(
      boundaryOf({ weekly: [always], exceptions: [{ ...open, hours: [{ from: '00:00', to: '24:00' }] }] }),
    ).toEqual(shiftTime(true, null))
    // Each night goes on to 08:00 but that of Saturday, so only a Sunday, 25 December, leaves a gap.
    const nights = [
      { days: days.filter((day) => day !== 'sat'), from: '08:00', to: '08:00' },
      { days: ['sat'], from: '08:00', to: '24:00' },
      { days: ['sun'], from: '00:00', to: '08:00' },
    ]
    const christmas = { date: '--12-25', hours: [{ from: '08:00', to: '08:00' }] }
    expect(boundaryOf({ weekly: nights, exceptions: [christmas] })).toEqual(shiftTime(true, '2101-12-25T00:00:00Z'))
  })

  it('[H10] agrees with Temporal on random exceptions of every kind, over leap years and New Year', () => {
    const anyMonthDay = fc.constantFrom('01-01', '01-02', '02-28', '02-29', '03-01', '12-24', '12-31')
    const anyDay = fc.oneof(
      anyMonthDay.map((day) => `--${day}`),
      fc
        .tuple(
          fc.constantFrom('2027', '2028'),
          anyMonthDay.filter((day) => day !== '02-29'),
        )
        .map((parts) => parts.join('-')),
    )
    const anyDates = fc.oneof(
      anyDay.map((date) => ({ date })),
      fc.tuple(anyDay, anyDay).map(([from, to]) => ({ from, to })),
    )
    const anyWhat = fc.oneof(
      fc.constant({ closed: true as const }),
      fc.array(fc.record({ from: anyTime, to: anyTime }), { maxLength: 2 }).map((hours) => ({ hours })),
    )
    const anyException = fc.tuple(anyDates, anyWhat).map(([dates, what]) => ({ ...dates, ...what }))
    const samples = sampleSeeded(
      'exceptions',
      fc.tuple(fc.array(anyException, { minLength: 1, maxLength: 4 }), fc.array(anyHours, { maxLength: 2 })),
      40,
    )
    const starts = ['2026-12-20', '2027-02-20', '2027-12-22', '2028-02-24', '2028-12-29']
    let compared = 0
    for (const [exceptions, weekly] of samples) {
      const input = { id: 's', timeZone: 'Europe/London', weekly, exceptions }
      if (problems([input]).length > 0) continue
      const shift = parsed(input)
      for (const start of starts) {
        const spans = shiftSpans(shift, plainDateAt('UTC', Date.parse(start)).subtract({ days: 3 }), 40)
        for (let hour = 1; hour < 15 * 24; hour += 17) {
          const at = Date.parse(start) + hour * 3_600_000
          const expected = expectedShiftTime('s', spans, at)
          // Beyond the computed days.
          if ((expected.nextBoundaryAt ?? Number.POSITIVE_INFINITY) > at + 20 * dayMs) continue
          expect(shiftTimeAt(shift, at), `${JSON.stringify(shift)} at ${new Date(at).toISOString()}`).toEqual(expected)
          compared += 1
        }
      }
    }
    expect(compared).toBeGreaterThan(500)
  })

  it('[H10] is refused with a range that ends before it begins, mixes years, is too long, or meets another', () => {
    const closed = (dates: object) => ({ ...dates, closed: true })
    const exceptions = [
      closed({ from: '2026-07-14', to: '2026-07-01' }),
      closed({ from: '2026-01-01', to: '2062-01-01' }),
      closed({ from: '--12-24', to: '2027-01-01' }),
      closed({ from: '2026-12-24', to: '--01-01' }),
      closed({ from: '2026-02-01', to: '2026-02-10' }),
      closed({ from: '2026-02-10', to: '2026-02-11' }),
      closed({ date: '--02-29' }),
      closed({ date: '--02-30' }),
      closed({ date: '--02-29' }),
      closed({ date: '2026-02-03', from: '2026-02-03' }),
    ]
    expect(problems([{ ...office('UTC'), exceptions }])).toEqual([
      'shifts[0].exceptions[7].date: expected a date that exists, YYYY-MM-DD, or --MM-DD for every year, got "--02-30"',
      'shifts[0].exceptions[9].from: expected one of date, closed, got an unknown key',
      'shifts[0].exceptions[0].to: expected 2026-07-14 or a later day, got "2026-07-01"',
      'shifts[0].exceptions[1].to: expected at most 366 days from 2026-01-01 on, got "2062-01-01"',
      'shifts[0].exceptions[2].to: expected --MM-DD, as from, got "2027-01-01"',
      'shifts[0].exceptions[3].to: expected YYYY-MM-DD, as from, got "--01-01"',
      'shifts[0].exceptions[5].to: expected one range a day, got "2026-02-11"',
      'shifts[0].exceptions[8].date: expected one exception a date, got "--02-29"',
    ])
  })
})
