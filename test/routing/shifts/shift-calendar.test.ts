import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Shift } from '../../../src/core'
import { shiftTimeAt } from '../../../src/routing'
import { sampleSeeded } from '../seeded-samples'
import { anyHours, days, office, parsed, problems, shiftTime } from './shift-samples'
import { expectedShiftTime, offsetTransitions, plainDateAt, shiftSpans } from './temporal-oracle'

const zones = [
  ...['America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Africa/Cairo'],
  ...['Asia/Tehran', 'America/St_Johns', 'America/Santiago', 'Asia/Kathmandu', 'Pacific/Apia'],
]
const dayMs = 86_400_000
const noZone = 'expected the IANA name of a time zone with its area, such as "Europe/London", or "UTC"'

describe('a shift', () => {
  it('[H1] is on during its weekly hours in its own zone, and has its next boundary where that changes', () => {
    const shift = office('America/New_York')
    expect(shiftTimeAt(shift, Date.parse('2026-11-23T13:59:59.999Z'))).toEqual(shiftTime(false, '2026-11-23T14:00:00Z'))
    expect(shiftTimeAt(shift, Date.parse('2026-11-23T14:00:00Z'))).toEqual(shiftTime(true, '2026-11-23T22:00:00Z'))
    expect(shiftTimeAt(shift, Date.parse('2026-11-27T22:00:00Z'))).toEqual(shiftTime(false, '2026-11-30T14:00:00Z'))
    expect(shiftTimeAt(shift, Date.parse('2026-07-01T13:00:00Z'))).toEqual(shiftTime(true, '2026-07-01T21:00:00Z'))
  })

  it('[H2] continues over midnight, whatever the next day is, and merges hours that touch', () => {
    const night = {
      ...office('Europe/London', '22:00', '06:00'),
      exceptions: [{ date: '2026-11-25', closed: true as const }],
    }
    expect(shiftTimeAt(night, Date.parse('2026-11-25T03:00:00Z'))).toEqual(shiftTime(true, '2026-11-25T06:00:00Z'))
    expect(shiftTimeAt(night, Date.parse('2026-11-25T23:00:00Z'))).toEqual(shiftTime(false, '2026-11-26T22:00:00Z'))
    const split = {
      ...office('UTC', '09:00', '12:00'),
      weekly: [...office('UTC', '09:00', '12:00').weekly, ...office('UTC', '12:00', '24:00').weekly],
    }
    expect(shiftTimeAt(split, Date.parse('2026-11-23T10:00:00Z'))).toEqual(shiftTime(true, '2026-11-24T00:00:00Z'))
  })

  it('[H3] follows its exceptions instead of the weekly hours', () => {
    const exceptions = [
      {
        date: '2026-12-24',
        hours: [
          { from: '10:00', to: '12:00' },
          { from: '13:00', to: '14:00' },
        ],
      },
      { date: '2026-12-25', closed: true as const },
    ]
    const shift = { ...office('UTC'), exceptions }
    expect(shiftTimeAt(shift, Date.parse('2026-12-24T09:30:00Z'))).toEqual(shiftTime(false, '2026-12-24T10:00:00Z'))
    expect(shiftTimeAt(shift, Date.parse('2026-12-24T12:00:00Z'))).toEqual(shiftTime(false, '2026-12-24T13:00:00Z'))
    expect(shiftTimeAt(shift, Date.parse('2026-12-24T14:00:00Z'))).toEqual(shiftTime(false, '2026-12-28T09:00:00Z'))
  })

  it('[H4] has no boundary when nothing ends it or begins it, up to a far exception', () => {
    const always = parsed({
      weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '08:00', to: '08:00' }],
    })
    const never = parsed({ weekly: [] })
    const at = Date.parse('2026-11-23T00:00:00Z')
    expect(shiftTimeAt(always, at)).toEqual(shiftTime(true, null))
    expect(shiftTimeAt(never, at)).toEqual(shiftTime(false, null))
    const closed = { ...always, exceptions: [{ date: '9000-01-01', closed: true as const }] }
    const open = { ...never, exceptions: [{ date: '9000-01-01', hours: [{ from: '10:00', to: '11:00' }] }] }
    expect(shiftTimeAt(closed, at)).toEqual(shiftTime(true, '9000-01-01T08:00:00Z'))
    expect(shiftTimeAt(open, at)).toEqual(shiftTime(false, '9000-01-01T10:00:00Z'))
    // A day-by-day search over seven thousand years would exceed the time limit of this test.
    for (let round = 0; round < 100; round += 1) shiftTimeAt(closed, at + round)
  })

  it('[H5] starts at the first instant after a time that the clocks skip, and at the first of one they show twice', () => {
    const spring = office('Europe/Berlin', '02:30', '04:00', ['sun'])
    expect(shiftTimeAt(spring, Date.parse('2026-03-28T12:00:00Z'))).toEqual(shiftTime(false, '2026-03-29T01:00:00Z'))
    const autumn = office('Europe/Berlin', '02:30', '04:00', ['sun'])
    expect(shiftTimeAt(autumn, Date.parse('2026-10-24T12:00:00Z'))).toEqual(shiftTime(false, '2026-10-25T00:30:00Z'))
    const skipped = office('Europe/Berlin', '02:10', '02:50', ['sun'])
    expect(shiftTimeAt(skipped, Date.parse('2026-03-28T12:00:00Z'))).toEqual(shiftTime(false, '2026-04-05T00:10:00Z'))
  })

  it('[H6] agrees with Temporal at 20 000 random instants in ten zones', { timeout: 60_000 }, () => {
    const instants = fc.array(fc.integer({ min: 0, max: 40 * dayMs }), { minLength: 100, maxLength: 100 })
    const start = fc.integer({ min: Date.parse('2015-01-01'), max: Date.parse('2034-10-01') })
    const samples = sampleSeeded(
      'shifts',
      fc.tuple(fc.constantFrom(...zones), fc.array(anyHours, { minLength: 2, maxLength: 5 }), start, instants),
      200,
    )
    let compared = 0
    for (const [timeZone, hours, from, offsets] of samples) {
      const date = plainDateAt(timeZone, from)
      const exceptions = [
        { date: date.add({ days: 5 }).toString(), closed: true as const },
        { date: date.add({ days: 11 }).toString(), hours: [{ from: '01:45', to: '03:15' }] },
      ]
      const shift: Shift = { id: 's', timeZone, weekly: hours, exceptions }
      const spans = shiftSpans(shift, date.subtract({ days: 3 }), 60)
      for (const offset of offsets) {
        expect(shiftTimeAt(shift, from + offset), `${JSON.stringify(shift)} at ${from + offset}`).toEqual(
          expectedShiftTime('s', spans, from + offset),
        )
        compared += 1
      }
    }
    expect(compared).toBe(20_000)
  })

  it('[H7] agrees with Temporal around every change of the clocks from 2015 to 2034', () => {
    let compared = 0
    for (const timeZone of zones) {
      for (const change of offsetTransitions(timeZone, 2015, 2034)) compared += compareAround(timeZone, change)
    }
    expect(compared).toBeGreaterThan(5_000)
  })

  it('[H8] is refused with every problem and its path when it is malformed', () => {
    const wrong = [
      { id: 'a', timeZone: 'Mars/Olympus', weekly: [{ days: ['mon', 'noday'], from: '9:00', to: '25:00' }] },
      {
        id: 'a',
        weekly: [],
        exceptions: [
          { date: '2026-02-30', closed: true },
          { date: '2026-03-01', closed: false },
        ],
      },
      {
        ...office('UTC'),
        id: 'b',
        exceptions: [
          { date: '2026-03-01', closed: true },
          { date: '2026-03-01', hours: [] },
        ],
      },
      { ...office('UTC'), id: 'b' },
    ]
    expect(problems(wrong)).toEqual([
      `shifts[0].timeZone: ${noZone}, got "Mars/Olympus"`,
      'shifts[0].weekly[0].days[1]: expected "mon", "tue", "wed", "thu", "fri", "sat" or "sun", got "noday"',
      'shifts[0].weekly[0].from: expected a time of day, 00:00 to 23:59, got "9:00"',
      'shifts[0].weekly[0].to: expected a time of day, 00:00 to 24:00, got "25:00"',
      `shifts[1].timeZone: ${noZone}, got nothing`,
      'shifts[1].exceptions[0].date: expected a date that exists, YYYY-MM-DD, or --MM-DD for every year, got "2026-02-30"',
      'shifts[1].exceptions[1].closed: expected true, got false',
      'shifts[1].id: expected an id that no other shift has, got "a"',
      'shifts[2].exceptions[1].date: expected one exception a date, got "2026-03-01"',
      'shifts[3].id: expected an id that no other shift has, got "b"',
    ])
    expect(problems('all')).toEqual(['shifts: expected a list of at most 1000 shifts, got "all"'])
  })
})

function compareAround(timeZone: string, change: number): number {
  const before = wallOf(timeZone, change - 1)
  const after = wallOf(timeZone, change)
  const hours = [
    { days: [...days], from: before, to: after },
    { days: [...days], from: shifted(before, -20), to: shifted(before, 20) },
    { days: [...days], from: shifted(after, -20), to: shifted(after, 20) },
  ]
  const offsets = [-7_200_000, -3_600_000, -1_200_000, -1, 0, 1, 1_200_000, 3_600_000, 7_200_000]
  for (const weekly of hours) {
    const shift: Shift = { id: 's', timeZone, weekly: [weekly] }
    const spans = shiftSpans(shift, plainDateAt(timeZone, change).subtract({ days: 3 }), 8)
    for (const offset of offsets) {
      const message = `${timeZone} ${JSON.stringify(weekly)} at ${new Date(change + offset).toISOString()}`
      expect(shiftTimeAt(shift, change + offset), message).toEqual(expectedShiftTime('s', spans, change + offset))
    }
  }
  return hours.length * offsets.length
}

function wallOf(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at)
}

function shifted(time: string, byMinutes: number): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const total = (hour * 60 + minute + byMinutes + 1_440) % 1_440
  return `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`
}
