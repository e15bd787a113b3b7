import { html, type TemplateResult } from 'lit-html'
import type { ChatLine, VisitorState } from '../../chat/chat-protocol'
import { clockText } from '../labels'
import { countries } from './locale'

export interface WidgetState {
  readonly isOpen: boolean
  readonly isOnline: boolean
  /** Whether the visitor writes another question after an ended chat. */
  readonly isNewRequest: boolean
  /** Whether the question is sent and not answered yet. */
  readonly isSending: boolean
  readonly problem: string
  readonly facts: { readonly page: string; readonly country: string; readonly language: string }
  readonly visit: VisitorState
}

export interface WidgetActions {
  readonly show: (change: Partial<WidgetState>) => void
  readonly request: (facts: Readonly<Record<string, string>>) => void
  readonly write: (text: string) => void
  readonly leave: () => void
}

const topics = [
  ['server', 'My server'],
  ['wordpress', 'My WordPress site'],
  ['domain', 'A domain'],
  ['email', 'E-mail'],
  ['billing', 'An invoice or payment'],
  ['sales', 'Which plan to buy'],
  ['account', 'My account'],
  ['outage', 'My site is down'],
  ['cancel', 'Cancelling'],
  ['other', 'Something else'],
] as const
const ringingText = 'We are ringing for somebody who can help.'
const names = new Intl.DisplayNames('en', { type: 'region' })

/** The chat widget in the corner of the shop: a button, a form, and then the chat. */
export function widget(state: WidgetState, actions: WidgetActions): TemplateResult {
  const { isOpen, visit } = state
  const opened = () =>
    html`<section class="widget" aria-label="Chat" data-phase=${visit.phase}>${inside(state, actions)}</section>`
  return html`
    ${isOpen ? opened() : ''}
    <button class="opener" aria-expanded=${isOpen} @click=${() => actions.show({ isOpen: !isOpen })}>
      ${isOpen ? 'Close' : visit.phase === 'none' ? 'Chat with us' : 'Back to the chat'}
    </button>`
}

function inside(state: WidgetState, actions: WidgetActions): TemplateResult {
  const { visit, isOnline } = state
  const title = visit.phase === 'chatting' ? visit.staffName : 'Larkhost help desk'
  return html`<header><strong>${title}</strong><span>${isOnline ? statusText(visit) : 'Reconnecting…'}</span></header>
    ${visit.phase === 'none' ? form(state, actions) : chat(state, actions)}`
}

function statusText({ phase, position }: VisitorState): string {
  if (phase === 'waiting') return position === null || position < 2 ? 'You are next' : `You are number ${position}`
  if (phase === 'chatting') return 'is here for you'
  return phase === 'ended' ? 'This chat is over' : 'Usually answers in under a minute'
}

function form({ facts, problem, isSending, isOnline }: WidgetState, { request }: WidgetActions): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const fields = Object.fromEntries(
      [...new FormData(event.target as HTMLFormElement)].map(([name, value]) => [name, String(value)]),
    )
    request({ ...facts, ...fields })
  }
  const options = topics.map(([value, label]) => html`<option value=${value}>${label}</option>`)
  const places = countries.map(
    (code) => html`<option value=${code} ?selected=${code === facts.country}>${names.of(code)}</option>`,
  )
  return html`<form class="ask" @submit=${submit}>
    <label>Your name<input name="name" required maxlength="60" autocomplete="given-name" /></label>
    <div class="pair">
      <label>It is about<select name="topic">${options}</select></label>
      <label>Country<select name="country">${places}</select></label>
    </div>
    <label>How can we help?<textarea name="question" rows="3" required maxlength="1000"></textarea></label>
    ${problem === '' ? '' : html`<p class="problem" role="alert">${problem}</p>`}
    <button class="send" ?disabled=${isSending || !isOnline}>${isSending ? 'Sending…' : 'Start chat'}</button>
  </form>`
}

function chat({ visit }: WidgetState, { write, leave, show }: WidgetActions): TemplateResult {
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    write(String(new FormData(form).get('text') ?? ''))
    form.reset()
  }
  const again = () => show({ isNewRequest: true, visit: { phase: 'none', position: null, staffName: null, lines: [] } })
  return html`<div class="widget-lines" role="log" aria-label="Messages">
      ${visit.lines.map(chatLine)}
      ${visit.phase === 'waiting' ? html`<p class="note"><span class="wave"></span>${ringingText}</p>` : ''}
    </div>
    ${
      visit.phase === 'ended'
        ? html`<div class="ended"><button class="send" @click=${again}>Ask something else</button></div>`
        : html`<form class="write" @submit=${send}>
            <input name="text" aria-label="Message" placeholder="Write a message…" autocomplete="off"
              maxlength="2000" />
            <button class="send">Send</button>
          </form>
          <button class="leave" @click=${leave}>${visit.phase === 'waiting' ? 'Stop waiting' : 'End chat'}</button>`
    }`
}

function chatLine({ from, name, text, at }: ChatLine): TemplateResult {
  const writer = from === 'visitor' ? 'You' : name
  return html`<div class="line ${from}"><p>${text}</p><small>${writer} · ${clockText(at)}</small></div>`
}
