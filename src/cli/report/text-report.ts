import type {
  ComparedMetric,
  Comparison,
  MetricName,
  RequestStats,
  SimulationResult,
  StaffTimeStats,
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

/** Formats the result of a simulation as text. */
export function formatResult(result: SimulationResult, colorize: Colorize): string[] {
  const { scenario, seed, fromAt, untilAt, timeZone } = result
  const when = `${formatInstant(timeZone, fromAt)} to ${formatInstant(timeZone, untilAt)} (${timeZone})`
  return [
    `${colorize('bold', scenario ?? 'A day at the desk')}, seed ${seed}: ${when}`,
    '',
    ...formatTotals(result),
    ...describeLeftOut(result).map((text) => colorize('yellow', text)),
    '',
    ...formatStatsTable('by hour', result.byHour.filter(isNotEmpty).map(hourRow), colorize),
    '',
    ...formatStatsTable('by team', result.teams.map(teamRow), colorize),
    '',
    ...formatStatsTable('by workflow', result.workflows.map(workflowRow), colorize),
  ]
}

const leftOutCauses: readonly (readonly ['outsideHours' | 'repeated' | 'refused', string])[] = [
  ['outsideHours', 'outside the simulated hours'],
  ['repeated', 'of visitors whose request was open'],
  ['refused', 'refused by a limit of the policy'],
]

/** Returns a line for each cause for which arrivals opened no request, with the first of them. */
export function describeLeftOut({ leftOut, timeZone }: SimulationResult): string[] {
  return leftOutCauses.flatMap(([cause, words]) => {
    const { count, first } = leftOut[cause]
    if (count === 0) return []
    const examples = first.map(
      ({ at, visitorId }) => `${formatInstant(timeZone, at)}${visitorId === null ? '' : ` ${visitorId}`}`,
    )
    const more = count > first.length ? '; …' : ''
    return [
      `left out: ${formatCount(count)} of ${formatCount(leftOut.of)} arrivals, ${words}: ${examples.join('; ')}${more}`,
    ]
  })
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

function formatStatsTable(title: string, rows: readonly (readonly string[])[], colorize: Colorize): string[] {
  return rows.length === 0 ? [] : formatTable([{ title }, ...statsColumns], rows, colorize)
}

function isNotEmpty({ offered, staffedMs }: RequestStats & StaffTimeStats): boolean {
  return offered > 0 || staffedMs > 0
}

function hourRow(stats: SimulationResult['byHour'][number]): string[] {
  return [`${String(stats.hour).padStart(2, '0')}:00`, ...statsCells(stats), formatPercent(stats.occupancy)]
}

function teamRow(stats: SimulationResult['teams'][number]): string[] {
  return [stats.team ?? '(no team)', ...statsCells(stats), formatPercent(stats.occupancy)]
}

function workflowRow(stats: SimulationResult['workflows'][number]): string[] {
  return [stats.workflow ?? '(default route)', ...statsCells(stats), '']
}

/** Returns the cells of a row that any group of requests has, in both reports. */
export function statsCells({ offered, answered, serviceLevel, abandonment, waitMs }: RequestStats): string[] {
  const waits = [formatDuration(waitMs?.mean ?? null), formatDuration(waitMs?.p90 ?? null)]
  return [
    formatCount(offered),
    formatCount(answered),
    formatPercent(serviceLevel),
    formatPercent(abandonment),
    ...waits,
  ]
}

/** What each metric of a comparison is called, how it is written, and whether less of it is better. */
export const metricFormats: {
  readonly [Name in MetricName]: {
    readonly name: string
    readonly isLessBetter: boolean
    format(value: number): string
    readonly formatDifference?: (value: number) => string
  }
} = {
  meanWaitMs: { name: 'mean wait', isLessBetter: true, format: formatDuration },
  p90WaitMs: { name: '90 % wait less than', isLessBetter: true, format: formatDuration },
  p99WaitMs: { name: '99 % wait less than', isLessBetter: true, format: formatDuration },
  serviceLevel: {
    name: 'service level',
    isLessBetter: false,
    format: formatPercent,
    formatDifference: formatPercentagePoints,
  },
  abandonment: {
    name: 'abandoned',
    isLessBetter: true,
    format: formatPercent,
    formatDifference: formatPercentagePoints,
  },
  unattendedShare: {
    name: 'unattended for a while',
    isLessBetter: true,
    format: formatPercent,
    formatDifference: formatPercentagePoints,
  },
  stillOpen: { name: 'still open at the end', isLessBetter: true, format: formatDecimal },
  meanQueueLength: { name: 'mean queue', isLessBetter: true, format: formatDecimal },
  occupancy: {
    name: 'occupancy',
    isLessBetter: false,
    format: formatPercent,
    formatDifference: formatPercentagePoints,
  },
}

/** Two sets of workflows beside each other, as text. */
export function formatComparison({ a, b, seeds, confidence, metrics }: Comparison, colorize: Colorize): string[] {
  const columns: Column[] = [{ title: 'metric' }, ...['A', 'B', 'B less A', ''].map(rightAligned)]
  const title = colorize('bold', `Compared on ${seeds.length} days`)
  return [
    '',
    `${title}: A is ${a.name}, B is ${b.name}; ± is ${formatPercent(confidence)} confidence`,
    ...formatTable(
      columns,
      metrics.map((metric) => comparisonRow(metric)),
      colorize,
    ),
  ]
}

function rightAligned(title: string): Column {
  return { title, align: title === '' ? 'left' : 'right' }
}

function comparisonRow({ metric, a, b, difference, isClear }: ComparedMetric): string[] {
  const { name, format, formatDifference = format } = metricFormats[metric]
  const { mean, halfWidth } = difference
  const range = halfWidth === null ? '' : ` ± ${formatDifference(halfWidth)}`
  return [
    name,
    format(a.mean),
    format(b.mean),
    `${mean > 0 ? '+' : ''}${formatDifference(mean)}${range}`,
    describeDifference(metric, mean, isClear),
  ]
}

/** Returns whether B is better or worse, or that the difference is not clear; more occupancy is neither. */
export function describeDifference(metric: MetricName, difference: number, isClear: boolean | null): string {
  if (isClear === null) return noValue
  if (!isClear) return 'no clear difference'
  if (metric === 'occupancy') return difference > 0 ? 'more' : 'less'
  return difference < 0 === metricFormats[metric].isLessBetter ? 'B is better' : 'B is worse'
}
