import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Sample } from '../../supervisor/supervisor-protocol'
import { cssColor } from './css-color'

export interface PlotLine {
  readonly label: string
  readonly color: `--${string}`
  readonly isFilled: boolean
  readonly isDashed?: boolean
  readonly value: (sample: Sample) => number | null
}

export interface PlotOptions {
  readonly title: string
  readonly lines: readonly PlotLine[]
  readonly text: (value: number) => string
  /** The axis shows at least this value. */
  readonly atLeast: number
  /** The axis shows at most this value. */
  readonly atMost?: number
}

const heightPx = 168
/** A plot with few samples is as wide as its samples, but at least this long. */
const spanMinMs = 60_000
const nothing = '–'

/** A moving plot of the last minutes, with the values of now, or of the instant under the pointer, as text. */
export class LivePlot {
  readonly element = document.createElement('div')
  readonly #options: PlotOptions
  readonly #readouts: readonly HTMLElement[]
  readonly #plot: uPlot
  #samples: readonly Sample[] = []
  #range: [number, number] = [0, 1]

  constructor(options: PlotOptions) {
    this.#options = options
    this.#readouts = options.lines.map(() => document.createElement('b'))
    const place = document.createElement('div')
    place.className = 'plot-place'
    place.setAttribute('aria-hidden', 'true')
    this.element.className = 'plot'
    this.element.append(this.#legend(), place)
    this.#plot = new uPlot(this.#settings(), [[]], place)
    new ResizeObserver(() => this.#plot.setSize({ width: place.clientWidth, height: heightPx })).observe(place)
  }

  show(samples: readonly Sample[], toAt: number, spanMs: number): void {
    this.#samples = samples.filter(({ at }) => at >= toAt - spanMs - 2_000)
    const beganAt = Math.min(this.#samples[0]?.at ?? toAt, toAt - spanMinMs)
    this.#range = [Math.max(toAt - spanMs, beganAt) / 1_000, toAt / 1_000]
    const times = this.#samples.map(({ at }) => at / 1_000)
    this.#plot.setData([times, ...this.#options.lines.map(({ value }) => this.#samples.map(value))])
    this.#read()
  }

  #legend(): HTMLElement {
    const legend = document.createElement('p')
    legend.className = 'plot-legend'
    for (const [index, { label, color }] of this.#options.lines.entries()) {
      const dot = document.createElement('i')
      dot.style.background = `var(${color})`
      const entry = document.createElement('span')
      entry.append(dot, `${label} `, this.#readouts[index] ?? '')
      legend.append(entry)
    }
    return legend
  }

  #settings(): uPlot.Options {
    const { lines, atLeast, atMost = Number.POSITIVE_INFINITY, text } = this.#options
    const axis = { stroke: () => cssColor('var(--soft)'), font: '12px system-ui', ticks: { show: false } }
    const grid = { stroke: () => cssColor('var(--line)'), width: 1 }
    return {
      width: 400,
      height: heightPx,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      hooks: { setCursor: [() => this.#read()] },
      scales: {
        x: { range: () => this.#range },
        y: { range: (_plot, _min, max) => [0, Math.min(atMost, Math.max(atLeast, Math.ceil((max ?? 0) * 1.15)))] },
      },
      axes: [
        { ...axis, grid: { show: false }, size: 26, space: 76, values: clockTexts },
        { ...axis, grid, size: 46, space: 26, values: (_plot, ticks) => ticks.map((tick) => text(tick)) },
      ],
      series: [
        {},
        ...lines.map(({ label, color, isFilled, isDashed = false }) => ({
          label,
          width: 2,
          stroke: () => cssColor(`var(${color})`),
          points: { show: false },
          ...(isDashed ? { dash: [5, 5] } : {}),
          ...(isFilled ? { fill: () => cssColor(`color-mix(in srgb, var(${color}) 14%, transparent)`) } : {}),
        })),
      ],
    }
  }

  #read(): void {
    const pointed = this.#plot?.cursor.idx
    const sample = this.#samples[pointed ?? this.#samples.length - 1]
    for (const [index, { value }] of this.#options.lines.entries()) {
      const current = sample === undefined ? null : value(sample)
      const shown = current === null ? nothing : this.#options.text(current)
      const readout = this.#readouts[index]
      if (readout !== undefined && readout.textContent !== shown) readout.textContent = shown
    }
  }
}

function clockTexts(_plot: uPlot, ticks: readonly number[]): string[] {
  const areClose = ticks.length > 1 && Number(ticks[1]) - Number(ticks[0]) < 60
  const parts: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
  const shown: Intl.DateTimeFormatOptions = areClose ? { ...parts, second: '2-digit' } : parts
  return ticks.map((tick) => new Date(tick * 1_000).toLocaleTimeString([], shown))
}
