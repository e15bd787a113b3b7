import type { RequestView } from 'frontbell'
import { html, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import { repeat } from 'lit-html/directives/repeat.js'
import type { ChatLine } from '../../chat/chat-protocol'
import { clockText } from '../labels'
import { openSelectByKey } from '../open-select-by-key'
import { icon } from './icon'
import { ignoreDoubleClick } from './ignore-double-click'
import type { PortalSession } from './portal-session'
import { factsCard, panelHead, routingCard } from './request-panel'

/** The right panel for a chat: its lines, an input, and the actions that end or transfer it. */
export function chatPanel(session: PortalSession, request: RequestView): TemplateResult {
  const { requestId } = request
  const lines = session.lines.get(requestId) ?? []
  session.read.set(requestId, lines.length)
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    session.write(requestId, session.drafts.get(requestId) ?? '')
    session.drafts.delete(requestId)
    session.redraw()
  }
  const saveDraft = ({ target }: Event) => session.drafts.set(requestId, (target as HTMLInputElement).value)
  const isHere = request.visitorLeftAt === null
  const badge = isHere
    ? html`<span class="badge chat">In chat</span>`
    : html`<span class="badge missed">Visitor has left</span>`
  return html`<article class="panel" data-panel=${requestId}>
    ${panelHead(session, request, badge)}
    <div class="panel-body chat-body">
      <div class="lines" role="log" aria-label="Messages">
        ${repeat(
          lines.map((line, index) => ({ line, index })),
          ({ index }) => index,
          ({ line }) => chatLine(line),
        )}
      </div>
      <aside class="cards side">${factsCard(request)}${routingCard(session, request)}</aside>
    </div>
    <form class="composer" @submit=${send}>
      <input name="text" aria-label="Message" placeholder="Write a message…" autocomplete="off" maxlength="2000"
        .value=${live(session.drafts.get(requestId) ?? '')} @input=${saveDraft} />
      <button class="primary" aria-label="Send">${icon('send')}</button>
    </form>
    ${chatActions(session, request)}
  </article>`
}

function chatLine({ from, name, text, at }: ChatLine): TemplateResult {
  return html`<div class="line ${from}"><p>${text}</p><small>${name} · ${clockText(at)}</small></div>`
}

function chatActions(session: PortalSession, { requestId }: RequestView): TemplateResult {
  const others = session.colleagues.filter(({ id, isPresent }) => isPresent && id !== session.staffId)
  const teams = [...new Set(others.flatMap(({ teams }) => teams))].sort()
  const transfer = ({ target }: Event) => {
    const select = target as HTMLSelectElement
    const [kind, name = ''] = select.value.split(':')
    if (kind !== '')
      void session.execute({ type: 'transfer', requestId, to: kind === 'team' ? { team: name } : { staff: name } })
    select.value = ''
  }
  return html`<footer class="actions slim" @click=${ignoreDoubleClick}>
    <label class="select"><span class="hidden">Hand over to</span>
      <select data-action="transfer" @keydown=${openSelectByKey} @change=${transfer} ?disabled=${others.length === 0}>
        <option value="">Hand over to…</option>
        <optgroup label="People">${others.map(({ id, name }) => html`<option value="staff:${id}">${name}</option>`)}</optgroup>
        <optgroup label="Teams">${teams.map((team) => html`<option value="team:${team}">${team}</option>`)}</optgroup>
      </select>
    </label>
    <button data-action="release" @click=${() => session.execute({ type: 'release', requestId })}>Give back</button>
    <button class="quiet" data-action="end" @click=${() => session.execute({ type: 'end', requestId })}>End chat</button>
  </footer>`
}
