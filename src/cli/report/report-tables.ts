import type { ComparedFigure, Comparison, RequestFigures, SimulationResult } from '../../simulation'
import { comparedNames, verdictOn } from '../comparison-lines'
import { count, percent, span } from '../figures'
import { escaped } from './escaped'

/** A table of a page; the cells are HTML already. */
export function htmlTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = titles.map((title) => `<th scope="col">${escaped(title)}</th>`).join('')
  const body = rows.map(([first = '', ...cells]) => {
    return `<tr><th scope="row">${first}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
  })
  return `<div class="table"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`
}

const titles = ['requests', 'answered', 'service level', 'abandoned', 'mean wait', '90 % less than', 'occupancy']

/** Teams, workflows, hours and people in numbers. */
export function figureTables({ teams, workflows, byHour, staff }: SimulationResult): string {
  const hours = byHour.filter(({ offered, staffedMs }) => offered > 0 || staffedMs > 0)
  const people = staff.map(({ staffId, answered, muted, missed, occupancy }) => [
    ...[escaped(staffId), count(answered), count(muted), count(missed), percent(occupancy)],
  ])
  return [
    '<h2>By team</h2>',
    htmlTable(
      ['team', ...titles],
      teams.map((row) => [nameOf(row.team, 'no team'), ...cells(row), percent(row.occupancy)]),
    ),
    '<h2>By workflow</h2>',
    htmlTable(
      ['workflow', ...titles.slice(0, -1)],
      workflows.map((row) => [nameOf(row.workflow, 'default route'), ...cells(row)]),
    ),
    '<h2>By hour of the day</h2>',
    htmlTable(
      ['hour', ...titles],
      hours.map((row) => [`${two(row.hour)}:00`, ...cells(row), percent(row.occupancy)]),
    ),
    '<h2>By person</h2>',
    htmlTable(['person', 'answered', 'mutes', 'missed offers', 'occupancy'], people),
  ].join('\n')
}

function nameOf(name: string | null, otherwise: string): string {
  return name === null ? `<em>${otherwise}</em>` : escaped(name)
}

function cells({ offered, answered, serviceLevel, abandonment, waitMs }: RequestFigures): string[] {
  const waits = [span(waitMs?.mean ?? null), span(waitMs?.p90 ?? null)]
  return [count(offered), count(answered), percent(serviceLevel), percent(abandonment), ...waits]
}

function two(hour: number): string {
  return String(hour).padStart(2, '0')
}

/** Both sides in numbers, and the difference with its interval, drawn around zero. */
export function comparisonTable({ a, b, seeds, confidence, figures }: Comparison): string {
  const rows = figures.map((compared) => {
    const { name, told, toldDifference = told } = comparedNames[compared.figure]
    const { mean, halfWidth } = compared.difference
    const range = halfWidth === null ? '' : ` ± ${toldDifference(halfWidth)}`
    return [
      ...[escaped(name), told(compared.a.mean), told(compared.b.mean)],
      ...[`${mean > 0 ? '+' : ''}${toldDifference(mean)}${range}`, spreadOf(compared), verdictCell(compared)],
    ]
  })
  const days = `${seeds.length} ${seeds.length === 1 ? 'day' : 'days'}`
  const sides = `A is ${escaped(a.name)}, B is ${escaped(b.name)}: the same visitors on ${days}.`
  return [
    '<h2>The comparison</h2>',
    `<p class="about">${sides} The range holds the true difference with ${percent(confidence)} confidence.</p>`,
    htmlTable(['figure', 'A', 'B', 'B less A', 'range of the difference', ''], rows),
  ].join('\n')
}

const [spreadWidth, middle] = [190, 95]

/** The interval of the difference as a bar; the dashed line is no difference. */
function spreadOf({ difference: { mean, halfWidth } }: ComparedFigure): string {
  const reach = Math.max(Math.abs(mean) + (halfWidth ?? 0), 1e-12) * 1.1
  const x = (value: number) => (middle + (value / reach) * middle).toFixed(1)
  const range = halfWidth === null ? '' : `<path class="range" d="M${x(mean - halfWidth)} 8H${x(mean + halfWidth)}"/>`
  const zero = `<path class="zero" d="M${middle} 1V15"/>`
  const point = `<circle cx="${x(mean)}" cy="8" r="3.5"/>`
  return `<svg class="spread" viewBox="0 0 ${spreadWidth} 16" aria-hidden="true">${zero}${range}${point}</svg>`
}

function verdictCell({ figure, difference, isClear }: ComparedFigure): string {
  const verdict = verdictOn(figure, difference.mean, isClear)
  const look = verdict === 'B is better' ? 'good' : verdict === 'B is worse' ? 'bad' : ''
  return look === '' ? verdict : `<strong class="${look}">${verdict}</strong>`
}
