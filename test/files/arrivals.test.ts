import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../src'
import { type ReadArrivalsOptions, readArrivals } from '../../src/simulation'
import { root } from '../repository-checks/source-file'

/** A file, the named columns, and what is read: each arrival by its time and facts, then each problem. */
type Row = readonly [file: string, columns: NonNullable<ReadArrivalsOptions['columns']>, read: readonly string[]]

const queue = { facts: { queue: 'queue' } }
const queueAndNote = { facts: { queue: 'queue', note: 'note' } }

const csvFiles: readonly Row[] = [
  [
    'line-breaks-in-quotes.csv',
    queueAndNote,
    [
      '09:00:00 {"queue":"sales","note":"first line\\nsecond \\"line\\", with a comma"}',
      '09:01:00 {"queue":"support"}',
    ],
  ],
  [
    'semicolons-with-byte-order-mark.csv',
    queueAndNote,
    ['09:00:00 {"queue":"sales","note":"a; b"}', '09:01:00 {"queue":"support","note":"c, d"}'],
  ],
  ['separator-named.csv', { facts: { queue: 'queue,note' } }, ['09:00:00 {"queue":"sales"}']],
  ['tabs.tsv', queueAndNote, ['09:00:00 {"queue":"sales","note":"a, b; c"}']],
  ['bars.csv', queueAndNote, ['09:00:00 {"queue":"sales","note":"a, b; c, d, e"}']],
  ['carriage-returns.csv', queue, ['09:00:00 {"queue":"sales"}', '09:01:00 {"queue":"support"}']],
  [
    'doubled-headings.csv',
    queue,
    ['line[1]: expected each heading once, got "queue" twice', 'line[1]: expected each heading once, got "at" twice'],
  ],
  [
    'stray-quotes.csv',
    queue,
    [
      '09:03:00 {"queue":"sales"}',
      '09:06:00 {"queue":"support"}',
      '2: expected quotes in pairs around a field, got "2026-11-23T09:00:00Z,\\"sales"',
      '3: expected quotes in pairs around a field, got "2026-11-23T09:01:00Z,sup\\"port"',
      '5: expected quotes in pairs around a field, got "2026-11-23T09:02:00Z,\\"open\\" desk"',
      '7: expected 2 fields, got 1 of them',
      '8: expected quotes in pairs around a field, got "2026-11-23T09:05:00Z,\\"never closed"',
    ],
  ],
  [
    'empty-columns.csv',
    queue,
    ['09:00:00 {"queue":"sales"}', '09:01:00 {"queue":"support"}', '4: expected 4 fields, got 6 of them'],
  ],
  [
    'line-break-in-heading.csv',
    { facts: { queue: 'queue\n(name)' } },
    ['09:00:00 {"queue":"sales"}', '5: expected 2 fields, got 1 of them'],
  ],
  ['tabs.tsv', { at: 'when' }, ['line[1]: expected a column when, got the columns "at, queue, note"']],
]

const london = { timeZone: 'Europe/London' }
const usual = 'expected an instant (YYYY-MM-DD HH:MM:SS or ISO 8601), got'
const noOrder = 'expected a date whose order is known: say dayFirst, or timeFormat, got'

/** The times of these files are of 23 November 2026, which London spends in UTC. */
const timeFiles: readonly Row[] = [
  [
    'iso-times.csv',
    { at: 'created', handling: 'handle', unitMs: 1_000 },
    [
      '09:00:28.288 {} 150000',
      '09:01:34 {} 125000',
      '09:02:00 {} 3723000',
      '09:03:00.500 {} 240000',
      '09:04:00 {} 90000',
      '7: handlingMs: expected milliseconds, 0 or more and at most 366 days, got -5000',
      '8: created: expected an instant with an offset such as +01:00 or Z, or a timeZone for all of them, got "2026-11-23T09:06:00"',
    ],
  ],
  [
    'epoch-seconds.csv',
    { at: 'epoch', handling: 'handle' },
    ['09:00:00 {} 10', '09:01:00.250 {} 20', '09:02:00 {} 30'],
  ],
  [
    'date-and-time-day-first.csv',
    { date: 'Date', time: 'Time', dayFirst: true, handling: 'Talk', ...london },
    [
      '00:15:00 {}',
      '09:00:05 {} 30000',
      '12:15:00 {} 60000',
      '13:30:00 {}',
      `5: ["Date Time"]: ${usual} "31/11/2026 09:00"`,
      `7: ["Date Time"]: ${usual} "23/11/2026"`,
    ],
  ],
  [
    'date-and-time-day-first.csv',
    { date: 'Date', at: 'Time' },
    ['columns.time: expected date and time together, got nothing'],
  ],
  [
    'month-first.csv',
    { at: 'Call Start', timeFormat: 'MM/DD/YYYY hh:mm:ss A', ...london },
    [
      '09:00:05 {}',
      '21:15:00 {}',
      '4: ["Call Start"]: expected a time as "MM/DD/YYYY hh:mm:ss A", got "23/11/2026 09:00:00 AM"',
    ],
  ],
  [
    'month-first.csv',
    { at: 'Call Start', timeFormat: '%m/%d/%Y %I:%M:%S %p', timeZone: 'America/New_York' },
    [
      '14:00:05 {}',
      '02:15:00 {}',
      '4: ["Call Start"]: expected a time as "%m/%d/%Y %I:%M:%S %p", got "23/11/2026 09:00:00 AM"',
    ],
  ],
  [
    'month-first.csv',
    { at: 'Call Start', ...london },
    ['2: ["Call Start"]: ', '3: ["Call Start"]: ', '4: ["Call Start"]: '].map((place, index) => {
      return `${place}${noOrder} "${['11/23/2026 09:00:05 AM', '11/23/2026 9:15:00 PM', '23/11/2026 09:00:00 AM'][index]}"`
    }),
  ],
  ['dots.csv', { at: 'start', dayFirst: true, ...london }, ['09:05:00 {}', '09:00:00 {}']],
  ['month-names.csv', { at: 'start', ...london }, ['09:00:00 {}', '09:02:00 {}', '21:01:00 {}']],
  [
    'month-names.csv',
    { at: 'start', timeFormat: 'MM/DD' },
    [
      'columns.timeFormat: expected a format with year, month, day and hour, such as "DD/MM/YYYY HH:mm" or "%d/%m/%Y %H:%M", got "MM/DD"',
    ],
  ],
]

function readFile(file: string, columns: Row[1]): string[] {
  const text = readFileSync(`${root}test/files/arrivals/${file}`, 'utf8')
  try {
    const format = /\.(csv|tsv)$/.test(file) ? 'csv' : 'jsonl'
    const { arrivals, problems } = readArrivals(text, { format, columns })
    return [
      ...arrivals.map(({ at, facts, handlingMs = '' }) => {
        const time = new Date(at).toISOString().slice(11, 23).replace('.000', '')
        return `${time} ${JSON.stringify(facts)} ${handlingMs}`.trim()
      }),
      ...problems.map(({ line, message }) => `${line}: ${message}`),
    ]
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    return error.message.split('\n')
  }
}

describe('files of arrivals', () => {
  it.each(csvFiles)('[SIM25] %s is read by its separators and quotes', (file, columns, read) => {
    expect(readFile(file, columns)).toEqual(read)
  })

  it.each(timeFiles)('[SIM26] %s with %j gives its times and durations', (file, columns, read) => {
    expect(readFile(file, columns)).toEqual(read)
  })
})
