import type { AwaitingItem, RequestView, VisitorView } from 'frontbell'
import { html, type TemplateResult } from 'lit-html'
import { repeat } from 'lit-html/directives/repeat.js'
import { ageText, factText, initial, nameText, placeText, reasonText, topicText } from '../labels'
import { listWindow } from '../list-window'
import { icon } from './icon'
import type { PortalSession } from './portal-session'
import { type Filter, filterAwaiting } from './selection'

/** Height of a row with its gap, as in the style sheet. */
export const rowPx = 100

const filters: readonly (readonly [filter: Filter, label: string])[] = [
  ['ringing', 'Ringing'],
  ['awaiting', 'Awaiting'],
  ['chats', 'My chats'],
  ['visitors', 'Visitors'],
]

const empty: Readonly<Record<Filter, readonly [title: string, text: string]>> = {
  ringing: ['All quiet', 'When a visitor asks a question for you, it rings here.'],
  awaiting: ['Nothing left waiting', 'What you mute, snooze or miss stays here until it is accepted.'],
  chats: ['No chats yet', 'Accept a request and the conversation opens here.'],
  visitors: ['Nobody on the site', 'Visitors appear here as soon as they open a page.'],
}

/** The left panel: four filters with counts, and the list of the chosen one. */
export function listPanel(session: PortalSession): TemplateResult {
  const { awaiting, chats, visitors, visitorCount } = session.portal.getSnapshot()
  const counts: Readonly<Record<Filter, number>> = {
    ringing: filterAwaiting(awaiting, 'ringing').length,
    awaiting: filterAwaiting(awaiting, 'awaiting').length,
    chats: chats.length,
    visitors: visitorCount,
  }
  return html`<section class="list-panel" aria-label="Requests">
    <div class="filters" role="tablist" aria-label="Filter">
      ${filters.map(
        ([filter, label]) => html`<button
          role="tab" id="tab-${filter}" data-filter=${filter} data-count=${counts[filter]}
          aria-selected=${session.filter === filter} aria-controls="list"
          tabindex=${session.filter === filter ? 0 : -1}
          @click=${() => choose(session, filter)}
        >${label}<span class="count ${filter}" ?hidden=${counts[filter] === 0}>${counts[filter]}</span></button>`,
      )}
    </div>
    <div class="list" id="list" role="tabpanel" aria-labelledby="tab-${session.filter}" @scroll=${scrolled(session)}>
      ${counts[session.filter] === 0 ? emptyList(session.filter) : rows(session, { chats, visitors })}
    </div>
  </section>`
}

/** Only visible rows are drawn: see `listWindow`. */
function scrolled(session: PortalSession) {
  return ({ currentTarget }: Event) => {
    const { scrollTop, clientHeight } = currentTarget as HTMLElement
    session.scroll = { scrollTop, viewHeight: clientHeight }
    session.redraw()
  }
}

function choose(session: PortalSession, filter: Filter): void {
  session.scroll = { ...session.scroll, scrollTop: 0 }
  document.querySelector('#list')?.scrollTo({ top: 0 })
  session.choose(filter)
}

function rows(session: PortalSession, of: { chats: readonly RequestView[]; visitors: readonly VisitorView[] }) {
  const { awaiting } = session.portal.getSnapshot()
  if (session.filter === 'visitors') return of.visitors.map((visitor) => visitorRow(session, visitor))
  if (session.filter === 'chats')
    return repeat(of.chats, idOf, (request) =>
      row(session, { request, badge: html`<span class="badge chat">Chat</span>` }),
    )
  const { items, beforePx, afterPx } = listWindow(filterAwaiting(awaiting, session.filter), rowPx, session.scroll)
  return html`<div style="height:${beforePx}px"></div>
    ${repeat(items, idOf, (item) => row(session, { request: item.request, badge: reasonBadge(session, item) }))}
    <div style="height:${afterPx}px"></div>`
}

function row(session: PortalSession, { request, badge }: { request: RequestView; badge: TemplateResult }) {
  const { requestId, facts, openedAt, tags } = request
  const isShown = session.shown?.request.requestId === requestId
  const lines = session.lines.get(requestId) ?? []
  const last = session.filter === 'chats' ? lines.at(-1)?.text : undefined
  const isUnread = session.filter === 'chats' && lines.length > (session.read.get(requestId) ?? 0)
  return html`<button
    class="row" data-request=${requestId} data-visitor=${request.visitorId} aria-current=${isShown}
    @click=${() => session.pick(requestId)}
  >
    <span class="avatar" aria-hidden="true">${initial(nameText(facts))}</span>
    <span class="row-text">
      <span class="row-top">
        <strong>${nameText(facts)}</strong>
        ${isUnread && !isShown ? html`<span class="dot" title="New message"></span>` : ''}
        <time>${ageText(openedAt, session.portal.now())}</time>
      </span>
      <span class="row-question">${last ?? (factText(facts, 'question') || 'No question yet')}</span>
      <span class="row-meta">
        ${badge}<span class="badge plain">${topicText(facts)}</span>
        ${tags.slice(0, 1).map((tag) => html`<span class="badge tag">${tag}</span>`)}
      </span>
    </span>
  </button>`
}

function reasonBadge(session: PortalSession, { reason, untilAt }: AwaitingItem): TemplateResult {
  const left = untilAt === null ? '' : ` · ${ageText(session.portal.now(), untilAt)}`
  return html`<span class="badge ${reason}">${reason === 'ringing' ? icon('bell') : ''}${reasonText(reason)}${left}</span>`
}

function visitorRow(session: PortalSession, { visitorId, facts, arrivedAt }: VisitorView): TemplateResult {
  return html`<div class="row visitor" data-visitor=${visitorId}>
    <span class="avatar soft" aria-hidden="true">${icon('person')}</span>
    <span class="row-text">
      <span class="row-top"><strong>${factText(facts, 'page') || '/'}</strong>
        <time>${ageText(arrivedAt, session.portal.now())}</time></span>
      <span class="row-question">${placeText(facts)}</span>
    </span>
  </div>`
}

function emptyList(filter: Filter): TemplateResult {
  const [title, text] = empty[filter]
  const drawing = icon(filter === 'visitors' ? 'person' : 'bell')
  return html`<div class="empty">${drawing}<strong>${title}</strong><p>${text}</p></div>`
}

function idOf({ requestId }: { readonly requestId: string }): string {
  return requestId
}
