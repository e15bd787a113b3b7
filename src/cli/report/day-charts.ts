import type { Comparison, IntervalStats, SimulationResult } from '../../simulation'
import {
  formatClockTime,
  formatDecimal,
  formatDuration,
  formatInstant,
  formatPercent,
  formatShortDuration,
} from '../format'
import {
  type AxisScale,
  type Chart,
  createTimeTicks,
  numberScale,
  renderChart,
  type Series,
  shareScale,
  timeScale,
} from './chart'

type MetricReader = (stats: IntervalStats) => number | null

interface PlotDefinition {
  readonly title: string
  readonly series: readonly { readonly name: string; readonly read: MetricReader; readonly isBars?: boolean }[]
  format(value: number | null): string
  formatTick(value: number): string
  createScale(max: number): AxisScale
}

const formatNumber = (value: number | null) => (value === null ? '–' : String(Math.round(value * 100) / 100))

const plots: readonly PlotDefinition[] = [
  {
    title: 'Requests',
    series: [
      { name: 'arrived', read: ({ offered }) => offered, isBars: true },
      { name: 'abandoned', read: ({ abandoned }) => abandoned, isBars: true },
    ],
    format: formatNumber,
    formatTick: formatNumber,
    createScale: numberScale,
  },
  {
    title: 'Wait until accepted',
    series: [
      { name: 'mean', read: ({ waitMs }) => waitMs?.mean ?? null },
      { name: '90 % less than', read: ({ waitMs }) => waitMs?.p90 ?? null },
    ],
    format: formatDuration,
    formatTick: formatShortDuration,
    createScale: timeScale,
  },
  {
    title: 'Queue length',
    series: [
      { name: 'mean', read: ({ queueLength }) => queueLength },
      { name: 'most', read: ({ maxQueueLength }) => maxQueueLength },
    ],
    format: formatNumber,
    formatTick: formatNumber,
    createScale: numberScale,
  },
  {
    title: 'Service level',
    series: [{ name: 'service level', read: ({ serviceLevel }) => serviceLevel }],
    format: formatPercent,
    formatTick: (value) => `${Math.round(value * 100)} %`,
    createScale: () => shareScale,
  },
  {
    title: 'Occupancy',
    series: [{ name: 'occupancy', read: ({ occupancy }) => occupancy }],
    format: formatPercent,
    formatTick: (value) => `${Math.round(value * 100)} %`,
    createScale: () => shareScale,
  },
  {
    title: 'People there',
    series: [{ name: 'people', read: ({ staffed }) => staffed, isBars: true }],
    format: (value) => (Number.isInteger(value) ? formatNumber(value) : formatDecimal(value)),
    formatTick: formatNumber,
    createScale: numberScale,
  },
]

/** Renders the plots of a day; of a comparison, both sides in each, as means over all days. */
export function renderDayCharts(result: SimulationResult, comparison: Comparison | null): string {
  return plots.map((plot) => renderChart(toChart(plot, result, comparison))).join('\n')
}

function toChart(plot: PlotDefinition, result: SimulationResult, comparison: Comparison | null): Chart {
  const { fromAt, untilAt, timeZone, series } = result
  const curves = comparison === null ? toSeries(plot, result) : toComparedSeries(plot, comparison)
  const edges = [...series.map(({ at }) => at), untilAt]
  const max = Math.max(0, ...curves.flatMap(({ values }) => values.filter((value) => value !== null)))
  return {
    ...{
      title: plot.title,
      curves,
      edges,
      format: plot.format,
      formatTick: plot.formatTick,
      scale: plot.createScale(max),
    },
    ticks: createTimeTicks(fromAt, untilAt, timeZone),
    formatInterval: (index) => {
      const [from = fromAt, until = untilAt] = [edges[index], edges[index + 1]]
      const isLong = untilAt - fromAt > 86_400_000
      return `${isLong ? formatInstant(timeZone, from) : formatClockTime(timeZone, from)} to ${formatClockTime(timeZone, until)}`
    },
  }
}

function toSeries({ series: plotted }: PlotDefinition, { series }: SimulationResult): Series[] {
  return plotted.map(({ name, read, isBars = false }, index) => ({
    ...{ name, isBars, style: index === 0 ? 'a' : 'a2' },
    values: series.map(read),
  }))
}

/** Lines also for bars: two sets of bars would hide each other. */
function toComparedSeries({ series }: PlotDefinition, { a, b }: Comparison): Series[] {
  return [a, b].flatMap((side, which) =>
    series.map(({ name, read }, index) => ({
      name: series.length === 1 ? (which === 0 ? 'A' : 'B') : `${which === 0 ? 'A' : 'B'}: ${name}`,
      style: `${which === 0 ? 'a' : 'b'}${index === 0 ? '' : '2'}`,
      values: meanOfRuns(side.results, read),
    })),
  )
}

function meanOfRuns(results: readonly SimulationResult[], read: MetricReader): (number | null)[] {
  const [first] = results
  return (first?.series ?? []).map((_, index) => {
    const values = results.flatMap(({ series }) => {
      const stats = series[index]
      const value = stats === undefined ? null : read(stats)
      return value === null ? [] : [value]
    })
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
  })
}
