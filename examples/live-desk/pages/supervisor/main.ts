import { html, render } from 'lit-html'
import { scrolledTo } from '../list-window'
import { applyTheme } from '../theme'
import { queueRowPx } from './queue-list'
import { supervisorPage } from './supervisor-page'
import { SupervisorSession } from './supervisor-session'
import { WorkflowDraft } from './workflows/workflow-draft'
import './supervisor.css'

const root = document.body
let isPlanned = false

applyTheme()
const session = new SupervisorSession(plan)
const draft = new WorkflowDraft(session, plan)
plan()
document.addEventListener('keydown', onKey)
setInterval(plan, 1_000)

/** However much changes at once, it is drawn once. A hidden page draws too, so that its state can be read. */
function plan(): void {
  if (isPlanned) return
  isPlanned = true
  setTimeout(draw, 0)
}

function draw(): void {
  isPlanned = false
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
    return plan()
  }
  if (target.matches('input, select, textarea') || !['ArrowDown', 'ArrowUp'].includes(event.key)) return
  const from = session.shownId ?? target.dataset.request
  const at = session.rows.findIndex(({ requestId }) => requestId === from)
  const index = at + (event.key === 'ArrowDown' ? 1 : -1)
  const next = session.rows[index]
  const list = document.querySelector('#queue')
  if (next === undefined || list === null) return
  event.preventDefault()
  session.place = { scrollTop: scrolledTo(index, queueRowPx, session.place), viewHeight: list.clientHeight }
  session.selectedId = next.requestId
  session.lookAgain()
  plan()
  setTimeout(() => {
    list.scrollTop = session.place.scrollTop
    document.querySelector<HTMLElement>('.queue-row[aria-current="true"]')?.focus({ preventScroll: true })
  }, 0)
}
