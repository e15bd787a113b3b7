import { CsvError, parse } from 'csv-parse/sync'

/** One record of a CSV file. */
export interface CsvRecord {
  /** The line on which it begins, from 1. */
  readonly line: number
  /** `null`: the quotes on its line are not in pairs around fields. */
  readonly fields: readonly string[] | null
  /** The line as it stands, of a record without fields. */
  readonly text: string
}

const separators = [',', ';', '\t', '|'] as const

/**
 * Returns the records of a CSV file (RFC 4180), its heading first. A quoted field may hold line breaks; records whose
 * fields are all blank are left out. The separator is a comma, a semicolon, a tab or a bar: the one by which the
 * heading has the most of the `expected` columns, or else the most columns. A first line `sep=;` names it.
 */
export function readCsvRecords(text: string, expected: readonly string[]): CsvRecord[] {
  const bytes = Buffer.from(text.replace(/\r\n?/g, '\n'))
  const named = /^sep=([^\r\n])[\r\n]/.exec(text)?.[1]
  const records = parseRecords(bytes, named ?? detectSeparator(bytes, expected), Number.POSITIVE_INFINITY)
  return (named === undefined ? records : records.slice(1)).filter(isNotBlank)
}

function isNotBlank({ fields }: CsvRecord): boolean {
  return fields === null || fields.some((field) => field.trim() !== '')
}

function detectSeparator(bytes: Buffer, expected: readonly string[]): string {
  let best = { separator: ',', found: -1, columns: 0 }
  for (const separator of separators) {
    const heading = parseRecords(bytes, separator, 1)[0]?.fields ?? []
    const found = expected.filter((name) => heading.some((title) => title.trim() === name)).length
    const isBetter = found > best.found || (found === best.found && heading.length > best.columns)
    if (isBetter) best = { separator, found, columns: heading.length }
  }
  return best.separator
}

/** A line with quotes that are not in pairs costs itself only: the next line begins a record. */
function parseRecords(bytes: Buffer, separator: string, recordsMax: number): CsvRecord[] {
  const records: CsvRecord[] = []
  let start = 0
  let linesBefore = 0
  while (start < bytes.length && records.length < recordsMax) {
    const read = parseUntilMalformed(bytes.subarray(start), separator, recordsMax)
    for (const { line, fields } of read.records) records.push({ line: line + linesBefore, fields, text: '' })
    if (read.isWhole) break
    let from = start + read.endsAt
    linesBefore += read.lines
    for (; bytes[from] === lineFeed; from += 1) linesBefore += 1
    const lineEnd = bytes.indexOf(lineFeed, from)
    start = lineEnd === -1 ? bytes.length : lineEnd + 1
    linesBefore += 1
    records.push({ line: linesBefore, fields: null, text: bytes.toString('utf8', from, start).trimEnd() })
  }
  return records
}

const lineFeed = 10

interface ReadPart {
  readonly records: { readonly line: number; readonly fields: readonly string[] }[]
  /** Bytes and lines up to the end of the last record. */
  endsAt: number
  lines: number
  isWhole: boolean
}

function parseUntilMalformed(bytes: Buffer, separator: string, recordsMax: number): ReadPart {
  const part: ReadPart = { records: [], endsAt: 0, lines: 0, isWhole: true }
  const onRecord = (fields: string[], { bytes: endsAt, lines }: { readonly bytes: number; readonly lines: number }) => {
    const breaks = fields.reduce((sum, field) => sum + countLineBreaks(field), 0)
    part.records.push({ line: lines - breaks, fields })
    part.endsAt = endsAt
    part.lines = lines
    return null
  }
  try {
    parse(bytes, {
      ...{ delimiter: separator, record_delimiter: '\n', relax_column_count: true, skip_empty_lines: true },
      ...{ on_record: onRecord, ...(recordsMax === Number.POSITIVE_INFINITY ? {} : { to: recordsMax }) },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    part.isWhole = false
  }
  return part
}

function countLineBreaks(field: string): number {
  return field.includes('\n') ? field.split('\n').length - 1 : 0
}
