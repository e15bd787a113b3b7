import type { Comparison, IntervalFigures, SimulationResult } from '../../simulation'
import { clockIn, decimal, instantIn, percent, shortSpan, span } from '../figures'
import { type Chart, type Curve, chartFigure } from './chart'
import { numberScale, type Scale, shareScale, timeScale } from './scale'
import { timeTicks } from './time-ticks'

type Reading = (figures: IntervalFigures) => number | null

interface Plot {
  readonly title: string
  readonly readings: readonly { readonly name: string; readonly read: Reading; readonly isBars?: boolean }[]
  told(value: number | null): string
  toldTick(value: number): string
  scaleTo(max: number): Scale
}

const whole = (value: number | null) => (value === null ? '–' : String(Math.round(value * 100) / 100))

const plots: readonly Plot[] = [
  {
    title: 'Requests',
    readings: [
      { name: 'arrived', read: ({ offered }) => offered, isBars: true },
      { name: 'abandoned', read: ({ abandoned }) => abandoned, isBars: true },
    ],
    told: whole,
    toldTick: whole,
    scaleTo: numberScale,
  },
  {
    title: 'Wait until accepted',
    readings: [
      { name: 'mean', read: ({ waitMs }) => waitMs?.mean ?? null },
      { name: '90 % less than', read: ({ waitMs }) => waitMs?.p90 ?? null },
    ],
    told: span,
    toldTick: shortSpan,
    scaleTo: timeScale,
  },
  {
    title: 'Queue length',
    readings: [
      { name: 'mean', read: ({ queueLength }) => queueLength },
      { name: 'most', read: ({ maxQueueLength }) => maxQueueLength },
    ],
    told: whole,
    toldTick: whole,
    scaleTo: numberScale,
  },
  {
    title: 'Service level',
    readings: [{ name: 'service level', read: ({ serviceLevel }) => serviceLevel }],
    told: percent,
    toldTick: (value) => `${Math.round(value * 100)} %`,
    scaleTo: () => shareScale,
  },
  {
    title: 'Occupancy',
    readings: [{ name: 'occupancy', read: ({ occupancy }) => occupancy }],
    told: percent,
    toldTick: (value) => `${Math.round(value * 100)} %`,
    scaleTo: () => shareScale,
  },
  {
    title: 'People there',
    readings: [{ name: 'people', read: ({ staffed }) => staffed, isBars: true }],
    told: (value) => (Number.isInteger(value) ? whole(value) : decimal(value)),
    toldTick: whole,
    scaleTo: numberScale,
  },
]

/** The day in plots; of a comparison each plot shows both sides, as means over all its days. */
export function dayCharts(result: SimulationResult, comparison: Comparison | null): string {
  return plots.map((plot) => chartFigure(chartOf(plot, result, comparison))).join('\n')
}

function chartOf(plot: Plot, result: SimulationResult, comparison: Comparison | null): Chart {
  const { fromAt, untilAt, timeZone, series } = result
  const curves = comparison === null ? curvesOf(plot, result) : comparedCurves(plot, comparison)
  const edges = [...series.map(({ at }) => at), untilAt]
  const max = Math.max(0, ...curves.flatMap(({ values }) => values.filter((value) => value !== null)))
  return {
    ...{ title: plot.title, curves, edges, told: plot.told, toldTick: plot.toldTick, scale: plot.scaleTo(max) },
    ticks: timeTicks(fromAt, untilAt, timeZone),
    toldInterval: (index) => {
      const [from = fromAt, until = untilAt] = [edges[index], edges[index + 1]]
      const isLong = untilAt - fromAt > 86_400_000
      return `${isLong ? instantIn(timeZone, from) : clockIn(timeZone, from)} to ${clockIn(timeZone, until)}`
    },
  }
}

function curvesOf({ readings }: Plot, { series }: SimulationResult): Curve[] {
  return readings.map(({ name, read, isBars = false }, index) => ({
    ...{ name, isBars, look: index === 0 ? 'a' : 'a2' },
    values: series.map(read),
  }))
}

/** Lines even for what is bars alone: two sets of bars would hide each other. */
function comparedCurves({ readings }: Plot, { a, b }: Comparison): Curve[] {
  return [a, b].flatMap((side, which) =>
    readings.map(({ name, read }, index) => ({
      name: readings.length === 1 ? (which === 0 ? 'A' : 'B') : `${which === 0 ? 'A' : 'B'}: ${name}`,
      look: `${which === 0 ? 'a' : 'b'}${index === 0 ? '' : '2'}`,
      values: meansOf(side.results, read),
    })),
  )
}

function meansOf(results: readonly SimulationResult[], read: Reading): (number | null)[] {
  const [first] = results
  return (first?.series ?? []).map((_, index) => {
    const values = results.flatMap(({ series }) => {
      const figures = series[index]
      const value = figures === undefined ? null : read(figures)
      return value === null ? [] : [value]
    })
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
  })
}
