import type { ComparedMetric, Comparison, SimulationResult } from '../../simulation'
import { escapeHtml, formatCount, formatDuration, formatInstant, formatPercent } from '../format'
import { renderDayCharts } from './day-charts'
import { describeDifference, describeLeftOut, metricFormats, statsCells } from './text-report'

/** Renders the report as one file without scripts or external resources: its own content policy forbids both. */
export function renderHtmlReport(result: SimulationResult, comparison: Comparison | null): string {
  const title = escapeHtml(result.scenario ?? 'A day at the desk')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${reportStyleSheet}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${renderPeriod(result)}
${renderFindings(result)}
${renderLeftOut(result)}
${renderTiles(result)}
${comparison === null ? '' : renderComparison(comparison)}
<h2>Over the day</h2>
${renderPlotsNote(comparison)}
<div class="plots">
${renderDayCharts(result, comparison)}
</div>
${renderStatsTables(result)}
<footer>Simulated by frontbell with seed ${result.seed}, which gives the same day again. Requests count where they arrived;
percentiles are within 1 %.</footer>
</main>
</body>
</html>
`
}

function renderPeriod({ fromAt, untilAt, timeZone, serviceLevelMs }: SimulationResult): string {
  const when = `${formatInstant(timeZone, fromAt)} to ${formatInstant(timeZone, untilAt)}, ${timeZone}`
  return `<p class="about">${escapeHtml(when)}. In time means accepted within ${formatDuration(serviceLevelMs)}.</p>`
}

function renderFindings({ findings }: SimulationResult): string {
  if (findings.length === 0) return ''
  const items = findings.map(({ severity, message }) => `<li><strong>${severity}</strong>: ${escapeHtml(message)}</li>`)
  return `<ul class="findings" aria-label="What stands in the way">${items.join('')}</ul>`
}

function renderLeftOut(result: SimulationResult): string {
  const items = describeLeftOut(result).map((text) => `<li>${escapeHtml(text)}</li>`)
  return items.length === 0 ? '' : `<ul class="findings" aria-label="Arrivals left out">${items.join('')}</ul>`
}

function renderPlotsNote(comparison: Comparison | null): string {
  if (comparison === null) return ''
  const days = `Means over ${comparison.seeds.length} days of each side.`
  return `<p class="about">${days} All other values are of the first day of A.</p>`
}

function renderTiles({ total }: SimulationResult): string {
  const tiles: [string, string][] = [
    ['requests', formatCount(total.offered)],
    ['service level', formatPercent(total.serviceLevel)],
    ['mean wait', formatDuration(total.waitMs?.mean ?? null)],
    ['90 % wait less than', formatDuration(total.waitMs?.p90 ?? null)],
    ['abandoned', formatPercent(total.abandonment)],
    ['unattended for a while', formatCount(total.unattended)],
    ['longest queue', formatCount(total.maxQueueLength)],
    ['occupancy', formatPercent(total.occupancy)],
  ]
  const shown = tiles.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`)
  return `<dl class="tiles">${shown.join('')}</dl>`
}

/** Renders a table; the cells are HTML already. */
export function renderTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = titles.map((title) => `<th scope="col">${escapeHtml(title)}</th>`).join('')
  const body = rows.map(([first = '', ...cells]) => {
    return `<tr><th scope="row">${first}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
  })
  return `<div class="table"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`
}

const statsTitles = ['requests', 'answered', 'service level', 'abandoned', 'mean wait', '90 % less than', 'occupancy']

/** Renders the tables of teams, workflows, hours and staff. */
export function renderStatsTables({ teams, workflows, byHour, staff }: SimulationResult): string {
  const hours = byHour.filter(({ offered, staffedMs }) => offered > 0 || staffedMs > 0)
  const people = staff.map(({ staffId, answered, muted, missed, occupancy }) => [
    ...[escapeHtml(staffId), formatCount(answered), formatCount(muted), formatCount(missed), formatPercent(occupancy)],
  ])
  return [
    '<h2>By team</h2>',
    renderTable(
      ['team', ...statsTitles],
      teams.map((row) => [renderName(row.team, 'no team'), ...statsCells(row), formatPercent(row.occupancy)]),
    ),
    '<h2>By workflow</h2>',
    renderTable(
      ['workflow', ...statsTitles.slice(0, -1)],
      workflows.map((row) => [renderName(row.workflow, 'default route'), ...statsCells(row)]),
    ),
    '<h2>By hour of the day</h2>',
    renderTable(
      ['hour', ...statsTitles],
      hours.map((row) => [`${twoDigitHour(row.hour)}:00`, ...statsCells(row), formatPercent(row.occupancy)]),
    ),
    '<h2>By person</h2>',
    renderTable(['person', 'answered', 'mutes', 'missed offers', 'occupancy'], people),
  ].join('\n')
}

function renderName(name: string | null, otherwise: string): string {
  return name === null ? `<em>${otherwise}</em>` : escapeHtml(name)
}

function twoDigitHour(hour: number): string {
  return String(hour).padStart(2, '0')
}

/** Renders both sides in numbers, and the difference with its confidence interval, drawn around zero. */
export function renderComparison({ a, b, seeds, confidence, metrics }: Comparison): string {
  const rows = metrics.map((compared) => {
    const { name, format, formatDifference = format } = metricFormats[compared.metric]
    const { mean, halfWidth } = compared.difference
    const range = halfWidth === null ? '' : ` ± ${formatDifference(halfWidth)}`
    return [
      ...[escapeHtml(name), format(compared.a.mean), format(compared.b.mean)],
      ...[
        `${mean > 0 ? '+' : ''}${formatDifference(mean)}${range}`,
        renderInterval(compared),
        renderDifference(compared),
      ],
    ]
  })
  const days = `${seeds.length} ${seeds.length === 1 ? 'day' : 'days'}`
  const sides = `A is ${escapeHtml(a.name)}, B is ${escapeHtml(b.name)}: the same visitors on ${days}.`
  return [
    '<h2>The comparison</h2>',
    `<p class="about">${sides} The range holds the true difference with ${formatPercent(confidence)} confidence.</p>`,
    renderTable(['metric', 'A', 'B', 'B less A', 'range of the difference', ''], rows),
  ].join('\n')
}

const [intervalWidth, intervalCentre] = [190, 95]

/** The interval of the difference as a bar; the dashed line is no difference. */
function renderInterval({ difference: { mean, halfWidth } }: ComparedMetric): string {
  const reach = Math.max(Math.abs(mean) + (halfWidth ?? 0), 1e-12) * 1.1
  const x = (value: number) => (intervalCentre + (value / reach) * intervalCentre).toFixed(1)
  const range = halfWidth === null ? '' : `<path class="range" d="M${x(mean - halfWidth)} 8H${x(mean + halfWidth)}"/>`
  const zero = `<path class="zero" d="M${intervalCentre} 1V15"/>`
  const point = `<circle cx="${x(mean)}" cy="8" r="3.5"/>`
  return `<svg class="spread" viewBox="0 0 ${intervalWidth} 16" aria-hidden="true">${zero}${range}${point}</svg>`
}

function renderDifference({ metric, difference, isClear }: ComparedMetric): string {
  const description = describeDifference(metric, difference.mean, isClear)
  const look = description === 'B is better' ? 'good' : description === 'B is worse' ? 'bad' : ''
  return look === '' ? description : `<strong class="${look}">${description}</strong>`
}

/** The style sheet of the report, light and dark. */
export const reportStyleSheet = `
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --ink: #17202b; --quiet: #5b6775; --rule: #e0e4e9;
  --a: #1f5fd0; --b: #b4540a; --good: #15703c; --bad: #b3261e; --column: rgb(31 95 208 / .08) }
@media (prefers-color-scheme: dark) { :root { --page: #11161c; --card: #1a2129; --ink: #e6ebf1; --quiet: #9aa7b5;
  --rule: #2d3742; --a: #7fabff; --b: #f2a65a; --good: #69d08f; --bad: #ff8f85; --column: rgb(127 171 255 / .12) } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { max-width: 1180px; margin: 0 auto; padding: 28px 20px 48px }
h1 { font-size: 25px; line-height: 1.2; margin: 0 0 4px }
h2 { font-size: 18px; margin: 36px 0 12px }
h3 { font-size: 15px; margin: 0 }
.about { color: var(--quiet); margin: 0 } h2 + .about { margin: -8px 0 12px }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 12px; margin: 22px 0 0; padding: 0 }
.tiles div, figure, .table { background: var(--card); border: 1px solid var(--rule); border-radius: 10px }
.tiles div { padding: 12px 14px; display: flex; flex-direction: column-reverse; justify-content: flex-end }
.tiles dt { color: var(--quiet); font-size: 13px }
.tiles dd { margin: 0; font-size: 22px; font-weight: 650; font-variant-numeric: tabular-nums }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 14px }
figure { margin: 0; padding: 14px 14px 6px }
figcaption { display: flex; flex-wrap: wrap; gap: 2px 16px; align-items: baseline; justify-content: space-between; margin-bottom: 6px }
figure > svg { display: block; width: 100%; height: auto }
.legend { display: flex; flex-wrap: wrap; gap: 2px 12px; margin: 0; color: var(--quiet); font-size: 13px }
.legend span { display: inline-flex; align-items: center; gap: 5px }
.legend svg { width: 22px; height: 12px }
svg text { font: 12px system-ui, sans-serif; fill: var(--quiet) }
text.y { text-anchor: end; dominant-baseline: middle }
text.x { text-anchor: middle }
.grid, .tick { stroke: var(--rule) }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
.line.a, .line.a2 { stroke: var(--a) } .line.b, .line.b2 { stroke: var(--b) }
.line.a2, .line.b2 { stroke-dasharray: 2 5 }
.dot.a, .dot.a2, .bar.a { fill: var(--a) } .dot.b, .dot.b2 { fill: var(--b) }
.bar.a { opacity: .55 } .bar.a2 { fill: var(--b) }
.hover { fill: transparent } .hover:hover { fill: var(--column) }
.table { overflow-x: auto; padding: 4px 14px }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: 6px 10px; border-bottom: 1px solid var(--rule); white-space: nowrap }
tbody tr:last-child > * { border-bottom: 0 }
th { color: var(--quiet); font-weight: 600; font-size: 13px }
th:first-child, td:first-child { text-align: left; white-space: normal }
tbody th { color: var(--ink); font-size: 15px; font-weight: 400 }
.good { color: var(--good) } .bad { color: var(--bad) }
.findings { margin: 18px 0 0; padding: 12px 14px 12px 32px; background: var(--card); border: 1px solid var(--rule);
  border-left: 4px solid var(--b); border-radius: 10px }
.spread { width: 190px; height: 16px; vertical-align: middle }
.spread .zero { stroke: var(--quiet); stroke-dasharray: 2 2 }
.spread .range { stroke: currentColor; stroke-width: 2 } .spread circle { fill: currentColor }
footer { margin-top: 36px; color: var(--quiet); font-size: 13px }
@media (max-width: 560px) { svg text { font-size: 17px } .hours text:nth-of-type(even) { display: none } }
@media print { body { background: #fff } .plots { grid-template-columns: 1fr 1fr } figure { break-inside: avoid } }
`
