import { html, type TemplateResult } from 'lit-html'
import { repeat } from 'lit-html/directives/repeat.js'
import type { QueueRow } from '../../supervisor/supervisor-protocol'
import { ageText, factText, initial, nameText, topicText } from '../labels'
import { listWindow } from '../list-window'
import { icon } from '../staff/icon'
import type { SupervisorSession } from './supervisor-session'

/** Height of a row with its gap, as in the style sheet. */
export const queueRowPx = 78

const reasons: Readonly<Partial<Record<QueueRow['reason'], string>>> = { ringing: 'Rings for', muted: 'All muted it' }
const facesMax = 4

/** Every open request, those that ring for nobody first. */
export function queueList(session: SupervisorSession): TemplateResult {
  const { rows } = session
  const visible = listWindow(rows, queueRowPx, session.scroll)
  const onScroll = ({ currentTarget }: Event) => {
    const { scrollTop, clientHeight } = currentTarget as HTMLElement
    session.scroll = { scrollTop, viewHeight: clientHeight }
    session.redraw()
  }
  return html`<section class="card queue" aria-labelledby="queue-title">
    <h2 id="queue-title">Open requests <span class="count" data-open=${rows.length}>${rows.length}</span></h2>
    ${
      rows.length === 0
        ? html`<div class="empty">${icon('bell')}<strong>Nobody waits</strong><p>Open requests stand here.</p></div>`
        : html`<div class="queue-list" id="queue" role="group" aria-label="Open requests" tabindex="-1"
            @scroll=${onScroll}>
            <div style="height:${visible.beforePx}px"></div>
            ${repeat(
              visible.items,
              ({ requestId }) => requestId,
              (row) => queueRow(session, row),
            )}
            <div style="height:${visible.afterPx}px"></div>
          </div>`
    }
  </section>`
}

function queueRow(session: SupervisorSession, row: QueueRow): TemplateResult {
  const { requestId, facts, openedAt, ringingStaffIds, reason, priority } = row
  const age = ageText(openedAt, session.now())
  return html`<button class="queue-row ${reason}" data-request=${requestId}
    aria-current=${session.shownId === requestId} @click=${() => session.pick(requestId)}>
    <span class="queue-visitor"><strong>${nameText(facts)}</strong>
      <span class="soft">${topicText(facts)}${priority > 0 ? html` · priority ${priority}` : ''}</span></span>
    <time>${age}</time>
    <span class="queue-question">${factText(facts, 'question') || 'No question yet'}</span>
    <span class="queue-staff">${ringingStaffIds.length === 0 ? silent(row) : faces(session, ringingStaffIds)}</span>
  </button>`
}

function silent({ reason }: QueueRow): TemplateResult {
  return html`<span class="badge over-capacity">${reasons[reason] ?? 'Nobody is rung'}</span>`
}

function faces(session: SupervisorSession, ringingStaffIds: readonly string[]): TemplateResult {
  const names = ringingStaffIds.map((id) => session.nameOf(id))
  const more = ringingStaffIds.length - facesMax
  return html`<span class="hidden">Rings for ${names.join(', ')}</span>
    <span class="faces" aria-hidden="true" title=${names.join(', ')}>
      ${names.slice(0, facesMax).map((name) => html`<span class="avatar tiny">${initial(name)}</span>`)}
      ${more > 0 ? html`<span class="avatar tiny soft">+${more}</span>` : ''}
    </span>`
}
