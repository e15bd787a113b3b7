import { escaped } from './escaped'
import type { Scale } from './scale'
import type { TimeTick } from './time-ticks'

/** One curve over the intervals of the day; `null` where there is nothing to say. */
export interface Curve {
  readonly name: string
  /** Which colour and dash of the style sheet: `a`, `b`, `a2`, `b2`. */
  readonly look: string
  readonly values: readonly (number | null)[]
  /** Bars standing on the axis instead of a line. */
  readonly isBars?: boolean
}

export interface Chart {
  readonly title: string
  readonly curves: readonly Curve[]
  readonly scale: Scale
  /** Edges of the intervals: one more than there are values. */
  readonly edges: readonly number[]
  readonly ticks: readonly TimeTick[]
  told(value: number | null): string
  /** A value of the axis, where there is little room. */
  toldTick(value: number): string
  /** The interval in words. */
  toldInterval(index: number): string
}

const [width, height] = [640, 220]
const [left, right, top, bottom] = [64, 20, 10, 26]

/** A plot as a figure with a legend; what stands under the pointer is told by the browser itself, without a script. */
export function chartFigure(chart: Chart): string {
  const { title, curves, scale, ticks, toldTick } = chart
  const x = xOf(chart)
  const y = yOf(scale)
  const rows = scale.ticks.map(
    (value) =>
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}"/>` +
      `<text class="y" x="${left - 6}" y="${y(value)}">${escaped(toldTick(value))}</text>`,
  )
  const hours = ticks.map(
    ({ at, label }) => `<text class="x" x="${x(at)}" y="${height - 8}">${escaped(label)}</text>${tickMark(x(at))}`,
  )
  const drawn = curves.map((curve) => (curve.isBars === true ? barsOf(chart, curve) : lineOf(chart, curve)))
  return [
    '<figure>',
    `<figcaption><h3>${escaped(title)}</h3>${legendOf(curves)}</figcaption>`,
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(labelOf(chart))}">`,
    ...rows,
    `<g class="hours">${hours.join('')}</g>`,
    ...drawn,
    ...hoverOf(chart),
    '</svg></figure>',
  ].join('\n')
}

function tickMark(x: number): string {
  return `<line class="tick" x1="${x}" x2="${x}" y1="${height - bottom}" y2="${height - bottom + 4}"/>`
}

function legendOf(curves: readonly Curve[]): string {
  if (curves.length < 2) return ''
  const entries = curves.map(({ name, look, isBars }) => {
    const mark =
      isBars === true
        ? `<rect class="bar ${look}" width="14" height="10" y="1"/>`
        : `<path class="line ${look}" d="M0 6H22"/>`
    return `<span><svg viewBox="0 0 22 12" aria-hidden="true">${mark}</svg>${escaped(name)}</span>`
  })
  return `<p class="legend">${entries.join('')}</p>`
}

/** What somebody hears who does not see the plot. */
function labelOf({ title, curves, told }: Chart): string {
  const peaks = curves.map(({ name, values }) => {
    const known = values.filter((value) => value !== null)
    return known.length === 0
      ? `${name}: nothing`
      : `${name}: ${told(Math.min(...known))} to ${told(Math.max(...known))}`
  })
  return `${title}. ${peaks.join('; ')}`
}

function lineOf(chart: Chart, { look, values }: Curve): string {
  const [x, y] = [xOf(chart), yOf(chart.scale)]
  const middle = (index: number) => x(((chart.edges[index] ?? 0) + (chart.edges[index + 1] ?? 0)) / 2)
  const runs: string[][] = [[]]
  for (const [index, value] of values.entries()) {
    if (value === null) runs.push([])
    else runs.at(-1)?.push(`${middle(index)} ${y(value)}`)
  }
  const drawn = runs.filter((run) => run.length > 0)
  const path = drawn.map((run) => `M${run.join('L')}`).join('')
  const dots = drawn.filter((run) => run.length === 1).flatMap(([point = '']) => dotAt(point, look))
  return `<path class="line ${look}" d="${path}"/>${dots.join('')}`
}

/** A single value between two gaps. */
function dotAt(point: string, look: string): string {
  const [cx, cy] = point.split(' ')
  return `<circle class="dot ${look}" cx="${cx}" cy="${cy}" r="2.5"/>`
}

function barsOf(chart: Chart, { look, values }: Curve): string {
  const [x, y] = [xOf(chart), yOf(chart.scale)]
  const bars = values.map((value, index) => {
    if (value === null || value === 0) return ''
    const [from, to] = [x(chart.edges[index] ?? 0), x(chart.edges[index + 1] ?? 0)]
    const gap = Math.min(1.5, (to - from) / 6)
    const size = `width="${fixed(to - from - gap)}" height="${fixed(y(0) - y(value))}"`
    return `<rect class="bar ${look}" x="${fixed(from + gap / 2)}" y="${y(value)}" ${size}/>`
  })
  return bars.join('')
}

/** Invisible columns that tell their interval's values. */
function hoverOf(chart: Chart): string[] {
  const x = xOf(chart)
  const { edges, curves, told, toldInterval } = chart
  return edges.slice(0, -1).map((from, index) => {
    const [start, end] = [x(from), x(edges[index + 1] ?? from)]
    const lines = curves.map(({ name, values }) => `${name}: ${told(values[index] ?? null)}`)
    const place = `x="${start}" y="${top}" width="${fixed(end - start)}" height="${height - top - bottom}"`
    return `<rect class="hover" ${place}><title>${escaped([toldInterval(index), ...lines].join('\n'))}</title></rect>`
  })
}

function xOf({ edges }: Chart): (at: number) => number {
  const [from, until] = [edges[0] ?? 0, edges.at(-1) ?? 1]
  return (at) => fixed(left + ((at - from) / (until - from)) * (width - left - right))
}

function yOf({ max }: Scale): (value: number) => number {
  return (value) => fixed(height - bottom - (Math.min(value, max) / max) * (height - top - bottom))
}

function fixed(value: number): number {
  return Math.round(value * 100) / 100
}
