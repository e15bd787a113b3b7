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

function readFile(file: string, columns: Row[1]): string[] {
  const text = readFileSync(`${root}test/files/arrivals/${file}`, 'utf8')
  try {
    const format = /\.(csv|tsv)$/.test(file) ? 'csv' : 'jsonl'
    const { arrivals, problems } = readArrivals(text, { format, columns })
    return [
      ...arrivals.map(({ at, facts }) => `${new Date(at).toISOString().slice(11, 19)} ${JSON.stringify(facts)}`),
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
})
