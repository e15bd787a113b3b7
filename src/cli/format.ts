import type { Colorize } from './terminal'

/** `–` where there is none. */
export const noValue = '–'

export function formatPercent(share: number | null): string {
  return share === null ? noValue : `${(share * 100).toFixed(1)} %`
}

/** The difference of two shares: 83 % less 80 % are 3 points. */
export function formatPercentagePoints(difference: number): string {
  return `${(difference * 100).toFixed(1)} points`
}

/** `850 ms`, `12.3 s`, `4 min 05 s`, `2 h 10 min`. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return noValue
  if (ms < 0) return `-${formatDuration(-ms)}`
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`
}

export function formatDecimal(value: number | null): string {
  return value === null ? noValue : value.toFixed(2)
}

/** `0`, `30 s`, `1.5 min`, `2 h`: for axes. */
export function formatShortDuration(ms: number): string {
  const [size, unit] = timeUnits.find(([least]) => ms >= least) ?? [1, 'ms']
  return ms === 0 ? '0' : `${Math.round((ms / size) * 100) / 100} ${unit}`
}

const timeUnits = [
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const

/** With thin blanks between thousands. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '\u2009')
}

/** `Mon 23 Nov 2026, 09:00` in a time zone. */
export function formatInstant(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(at)
}

/** `09:00` in a time zone. */
export function formatClockTime(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at)
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

export interface Column {
  readonly title: string
  /** Numbers stand at the right. Default left. */
  readonly align?: 'left' | 'right'
}

/** Formats a table of plain text, as wide as its cells. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  colorize: Colorize,
): string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((cells) => displayWidth(cells[index] ?? ''))),
  )
  const line = (cells: readonly string[]) =>
    columns.map(({ align = 'left' }, index) => pad(cells[index] ?? '', widths[index] ?? 0, align)).join('  ')
  const titles = line(columns.map(({ title }) => title)).trimEnd()
  return [colorize('bold', titles), ...rows.map((cells) => line(cells).trimEnd())]
}

/** Pads a text with blanks; leaves a wider one as it is. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const gap = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return align === 'left' ? text + gap : gap + text
}

/** Columns on a terminal; letters of East Asia take two, and those that combine none. */
export function displayWidth(text: string): number {
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += isWide(segment.codePointAt(0) ?? 0) ? 2 : 1
  return width
}

const graphemes = new Intl.Segmenter()

function isWide(point: number): boolean {
  return (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) || isWideAboveHangul(point)
}

function isWideAboveHangul(point: number): boolean {
  if (point >= 0xac00 && point <= 0xd7a3) return true
  if (point >= 0xf900 && point <= 0xfaff) return true
  if (point >= 0xff00 && point <= 0xff60) return true
  return point >= 0x1f300 && point <= 0x1faff
}

const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes a text for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => htmlEntities[letter] ?? letter)
}
