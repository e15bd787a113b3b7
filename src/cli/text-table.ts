import type { Paint } from './terminal'

export interface Column {
  readonly title: string
  /** Numbers stand at the right. Default left. */
  readonly align?: 'left' | 'right'
}

/** A table of plain text, as wide as its cells. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[], paint: Paint): string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((cells) => widthOf(cells[index] ?? ''))),
  )
  const line = (cells: readonly string[]) =>
    columns.map(({ align = 'left' }, index) => padded(cells[index] ?? '', widths[index] ?? 0, align)).join('  ')
  const titles = line(columns.map(({ title }) => title)).trimEnd()
  return [paint('bold', titles), ...rows.map((cells) => line(cells).trimEnd())]
}

/** Filled up with blanks; what stands wider stays. */
export function padded(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const gap = ' '.repeat(Math.max(0, width - widthOf(text)))
  return align === 'left' ? text + gap : gap + text
}

/** Columns on a terminal; letters of East Asia take two, and those that combine none. */
export function widthOf(text: string): number {
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += isWide(segment.codePointAt(0) ?? 0) ? 2 : 1
  return width
}

const graphemes = new Intl.Segmenter()

function isWide(point: number): boolean {
  return (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) || isWideBeyond(point)
}

function isWideBeyond(point: number): boolean {
  if (point >= 0xac00 && point <= 0xd7a3) return true
  if (point >= 0xf900 && point <= 0xfaff) return true
  if (point >= 0xff00 && point <= 0xff60) return true
  return point >= 0x1f300 && point <= 0x1faff
}
