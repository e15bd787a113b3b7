import {
  attachPageAlerts,
  type Bell,
  createBell,
  createPortal,
  type Portal,
  type PortalCommand,
} from 'frontbell/portal'
import { html, render, type TemplateResult } from 'lit-html'
import { type Site, siteOf } from '../site'

/** Shows one staff member's screen, whatever connects it. */
export function showPage(transport: string, connect: (portal: Portal, site: Site) => () => void): void {
  const staffId = location.hash.slice(1)
  window.addEventListener('hashchange', () => location.reload())
  if (staffId === '') {
    render(signIn(transport), document.body)
    return
  }
  const portal = createPortal(staffId)
  const bell = createBell(portal)
  let notice = ''
  const show = () => render(screen({ portal, bell, transport, notice, ask }), document.body)
  const ask = async (command: PortalCommand) => {
    const outcome = await portal.execute(command)
    notice = outcome.ok ? '' : outcome.message
    show()
  }
  portal.subscribe(show)
  bell.subscribe(show)
  portal.onRevoked((requestId) => {
    notice = `The log has lost that ${requestId} is yours.`
    show()
  })
  portal.onVisitor(({ facts }) => {
    notice = `Somebody opened ${facts.page ?? 'a page'}.`
    show()
  })
  attachPageAlerts(portal, { describe: ({ facts }) => `A question about ${facts.topic ?? 'something'}` })
  void navigator.serviceWorker?.register('/notifications.js')
  connect(portal, siteOf(location.origin, staffId))
  show()
}

interface Shown {
  readonly portal: Portal
  readonly bell: Bell
  readonly transport: string
  readonly notice: string
  readonly ask: (command: PortalCommand) => Promise<void>
}

function signIn(transport: string): TemplateResult {
  const people = [
    ['ana', 'Ana, servers'],
    ['bo', 'Bo, billing'],
    ['cem', 'Cem, both'],
  ]
  return html`<header><h1>Front desk over ${transport}</h1></header>
    <p>Who are you? Open a second window to be somebody else.</p>
    <nav>${people.map(([id, name]) => html`<a class="item" href="#${id}">${name}</a>`)}</nav>`
}

function screen({ portal, bell, transport, notice, ask }: Shown): TemplateResult {
  const view = portal.getSnapshot()
  const state =
    view.connection === 'live'
      ? view.bell === 'ringing'
        ? `${view.ringing.length} ringing`
        : 'quiet'
      : view.connection
  return html`<header>
      <h1>Front desk over ${transport}</h1>
      <span class="state" role="status" data-connection=${view.connection} data-bell=${view.bell} data-sound=${bell.state}>${state}</span>
    </header>
    ${
      bell.isBlocked
        ? html`<p class="notice">This page is silent until you allow sound.
      <button class="main" data-do="unlock" @click=${() => allow(bell)}>Turn the bell on</button></p>`
        : ''
    }
    ${notice === '' ? '' : html`<p class="notice" role="alert">${notice}</p>`}
    <h2>Waiting</h2>
    ${view.awaiting.length === 0 ? html`<p class="empty">Nobody waits.</p>` : ''}
    ${view.awaiting.map(
      ({ request, reason, requestId }) => html`<div class="item" data-id=${requestId} data-reason=${reason}>
        <p>A question about ${request.facts.topic ?? 'something'} <small>${reason}</small></p>
        ${
          reason === 'muted'
            ? html`<button data-do="unmute" @click=${() => ask({ type: 'unmute', requestId })}>Ring again</button>`
            : html`<button data-do="mute" @click=${() => ask({ type: 'mute', requestId })}>Mute</button>`
        }
        <button class="main" data-do="accept" @click=${() => ask({ type: 'accept', requestId })}>Accept</button>
      </div>`,
    )}
    <h2>Your chats</h2>
    ${view.chats.length === 0 ? html`<p class="empty">None yet.</p>` : ''}
    ${view.chats.map(
      ({ requestId, facts }) => html`<div class="item" data-chat=${requestId}>
        <p>A chat about ${facts.topic ?? 'something'}</p>
        <button data-do="end" @click=${() => ask({ type: 'end', requestId })}>End</button>
      </div>`,
    )}
    <h2>Play a visitor</h2>
    <form @submit=${askAsVisitor}>
      <select name="topic" aria-label="Topic"><option>server</option><option>billing</option></select>
      <button data-do="ask">Ask for a chat</button>
    </form>`
}

/** One click for all that a browser wants to be asked for. */
async function allow(bell: Bell): Promise<void> {
  await bell.unlock()
  if ('Notification' in globalThis) await Notification.requestPermission()
}

function askAsVisitor(event: SubmitEvent): void {
  event.preventDefault()
  const topic = new FormData(event.target as HTMLFormElement).get('topic')
  const asked = { visitorId: crypto.randomUUID(), facts: { topic, page: '/demo' } }
  void fetch('/ask', { method: 'POST', body: JSON.stringify(asked) })
}
