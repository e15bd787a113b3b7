import { escapeHtml, formatClockTime } from '../format'

/** One curve over the intervals of the day; `null` where there is no value. */
export interface Series {
  readonly name: string
  /** Which colour and dash of the style sheet: `a`, `b`, `a2`, `b2`. */
  readonly style: string
  readonly values: readonly (number | null)[]
  /** Bars standing on the axis instead of a line. */
  readonly isBars?: boolean
}

export interface Chart {
  readonly title: string
  readonly curves: readonly Series[]
  readonly scale: AxisScale
  /** Edges of the intervals: one more than there are values. */
  readonly edges: readonly number[]
  readonly ticks: readonly TimeTick[]
  format(value: number | null): string
  /** A value of the axis, where there is little room. */
  formatTick(value: number): string
  /** The interval in words. */
  formatInterval(index: number): string
}

const [width, height] = [640, 220]
const [left, right, top, bottom] = [64, 20, 10, 26]

/** Renders a plot with a legend. The browser shows the values under the pointer by itself, without a script. */
export function renderChart(chart: Chart): string {
  const { title, curves, scale, ticks, formatTick } = chart
  const x = xScale(chart)
  const y = yScale(scale)
  const rows = scale.ticks.map(
    (value) =>
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}"/>` +
      `<text class="y" x="${left - 6}" y="${y(value)}">${escapeHtml(formatTick(value))}</text>`,
  )
  const hours = ticks.map(
    ({ at, label }) => `<text class="x" x="${x(at)}" y="${height - 8}">${escapeHtml(label)}</text>${renderTick(x(at))}`,
  )
  const drawn = curves.map((curve) => (curve.isBars === true ? renderBars(chart, curve) : renderLine(chart, curve)))
  return [
    '<figure>',
    `<figcaption><h3>${escapeHtml(title)}</h3>${renderLegend(curves)}</figcaption>`,
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(chartDescription(chart))}">`,
    ...rows,
    `<g class="hours">${hours.join('')}</g>`,
    ...drawn,
    ...renderHoverColumns(chart),
    '</svg></figure>',
  ].join('\n')
}

function renderTick(x: number): string {
  return `<line class="tick" x1="${x}" x2="${x}" y1="${height - bottom}" y2="${height - bottom + 4}"/>`
}

function renderLegend(curves: readonly Series[]): string {
  if (curves.length < 2) return ''
  const entries = curves.map(({ name, style, isBars }) => {
    const mark =
      isBars === true
        ? `<rect class="bar ${style}" width="14" height="10" y="1"/>`
        : `<path class="line ${style}" d="M0 6H22"/>`
    return `<span><svg viewBox="0 0 22 12" aria-hidden="true">${mark}</svg>${escapeHtml(name)}</span>`
  })
  return `<p class="legend">${entries.join('')}</p>`
}

/** The description of the plot for screen readers. */
function chartDescription({ title, curves, format }: Chart): string {
  const peaks = curves.map(({ name, values }) => {
    const known = values.filter((value) => value !== null)
    return known.length === 0
      ? `${name}: nothing`
      : `${name}: ${format(Math.min(...known))} to ${format(Math.max(...known))}`
  })
  return `${title}. ${peaks.join('; ')}`
}

function renderLine(chart: Chart, { style, values }: Series): string {
  const [x, y] = [xScale(chart), yScale(chart.scale)]
  const middle = (index: number) => x(((chart.edges[index] ?? 0) + (chart.edges[index + 1] ?? 0)) / 2)
  const runs: string[][] = [[]]
  for (const [index, value] of values.entries()) {
    if (value === null) runs.push([])
    else runs.at(-1)?.push(`${middle(index)} ${y(value)}`)
  }
  const drawn = runs.filter((run) => run.length > 0)
  const path = drawn.map((run) => `M${run.join('L')}`).join('')
  const dots = drawn.filter((run) => run.length === 1).flatMap(([point = '']) => renderDot(point, style))
  return `<path class="line ${style}" d="${path}"/>${dots.join('')}`
}

/** A single value between two gaps. */
function renderDot(point: string, look: string): string {
  const [cx, cy] = point.split(' ')
  return `<circle class="dot ${look}" cx="${cx}" cy="${cy}" r="2.5"/>`
}

function renderBars(chart: Chart, { style, values }: Series): string {
  const [x, y] = [xScale(chart), yScale(chart.scale)]
  const bars = values.map((value, index) => {
    if (value === null || value === 0) return ''
    const [from, to] = [x(chart.edges[index] ?? 0), x(chart.edges[index + 1] ?? 0)]
    const gap = Math.min(1.5, (to - from) / 6)
    const size = `width="${roundCoordinate(to - from - gap)}" height="${roundCoordinate(y(0) - y(value))}"`
    return `<rect class="bar ${style}" x="${roundCoordinate(from + gap / 2)}" y="${y(value)}" ${size}/>`
  })
  return bars.join('')
}

/** Renders invisible columns whose titles have the values of their interval. */
function renderHoverColumns(chart: Chart): string[] {
  const x = xScale(chart)
  const { edges, curves, format, formatInterval } = chart
  return edges.slice(0, -1).map((from, index) => {
    const [start, end] = [x(from), x(edges[index + 1] ?? from)]
    const lines = curves.map(({ name, values }) => `${name}: ${format(values[index] ?? null)}`)
    const place = `x="${start}" y="${top}" width="${roundCoordinate(end - start)}" height="${height - top - bottom}"`
    return `<rect class="hover" ${place}><title>${escapeHtml([formatInterval(index), ...lines].join('\n'))}</title></rect>`
  })
}

function xScale({ edges }: Chart): (at: number) => number {
  const [from, until] = [edges[0] ?? 0, edges.at(-1) ?? 1]
  return (at) => roundCoordinate(left + ((at - from) / (until - from)) * (width - left - right))
}

function yScale({ max }: AxisScale): (value: number) => number {
  return (value) => roundCoordinate(height - bottom - (Math.min(value, max) / max) * (height - top - bottom))
}

function roundCoordinate(value: number): number {
  return Math.round(value * 100) / 100
}

/** An axis from 0 up, with round values to write beside it. */
export interface AxisScale {
  readonly max: number
  readonly ticks: readonly number[]
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** Steps at which people read time. */
const timeTickSteps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 4, 6, 12, 24, 48].map((count) => count * hour),
]

const valueTicksMax = 5

/** Up to the largest value and a little more. */
export function numberScale(max: number): AxisScale {
  const power = 10 ** Math.floor(Math.log10(Math.max(max, 1e-9) / valueTicksMax))
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((one) => max / one <= valueTicksMax) ?? power
  return createScale(max, Math.max(step, max <= 1 ? 0.2 : 1))
}

export function timeScale(maxMs: number): AxisScale {
  return createScale(maxMs, timeTickSteps.find((step) => maxMs / step <= valueTicksMax) ?? 48 * hour)
}

/** 0 to 100 %. */
export const shareScale: AxisScale = { max: 1, ticks: [0, 0.25, 0.5, 0.75, 1] }

function createScale(max: number, step: number): AxisScale {
  const count = Math.max(1, Math.ceil(max / step - 1e-9))
  return { max: count * step, ticks: Array.from({ length: count + 1 }, (_, index) => index * step) }
}

export interface TimeTick {
  readonly at: number
  readonly label: string
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const timeTicksMax = 12
const clockTickSteps = [hourMs / 4, hourMs / 2, ...[1, 2, 3, 4, 6, 12].map((hours) => hours * hourMs)]

/** Round times of the day in a zone, or, for longer stretches, days. */
export function createTimeTicks(fromAt: number, untilAt: number, timeZone: string): TimeTick[] {
  const step = clockTickSteps.find((one) => (untilAt - fromAt) / one <= timeTicksMax) ?? dayTickStep(untilAt - fromAt)
  const offset = utcOffsetAt(timeZone, fromAt)
  const ticks: TimeTick[] = []
  for (let at = Math.ceil((fromAt + offset) / step) * step - offset; at <= untilAt; at += step) {
    ticks.push({ at, label: step >= dayMs ? formatDay(timeZone, at) : formatClockTime(timeZone, at) })
  }
  return ticks
}

function dayTickStep(lengthMs: number): number {
  return Math.max(1, Math.ceil(lengthMs / dayMs / timeTicksMax)) * dayMs
}

function formatDay(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', day: 'numeric' }).format(at)
}

/** Local time less UTC. */
function utcOffsetAt(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  } as const).formatToParts(at)
  const number = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
  const [year, month, day] = [number('year'), number('month') - 1, number('day')]
  return Date.UTC(year, month, day, number('hour'), number('minute'), number('second')) - Math.floor(at / 1_000) * 1_000
}
