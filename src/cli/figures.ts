/** Figures as a person reads them. */

/** `–` where there is none. */
export const noFigure = '–'

export function percent(share: number | null): string {
  return share === null ? noFigure : `${(share * 100).toFixed(1)} %`
}

/** The difference of two shares: 83 % less 80 % are 3 points. */
export function points(difference: number): string {
  return `${(difference * 100).toFixed(1)} points`
}

/** `850 ms`, `12.3 s`, `4 min 05 s`, `2 h 10 min`. */
export function span(ms: number | null): string {
  if (ms === null) return noFigure
  if (ms < 0) return `-${span(-ms)}`
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`
}

export function decimal(value: number | null): string {
  return value === null ? noFigure : value.toFixed(2)
}

/** `0`, `30 s`, `1.5 min`, `2 h`: for axes. */
export function shortSpan(ms: number): string {
  const [size, unit] = timeUnits.find(([least]) => ms >= least) ?? [1, 'ms']
  return ms === 0 ? '0' : `${Math.round((ms / size) * 100) / 100} ${unit}`
}

const timeUnits = [
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const

/** With thin blanks between thousands. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '\u2009')
}

/** `Mon 23 Nov 2026, 09:00` in a time zone. */
export function instantIn(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(at)
}

/** `09:00` in a time zone. */
export function clockIn(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at)
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
