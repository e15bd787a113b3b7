import { html, type TemplateResult } from 'lit-html'
import { repeat } from 'lit-html/directives/repeat.js'
import type { QueueRow } from '../../supervisor/supervisor-protocol'
import { ageText, factText, initial, nameText, topicText } from '../labels'
import { listWindow } from '../list-window'
import { icon } from '../staff/icon'
import type { SupervisorSession } from './supervisor-session'

/** As high as the style sheet makes a row with its gap. */
export const queueRowPx = 78

const whys: Readonly<Partial<Record<QueueRow['reason'], string>>> = { ringing: 'Rings for', muted: 'All muted it' }
const facesMax = 4

/** Every open request, those that ring for nobody first. */
export function queueList(session: SupervisorSession): TemplateResult {
  const { rows } = session
  const seen = listWindow(rows, queueRowPx, session.place)
  const onScroll = ({ currentTarget }: Event) => {
    const { scrollTop, clientHeight } = currentTarget as HTMLElement
    session.place = { scrollTop, viewHeight: clientHeight }
    session.redraw()
  }
  return html`<section class="card queue" aria-labelledby="queue-title">
    <h2 id="queue-title">Open requests <span class="count" data-open=${rows.length}>${rows.length}</span></h2>
    ${
      rows.length === 0
        ? html`<div class="empty">${icon('bell')}<strong>Nobody waits</strong><p>Open requests stand here.</p></div>`
        : html`<div class="queue-list" id="queue" role="group" aria-label="Open requests" tabindex="-1"
            @scroll=${onScroll}>
            <div style="height:${seen.beforePx}px"></div>
            ${repeat(
              seen.items,
              ({ requestId }) => requestId,
              (row) => queueRow(session, row),
            )}
            <div style="height:${seen.afterPx}px"></div>
          </div>`
    }
  </section>`
}

function queueRow(session: SupervisorSession, row: QueueRow): TemplateResult {
  const { requestId, facts, openedAt, rungIds, reason, priority } = row
  const age = ageText(openedAt, session.now())
  return html`<button class="queue-row ${reason}" data-request=${requestId}
    aria-current=${session.shownId === requestId} @click=${() => session.pick(requestId)}>
    <span class="queue-who"><strong>${nameText(facts)}</strong>
      <span class="soft">${topicText(facts)}${priority > 0 ? html` · priority ${priority}` : ''}</span></span>
    <time>${age}</time>
    <span class="queue-asked">${factText(facts, 'question') || 'No question yet'}</span>
    <span class="queue-rung">${rungIds.length === 0 ? silent(row) : faces(session, rungIds)}</span>
  </button>`
}

function silent({ reason }: QueueRow): TemplateResult {
  return html`<span class="badge over-capacity">${whys[reason] ?? 'Nobody is rung'}</span>`
}

function faces(session: SupervisorSession, rungIds: readonly string[]): TemplateResult {
  const names = rungIds.map((id) => session.nameOf(id))
  const more = rungIds.length - facesMax
  return html`<span class="hidden">Rings for ${names.join(', ')}</span>
    <span class="faces" aria-hidden="true" title=${names.join(', ')}>
      ${names.slice(0, facesMax).map((name) => html`<span class="avatar tiny">${initial(name)}</span>`)}
      ${more > 0 ? html`<span class="avatar tiny soft">+${more}</span>` : ''}
    </span>`
}
