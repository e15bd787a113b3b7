import type { AwaitingItem, RequestView } from 'frontbell'
import { html, type TemplateResult } from 'lit-html'
import { ageText, factRows, factText, initial, nameText, reasonText, staffReasonText, topicText } from '../labels'
import { openSelectByKey } from '../open-select-by-key'
import { icon } from './icon'
import { ignoreDoubleClick } from './ignore-double-click'
import type { PortalSession } from './portal-session'
import type { SelectedItem } from './selection'

const snoozes = [
  [60_000, '1 minute'],
  [300_000, '5 minutes'],
  [900_000, '15 minutes'],
  [3_600_000, '1 hour'],
] as const

/** The right panel for a request that may be started. */
export function requestPanel(session: PortalSession, item: AwaitingItem): TemplateResult {
  const { request } = item
  return html`<article class="panel" data-panel=${request.requestId}>
    ${panelHead(session, request, html`<span class="badge ${item.reason}">${reasonText(item.reason)}</span>`)}
    <div class="panel-body">
      ${question(request)}
      <div class="cards">${factsCard(request)}${routingCard(session, request)}</div>
    </div>
    ${actions(session, item)}
  </article>`
}

/** Shown for a moment after another staff member has accepted the request, or the visitor has left. */
export function closedRequestPanel(
  session: PortalSession,
  { request, wasChat }: Extract<SelectedItem, { kind: 'request-closed' }>,
) {
  const [badge, title, text] = wasChat
    ? ['Over', 'This chat is over', 'It was ended, or somebody else has it now.']
    : ['Gone', 'No longer here', 'Somebody else has it, or the visitor stopped waiting.']
  return html`<article class="panel" data-closed=${request.requestId}>
    ${panelHead(session, request, html`<span class="badge plain">${badge}</span>`)}
    <div class="panel-body"><div class="empty"><strong>${title}</strong><p>${text}</p></div></div>
  </article>`
}

export function panelHead(session: PortalSession, { facts, openedAt }: RequestView, badge: TemplateResult) {
  const back = () => {
    session.isPanelOpen = false
    session.redraw()
  }
  return html`<header class="panel-head">
    <button class="ghost back" aria-label="Back to the list" @click=${back}>${icon('back')}</button>
    <span class="avatar large" aria-hidden="true">${initial(nameText(facts))}</span>
    <div>
      <h1>${nameText(facts)}</h1>
      <p>${topicText(facts)} · ${ageText(openedAt, session.portal.now())} ago</p>
    </div>
    ${badge}
  </header>`
}

export function factsCard({ facts }: RequestView): TemplateResult {
  return html`<section class="card" aria-label="Facts">
    <h2>What we know</h2>
    <dl class="facts">${factRows(facts).map(([label, text]) => html`<dt>${label}</dt><dd>${text}</dd>`)}</dl>
  </section>`
}

export function routingCard(session: PortalSession, request: RequestView): TemplateResult {
  const { workflow, tags, step, priority, requestId } = request
  return html`<section class="card routing" aria-label="Why it came here">
    <h2>Why it came here</h2>
    <p class="workflow">${icon('route')}<span>${workflow ?? 'No workflow matched, so everyone is rung'}</span></p>
    <p class="chips">
      <span class="badge plain">Step ${step + 1}</span>
      ${priority > 0 ? html`<span class="badge plain">Priority ${priority}</span>` : ''}
      ${tags.map((tag) => html`<span class="badge tag">${tag}</span>`)}
    </p>
    ${request.assignment === null ? othersText(session, requestId) : ''}
  </section>`
}

/** For whom else it rings, and why not for the rest: by name if they are few, by number if they are many. */
function othersText(session: PortalSession, requestId: string): TemplateResult {
  const byReason = new Map<string, string[]>()
  for (const { staffId, reason } of session.reasons.get(requestId)?.staff ?? []) {
    if (staffId === session.staffId) continue
    const name = session.nameOf(staffId).split(' ')[0] ?? staffId
    byReason.set(reason, [...(byReason.get(reason) ?? []), name])
  }
  const rung = byReason.get('rung') ?? []
  byReason.delete('rung')
  const rest = [...byReason].map(([reason, names]) => {
    const who = names.length > 3 ? `${names.length} colleagues` : names.join(', ')
    return `${who} (${staffReasonText(reason)})`
  })
  return html`
    ${rung.length > 0 ? html`<p class="others"><b>Also ringing for</b> ${rung.join(', ')}</p>` : ''}
    ${rest.length > 0 ? html`<p class="others"><b>Not for</b> ${rest.join(', ')}</p>` : ''}`
}

function question({ facts }: RequestView): TemplateResult {
  return html`<blockquote class="question">${factText(facts, 'question') || 'No question was written.'}</blockquote>`
}

function actions(session: PortalSession, { reason, requestId }: AwaitingItem): TemplateResult {
  const isRinging = reason === 'ringing'
  const isSilenced = reason === 'muted' || reason === 'snoozed'
  const execute = (type: 'mute' | 'unmute' | 'decline') => () => session.execute({ type, requestId })
  const snooze = ({ target }: Event) => {
    const select = target as HTMLSelectElement
    if (select.value !== '') void session.execute({ type: 'snooze', requestId, forMs: Number(select.value) })
    select.value = ''
  }
  return html`<footer class="actions" @click=${ignoreDoubleClick}>
    <button class="primary" data-action="accept" aria-keyshortcuts="a" @click=${() => session.accept(requestId)}>
      ${isRinging ? 'Accept' : 'Start chat'}<kbd>A</kbd>
    </button>
    ${
      isSilenced
        ? html`<button data-action="unmute" aria-keyshortcuts="m" @click=${execute('unmute')}>
            ${icon('bell')}Unmute<kbd>M</kbd>
          </button>`
        : html`<button data-action="mute" aria-keyshortcuts="m" @click=${execute('mute')}>
            ${icon('muted')}Mute<kbd>M</kbd>
          </button>`
    }
    <label class="select"><span class="hidden">Snooze</span>
      <select data-action="snooze" @keydown=${openSelectByKey} @change=${snooze}>
        <option value="">Snooze</option>
        ${snoozes.map(([ms, label]) => html`<option value=${ms}>${label}</option>`)}
      </select>
    </label>
    <button class="quiet" data-action="decline" aria-keyshortcuts="d" @click=${execute('decline')}>
      Decline<kbd>D</kbd>
    </button>
  </footer>`
}
