/**
 * The fields of one line of CSV (RFC 4180): separated by commas, in double quotes where they hold a comma or a quote.
 * A quote that is not closed on its line gives `null`; fields that span lines are not read.
 */
export function csvFields(line: string): string[] | null {
  if (!line.includes('"')) return line.split(',')
  const fields: string[] = []
  let at = 0
  for (;;) {
    const field = line[at] === '"' ? quoted(line, at + 1) : plain(line, at)
    if (field === null) return null
    fields.push(field.text)
    if (field.end >= line.length) return fields
    if (line[field.end] !== ',') return null
    at = field.end + 1
  }
}

interface Field {
  readonly text: string
  /** Where the comma is, or the end. */
  readonly end: number
}

function plain(line: string, from: number): Field {
  const comma = line.indexOf(',', from)
  const end = comma === -1 ? line.length : comma
  return { text: line.slice(from, end), end }
}

function quoted(line: string, from: number): Field | null {
  let text = ''
  let at = from
  for (;;) {
    const quote = line.indexOf('"', at)
    if (quote === -1) return null
    text += line.slice(at, quote)
    if (line[quote + 1] !== '"') return { text, end: quote + 1 }
    text += '"'
    at = quote + 2
  }
}
