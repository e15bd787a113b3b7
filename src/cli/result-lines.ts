import type { RequestFigures, SimulationResult, StaffTimeFigures } from '../simulation'
import { count, decimal, instantIn, percent, span } from './figures'
import type { Paint } from './terminal'
import { type Column, padded, textTable } from './text-table'

/** What came of a simulated day, as text. */
export function resultLines(result: SimulationResult, paint: Paint): string[] {
  const { scenario, seed, fromAt, untilAt, timeZone } = result
  const when = `${instantIn(timeZone, fromAt)} to ${instantIn(timeZone, untilAt)} (${timeZone})`
  return [
    `${paint('bold', scenario ?? 'A day at the desk')}, seed ${seed}: ${when}`,
    '',
    ...totalLines(result),
    '',
    ...tableOf('by hour', result.byHour.filter(isUsed).map(hourRow), paint),
    '',
    ...tableOf('by team', result.teams.map(teamRow), paint),
    '',
    ...tableOf('by workflow', result.workflows.map(workflowRow), paint),
  ]
}

function totalLines({ total, serviceLevelMs }: SimulationResult): string[] {
  const { waitMs } = total
  const rows: [string, string][] = [
    ['requests', count(total.offered)],
    [
      'answered',
      `${count(total.answered)}, of these in time (${span(serviceLevelMs)}): ${count(total.answeredInTime)}`,
    ],
    ['service level', percent(total.serviceLevel)],
    ['abandoned', `${count(total.abandoned)} (${percent(total.abandonment)})`],
    ['unattended', `${count(total.unattended)} had nobody for a while`],
    ['still open', count(total.stillOpen)],
    ['wait: mean, p50', `${span(waitMs?.mean ?? null)}, ${span(waitMs?.p50 ?? null)}`],
    ['wait: p90, p99, max', [waitMs?.p90, waitMs?.p99, waitMs?.max].map((ms) => span(ms ?? null)).join(', ')],
    ['queue: mean, most', `${decimal(total.meanQueueLength)}, ${total.maxQueueLength}`],
    ['occupancy', percent(total.occupancy)],
  ]
  const width = Math.max(...rows.map(([label]) => label.length))
  const rare: [string, number][] = [
    ['refused by a limit', total.refused],
    ['closed by maxWaitMs', total.expired],
    ['mutes', total.muted],
    ['missed offers', total.missed],
  ]
  const seen = rare.filter(([, value]) => value > 0).map(([label, value]): [string, string] => [label, count(value)])
  return [...rows, ...seen].map(([label, value]) => `${padded(label, width)}  ${value}`)
}

const figureColumns: readonly Column[] = [
  'requests',
  'answered',
  'service',
  'abandoned',
  'wait mean',
  'wait p90',
  'occupancy',
].map((title) => ({ title, align: 'right' }))

function tableOf(title: string, rows: readonly (readonly string[])[], paint: Paint): string[] {
  return rows.length === 0 ? [] : textTable([{ title }, ...figureColumns], rows, paint)
}

function isUsed({ offered, staffedMs }: RequestFigures & StaffTimeFigures): boolean {
  return offered > 0 || staffedMs > 0
}

function hourRow(figures: SimulationResult['byHour'][number]): string[] {
  return [`${String(figures.hour).padStart(2, '0')}:00`, ...cellsOf(figures), percent(figures.occupancy)]
}

function teamRow(figures: SimulationResult['teams'][number]): string[] {
  return [figures.team ?? '(no team)', ...cellsOf(figures), percent(figures.occupancy)]
}

function workflowRow(figures: SimulationResult['workflows'][number]): string[] {
  return [figures.workflow ?? '(default route)', ...cellsOf(figures), '']
}

function cellsOf({ offered, answered, serviceLevel, abandonment, waitMs }: RequestFigures): string[] {
  const waits = [span(waitMs?.mean ?? null), span(waitMs?.p90 ?? null)]
  return [count(offered), count(answered), percent(serviceLevel), percent(abandonment), ...waits]
}
