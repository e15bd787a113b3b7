import { html, render } from 'lit-html'
import { scrolledTo } from '../list-window'
import { applyTheme } from '../theme'
import { queueRowPx } from './queue-list'
import { supervisorPage } from './supervisor-page'
import { SupervisorSession } from './supervisor-session'
import { WorkflowDraft } from './workflows/workflow-draft'
import './supervisor.css'

const root = document.body
let isDrawScheduled = false

applyTheme()
const session = new SupervisorSession(scheduleDraw)
const draft = new WorkflowDraft(session, scheduleDraw)
scheduleDraw()
document.addEventListener('keydown', onKey)
setInterval(scheduleDraw, 1_000)

/** Draws once for many changes. A hidden page draws too, so that its state can be read. */
function scheduleDraw(): void {
  if (isDrawScheduled) return
  isDrawScheduled = true
  setTimeout(draw, 0)
}

function draw(): void {
  isDrawScheduled = false
  root.dataset.connection = session.connection
  root.dataset.view = session.view
  render(html`${supervisorPage(session, draft)}`, root)
}

/** Arrows move through the list, Escape goes back to it on a phone. */
function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement
  if (session.view !== 'now' || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Escape') {
    session.isPanelOpen = false
    return scheduleDraw()
  }
  if (target.matches('input, select, textarea') || !['ArrowDown', 'ArrowUp'].includes(event.key)) return
  const from = session.shownId ?? target.dataset.request
  const at = session.rows.findIndex(({ requestId }) => requestId === from)
  const index = at + (event.key === 'ArrowDown' ? 1 : -1)
  const next = session.rows[index]
  const list = document.querySelector('#queue')
  if (next === undefined || list === null) return
  event.preventDefault()
  session.scroll = { scrollTop: scrolledTo(index, queueRowPx, session.scroll), viewHeight: list.clientHeight }
  session.selectedId = next.requestId
  session.refreshExplanation()
  scheduleDraw()
  setTimeout(() => {
    list.scrollTop = session.scroll.scrollTop
    document.querySelector<HTMLElement>('.queue-row[aria-current="true"]')?.focus({ preventScroll: true })
  }, 0)
}
