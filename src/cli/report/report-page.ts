import type { Comparison, SimulationResult } from '../../simulation'
import { count, instantIn, percent, span } from '../figures'
import { dayCharts } from './day-charts'
import { escaped } from './escaped'
import { reportStyle } from './report-style'
import { comparisonTable, figureTables } from './report-tables'

/** The whole report in one file, without a script and without anything from elsewhere: its own policy forbids both. */
export function reportPage(result: SimulationResult, comparison: Comparison | null): string {
  const title = escaped(result.scenario ?? 'A day at the desk')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${aboutOf(result)}
${findingsOf(result)}
${tilesOf(result)}
${comparison === null ? '' : comparisonTable(comparison)}
<h2>Over the day</h2>
${plotsAbout(comparison)}
<div class="plots">
${dayCharts(result, comparison)}
</div>
${figureTables(result)}
<footer>Simulated by frontbell with seed ${result.seed}, which gives the same day again. Requests count where they arrived;
percentiles are within 1 %.</footer>
</main>
</body>
</html>
`
}

function aboutOf({ fromAt, untilAt, timeZone, serviceLevelMs }: SimulationResult): string {
  const when = `${instantIn(timeZone, fromAt)} to ${instantIn(timeZone, untilAt)}, ${timeZone}`
  return `<p class="about">${escaped(when)}. In time means accepted within ${span(serviceLevelMs)}.</p>`
}

function findingsOf({ findings }: SimulationResult): string {
  if (findings.length === 0) return ''
  const items = findings.map(({ severity, message }) => `<li><strong>${severity}</strong>: ${escaped(message)}</li>`)
  return `<ul class="findings" aria-label="What stands in the way">${items.join('')}</ul>`
}

function plotsAbout(comparison: Comparison | null): string {
  if (comparison === null) return ''
  const days = `Means over ${comparison.seeds.length} days of each side.`
  return `<p class="about">${days} All other figures are of the first day of A.</p>`
}

function tilesOf({ total }: SimulationResult): string {
  const tiles: [string, string][] = [
    ['requests', count(total.offered)],
    ['service level', percent(total.serviceLevel)],
    ['mean wait', span(total.waitMs?.mean ?? null)],
    ['90 % wait less than', span(total.waitMs?.p90 ?? null)],
    ['abandoned', percent(total.abandonment)],
    ['unattended for a while', count(total.unattended)],
    ['longest queue', count(total.maxQueueLength)],
    ['occupancy', percent(total.occupancy)],
  ]
  const shown = tiles.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`)
  return `<dl class="tiles">${shown.join('')}</dl>`
}
