import { html, type TemplateResult } from 'lit-html'
import { ageText } from '../labels'
import { explainPanel } from './explain-panel'
import { LivePlot } from './live-plot'
import { queueList } from './queue-list'
import { spanText } from './route-text'
import type { SupervisorSession } from './supervisor-session'

const spans = [
  [300_000, '5 min'],
  [900_000, '15 min'],
  [3_600_000, '1 h'],
] as const

/** The common goal: 80 % in 20 s. */
const goal = 0.8

const queuePlot = new LivePlot({
  title: 'Queue',
  atLeast: 5,
  text: (value) => String(Math.round(value)),
  lines: [
    { label: 'Open', color: '--accent', isFilled: true, value: ({ open }) => open },
    { label: 'Nobody rung', color: '--bad', isFilled: false, value: ({ unattended }) => unattended },
    { label: 'In chat', color: '--good', isFilled: false, value: ({ chats }) => chats },
  ],
})
const levelPlot = new LivePlot({
  title: 'Service level',
  atLeast: 1,
  atMost: 1,
  text: (value) => `${Math.round(value * 100)} %`,
  lines: [
    { label: 'Service level', color: '--good', isFilled: true, value: ({ serviceLevel }) => serviceLevel },
    { label: 'Goal', color: '--soft', isFilled: false, isDashed: true, value: () => goal },
  ],
})

/** The desk now: numbers, the last minutes as plots, every open request, and for whom each rings. */
export function overview(session: SupervisorSession): TemplateResult {
  const { samples, spanMs, stats } = session
  queuePlot.show(samples, session.now(), spanMs)
  levelPlot.show(samples, session.now(), spanMs)
  const threshold = spanText(stats?.thresholdMs ?? 20_000)
  return html`<main class="now" id="now" data-open=${session.isPanelOpen && session.shownId !== null}>
    <h1 class="hidden">The desk now</h1>
    ${tiles(session)}
    <section class="card" aria-label="Queue over time">
      <header class="plot-head"><h2>Queue</h2>${spanSwitch(session)}</header>${queuePlot.element}
    </section>
    <section class="card" aria-label="Service level over time">
      <header class="plot-head"><h2>Service level</h2><p class="soft">accepted within ${threshold}</p></header>
      ${levelPlot.element}
    </section>
    ${queueList(session)}${explainPanel(session)}
  </main>`
}

function spanSwitch(session: SupervisorSession): TemplateResult {
  return html`<div class="spans" role="group" aria-label="Time shown">
    ${spans.map(([ms, label]) => {
      const choose = () => {
        session.spanMs = ms
        session.redraw()
      }
      return html`<button aria-pressed=${session.spanMs === ms} @click=${choose}>${label}</button>`
    })}
  </div>`
}

function tiles(session: SupervisorSession): TemplateResult {
  const { rows, staff, stats } = session
  const unattended = rows.filter(({ reason }) => reason !== 'ringing').length
  const oldestAt = Math.min(...rows.map(({ openedAt }) => openedAt))
  const here = staff.filter(({ state }) => state === 'available')
  const chats = staff.reduce((sum, { load }) => sum + load, 0)
  const level = stats?.serviceLevel ?? null
  return html`<dl class="tiles" aria-label="Figures">
    ${tile('Open', `${rows.length}`, openText(rows.length, unattended), unattended > 0)}
    ${rows.length === 0 ? tile('Longest wait', '–', 'nobody waits') : tile('Longest wait', ageText(oldestAt, session.now()), 'of those open')}
    ${tile('In chat', `${chats}`, `room for ${here.reduce((sum, one) => sum + Math.max(0, one.capacity - one.load), 0)} more`)}
    ${tile('Available', `${here.length}`, `of ${staff.length} on the roster`, here.length === 0)}
    ${tile('Service level', level === null ? '–' : `${Math.round(level * 100)} %`, answeredText(session), level !== null && level < goal)}
  </dl>`
}

function openText(open: number, unattended: number): string {
  if (open === 0) return 'nobody waits'
  if (unattended === 0) return 'all are ringing'
  return unattended === 1 ? '1 rings for nobody' : `${unattended} ring for nobody`
}

function tile(label: string, value: string, note: string, isBad = false): TemplateResult {
  return html`<div class="tile ${isBad ? 'bad' : ''}"><dt>${label}</dt><dd>${value}</dd><dd class="soft">${note}</dd></div>`
}

function answeredText({ stats }: SupervisorSession): string {
  if (stats === null || stats.medianMs === null) return 'nobody answered yet'
  return `median ${spanText(stats.medianMs)}, ${stats.abandoned} gave up`
}
