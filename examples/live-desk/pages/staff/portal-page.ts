import type { ConnectionState } from 'frontbell/portal'
import { html, type TemplateResult } from 'lit-html'
import { keyed } from 'lit-html/directives/keyed.js'
import { repeat } from 'lit-html/directives/repeat.js'
import { initial } from '../labels'
import { nextTheme, theme } from '../theme'
import { chatPanel } from './chat-panel'
import { icon } from './icon'
import { listPanel } from './list-panel'
import type { PortalSession } from './portal-session'
import { closedRequestPanel, requestPanel } from './request-panel'
import type { SelectedItem } from './selection'

/** The whole staff portal. */
export function portalPage(session: PortalSession, signOut: () => void): TemplateResult {
  const view = session.portal.getSnapshot()
  const { shown } = session
  return html`<div class="portal" data-open=${session.isPanelOpen && shown !== null}>
    ${topBar(session, signOut)}
    ${banner(view.connection)}
    ${session.bell.isBlocked ? soundBanner(session) : ''}
    <main>
      ${listPanel(session)}
      <section class="panel-place" aria-label="Selected request">
        ${shown === null ? nothingShown() : keyed(shown.request.requestId, panelOf(session, shown))}
      </section>
    </main>
    <div class="toasts" role="status">
      ${repeat(
        session.toasts,
        ({ id }) => id,
        ({ text, tone }) => html`<p class="toast ${tone}">${text}</p>`,
      )}
    </div>
  </div>`
}

function panelOf(session: PortalSession, shown: NonNullable<SelectedItem>): TemplateResult {
  if (shown.kind === 'chat') return chatPanel(session, shown.request)
  return shown.kind === 'request-closed' ? closedRequestPanel(session, shown) : requestPanel(session, shown.item)
}

function topBar(session: PortalSession, signOut: () => void): TemplateResult {
  const { bell, availability, ringing } = session.portal.getSnapshot()
  const isAvailable = availability === 'available'
  const toggle = () => session.execute({ type: 'setAvailability', availability: isAvailable ? 'away' : 'available' })
  const mode = theme()
  return html`<header class="top">
    <span class="brand"><span class="mark ${bell}">${icon('bell')}</span><b>frontbell</b></span>
    <span class="state" aria-live="polite">${bell === 'ringing' ? `${ringing.length} ringing` : 'Quiet'}</span>
    <button class="switch" role="switch" aria-checked=${isAvailable} data-action="availability" @click=${toggle}>
      <span class="knob"></span><span>${isAvailable ? 'Available' : 'Away'}</span>
    </button>
    <button class="ghost" aria-label="Theme: ${mode}" title="Theme: ${mode}"
      @click=${() => {
        nextTheme()
        session.redraw()
      }}>${icon(mode === 'auto' ? 'auto' : mode === 'light' ? 'sun' : 'moon')}</button>
    <span class="me"><span class="avatar small" aria-hidden="true">${initial(session.nameOf(session.staffId))}</span>
      <span class="me-name">${session.nameOf(session.staffId)}</span></span>
    <button class="ghost" aria-label="Sign out" title="Sign out" @click=${signOut}>${icon('exit')}</button>
  </header>`
}

const bannerTexts: Readonly<Partial<Record<ConnectionState, string>>> = {
  reconnecting: 'The line is down. Reconnecting…',
  closed: 'The desk has closed this session.',
  outdated: 'The desk has a newer version of this page. Load the page again.',
}

function banner(connection: ConnectionState): TemplateResult | '' {
  const text = bannerTexts[connection]
  if (text === undefined) return ''
  return html`<p class="banner" role="alert">
    ${text}
    The bell is silent until it is back.
  </p>`
}

function soundBanner(session: PortalSession): TemplateResult {
  return html`<p class="banner soft">
    Your browser keeps this page silent until you allow it.
    <button data-action="unlock" @click=${() => session.bell.unlock()}>Turn the bell on</button>
  </p>`
}

function nothingShown(): TemplateResult {
  return html`<div class="empty big">${icon('bell')}<strong>Nothing selected</strong>
    <p>Pick a request on the left. <kbd>↑</kbd> <kbd>↓</kbd> move,
      <kbd>A</kbd> accepts, <kbd>M</kbd> mutes, <kbd>D</kbd> declines.</p>
  </div>`
}
