import type {
  ComparedMetric,
  Comparison,
  MetricName,
  RequestFigures,
  SimulationResult,
  StaffTimeFigures,
} from '../../simulation'
import {
  type Column,
  formatCount,
  formatDecimal,
  formatDuration,
  formatInstant,
  formatPercent,
  formatPercentagePoints,
  formatTable,
  noValue,
  pad,
} from '../format'
import type { Colorize } from '../terminal'

/** What came of a simulated day, as text. */
export function formatResult(result: SimulationResult, paint: Colorize): string[] {
  const { scenario, seed, fromAt, untilAt, timeZone } = result
  const when = `${formatInstant(timeZone, fromAt)} to ${formatInstant(timeZone, untilAt)} (${timeZone})`
  return [
    `${paint('bold', scenario ?? 'A day at the desk')}, seed ${seed}: ${when}`,
    '',
    ...formatTotals(result),
    '',
    ...formatStatsTable('by hour', result.byHour.filter(isNotEmpty).map(hourRow), paint),
    '',
    ...formatStatsTable('by team', result.teams.map(teamRow), paint),
    '',
    ...formatStatsTable('by workflow', result.workflows.map(workflowRow), paint),
  ]
}

function formatTotals({ total, serviceLevelMs }: SimulationResult): string[] {
  const { waitMs } = total
  const rows: [string, string][] = [
    ['requests', formatCount(total.offered)],
    [
      'answered',
      `${formatCount(total.answered)}, of these in time (${formatDuration(serviceLevelMs)}): ${formatCount(total.answeredInTime)}`,
    ],
    ['service level', formatPercent(total.serviceLevel)],
    ['abandoned', `${formatCount(total.abandoned)} (${formatPercent(total.abandonment)})`],
    ['unattended', `${formatCount(total.unattended)} had nobody for a while`],
    ['still open', formatCount(total.stillOpen)],
    ['wait: mean, p50', `${formatDuration(waitMs?.mean ?? null)}, ${formatDuration(waitMs?.p50 ?? null)}`],
    ['wait: p90, p99, max', [waitMs?.p90, waitMs?.p99, waitMs?.max].map((ms) => formatDuration(ms ?? null)).join(', ')],
    ['queue: mean, most', `${formatDecimal(total.meanQueueLength)}, ${total.maxQueueLength}`],
    ['occupancy', formatPercent(total.occupancy)],
  ]
  const width = Math.max(...rows.map(([label]) => label.length))
  const rare: [string, number][] = [
    ['refused by a limit', total.refused],
    ['closed by maxWaitMs', total.expired],
    ['mutes', total.muted],
    ['missed offers', total.missed],
  ]
  const seen = rare
    .filter(([, value]) => value > 0)
    .map(([label, value]): [string, string] => [label, formatCount(value)])
  return [...rows, ...seen].map(([label, value]) => `${pad(label, width)}  ${value}`)
}

const statsColumns: readonly Column[] = [
  'requests',
  'answered',
  'service',
  'abandoned',
  'wait mean',
  'wait p90',
  'occupancy',
].map((title) => ({ title, align: 'right' }))

function formatStatsTable(title: string, rows: readonly (readonly string[])[], paint: Colorize): string[] {
  return rows.length === 0 ? [] : formatTable([{ title }, ...statsColumns], rows, paint)
}

function isNotEmpty({ offered, staffedMs }: RequestFigures & StaffTimeFigures): boolean {
  return offered > 0 || staffedMs > 0
}

function hourRow(figures: SimulationResult['byHour'][number]): string[] {
  return [`${String(figures.hour).padStart(2, '0')}:00`, ...statsCells(figures), formatPercent(figures.occupancy)]
}

function teamRow(figures: SimulationResult['teams'][number]): string[] {
  return [figures.team ?? '(no team)', ...statsCells(figures), formatPercent(figures.occupancy)]
}

function workflowRow(figures: SimulationResult['workflows'][number]): string[] {
  return [figures.workflow ?? '(default route)', ...statsCells(figures), '']
}

function statsCells({ offered, answered, serviceLevel, abandonment, waitMs }: RequestFigures): string[] {
  const waits = [formatDuration(waitMs?.mean ?? null), formatDuration(waitMs?.p90 ?? null)]
  return [
    formatCount(offered),
    formatCount(answered),
    formatPercent(serviceLevel),
    formatPercent(abandonment),
    ...waits,
  ]
}

/** What each figure of a comparison is called, how it is written, and whether less of it is better. */
export const metricFormats: {
  readonly [Name in MetricName]: {
    readonly name: string
    readonly isLessBetter: boolean
    told(value: number): string
    readonly toldDifference?: (value: number) => string
  }
} = {
  meanWaitMs: { name: 'mean wait', isLessBetter: true, told: formatDuration },
  p90WaitMs: { name: '90 % wait less than', isLessBetter: true, told: formatDuration },
  p99WaitMs: { name: '99 % wait less than', isLessBetter: true, told: formatDuration },
  serviceLevel: {
    name: 'service level',
    isLessBetter: false,
    told: formatPercent,
    toldDifference: formatPercentagePoints,
  },
  abandonment: { name: 'abandoned', isLessBetter: true, told: formatPercent, toldDifference: formatPercentagePoints },
  unattendedShare: {
    name: 'unattended for a while',
    isLessBetter: true,
    told: formatPercent,
    toldDifference: formatPercentagePoints,
  },
  stillOpen: { name: 'still open at the end', isLessBetter: true, told: formatDecimal },
  meanQueueLength: { name: 'mean queue', isLessBetter: true, told: formatDecimal },
  occupancy: { name: 'occupancy', isLessBetter: false, told: formatPercent, toldDifference: formatPercentagePoints },
}

/** Two sets of workflows beside each other, as text. */
export function formatComparison({ a, b, seeds, confidence, figures }: Comparison, paint: Colorize): string[] {
  const columns: Column[] = [{ title: 'figure' }, ...['A', 'B', 'B less A', ''].map(rightAligned)]
  const title = paint('bold', `Compared on ${seeds.length} days`)
  return [
    '',
    `${title}: A is ${a.name}, B is ${b.name}; ± is ${formatPercent(confidence)} confidence`,
    ...formatTable(
      columns,
      figures.map((figure) => comparisonRow(figure)),
      paint,
    ),
  ]
}

function rightAligned(title: string): Column {
  return { title, align: title === '' ? 'left' : 'right' }
}

function comparisonRow({ figure, a, b, difference, isClear }: ComparedMetric): string[] {
  const { name, told, toldDifference = told } = metricFormats[figure]
  const { mean, halfWidth } = difference
  const range = halfWidth === null ? '' : ` ± ${toldDifference(halfWidth)}`
  return [
    name,
    told(a.mean),
    told(b.mean),
    `${mean > 0 ? '+' : ''}${toldDifference(mean)}${range}`,
    describeDifference(figure, mean, isClear),
  ]
}

/** `better`, `worse`, or that it cannot be told; more occupancy is neither. */
export function describeDifference(figure: MetricName, difference: number, isClear: boolean | null): string {
  if (isClear === null) return noValue
  if (!isClear) return 'no clear difference'
  if (figure === 'occupancy') return difference > 0 ? 'more' : 'less'
  return difference < 0 === metricFormats[figure].isLessBetter ? 'B is better' : 'B is worse'
}
