/** A measured line of a plot; `x` grows by powers of ten. */
export interface PlotLine {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

export interface Plot {
  readonly title: string
  /** Label of the x axis, such as `workflows`. */
  readonly xLabel: string
  /** Label of the y axis, such as `µs a request`. */
  readonly yLabel: string
  readonly lines: readonly PlotLine[]
}

const width = 640
const height = 320
const left = 64
const right = 150
const top = 44
const bottom = 48
const colours = ['#3451c7', '#c26a00', '#1f8a5b', '#8a4fc7']

/** Returns a plot as SVG with logarithmic axes, readable on a light and a dark page. */
export function plotSvg({ title, xLabel, yLabel, lines }: Plot): string {
  const all = lines.flatMap(({ points }) => points)
  const x = scale(
    all.map((point) => point.x),
    left,
    width - right,
  )
  const y = scale(
    all.map((point) => point.y),
    height - bottom,
    top,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">`,
    '<style>text{font:12px system-ui,sans-serif;fill:#5b6478}.t{font-weight:600;font-size:14px}',
    '.g{stroke:#8884;stroke-width:1}@media(prefers-color-scheme:dark){text{fill:#b6bfd0}}</style>',
    `<text class="t" x="${left}" y="20">${escapeXml(title)}</text>`,
    ...x.ticks.map((at) => `<text x="${x.at(at)}" y="${height - 26}" text-anchor="middle">${shown(at)}</text>`),
    ...y.ticks.map((at) => grid(y.at(at), shown(at))),
    `<text x="${(left + width - right) / 2}" y="${height - 8}" text-anchor="middle">${escapeXml(xLabel)}</text>`,
    `<text x="${left}" y="${top - 8}">${escapeXml(yLabel)}</text>`,
    ...lines.map((line, index) => polyline(line, colours[index % colours.length] ?? '', x.at, y.at)),
    '</svg>',
    '',
  ].join('\n')
}

interface Scale {
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

/** Returns a logarithmic scale between the powers of ten around the values. */
function scale(values: readonly number[], from: number, to: number): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9)
  const high = Math.max(Math.ceil(Math.log10(Math.max(...values)) - 1e-9), low + 1)
  const at = (value: number) => Math.round((from + ((to - from) * (Math.log10(value) - low)) / (high - low)) * 10) / 10
  return { at, ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)) }
}

function polyline({ name, points }: PlotLine, colour: string, x: Scale['at'], y: Scale['at']): string {
  const places = points.map((point) => `${x(point.x)},${y(point.y)}`)
  const last = points.at(-1) ?? { x: 1, y: 1 }
  return [
    `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...points.map((point) => `<circle cx="${x(point.x)}" cy="${y(point.y)}" r="3" fill="${colour}"/>`),
    `<text x="${x(last.x) + 10}" y="${y(last.y) + 4}">${escapeXml(name)}</text>`,
  ].join('')
}

function grid(at: number, label: string): string {
  return `<path class="g" d="M${left} ${at}H${width - right}"/><text x="${left - 8}" y="${at + 4}" text-anchor="end">${label}</text>`
}

function shown(value: number): string {
  return value >= 1 ? value.toLocaleString('en-US') : String(Number(value.toPrecision(2)))
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
