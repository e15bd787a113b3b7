import { render } from 'lit-html'
import { io } from 'socket.io-client'
import type { VisitorState } from '../../chat/chat-protocol'
import { applyTheme } from '../theme'
import { browserCountry, browserLanguage } from './locale'
import { type WidgetState, widget } from './widget'
import './visitor.css'

const root = document.querySelector<HTMLElement>('#widget') ?? document.body
const visitorId = rememberedId()
const facts = { page: location.pathname, country: browserCountry(), language: browserLanguage() }
const socket = io('/visitor', { auth: { visitorId, facts }, transports: ['websocket'] })
let state: WidgetState = {
  isOpen: sessionStorage.getItem('widget') === 'open',
  isOnline: true,
  isAnew: false,
  isAsking: false,
  problem: '',
  facts,
  visit: { phase: 'none', position: null, staffName: null, lines: [] },
}

applyTheme()
document.querySelector(`nav a[href="${location.pathname}"]`)?.setAttribute('aria-current', 'page')
socket.on('state', (visit: VisitorState) => {
  // The server tells at each connection how the last chat ended, also somebody who writes the next question.
  if (visit.phase !== 'ended' || !state.isAnew) show({ visit, isAnew: false })
})
socket.on('connect', () => show({ isOnline: true }))
socket.on('disconnect', () => show({ isOnline: false, isAsking: false }))
show({})

function show(change: Partial<WidgetState>): void {
  state = { ...state, ...change }
  sessionStorage.setItem('widget', state.isOpen ? 'open' : 'closed')
  render(widget(state, { show, ask, say, leave }), root)
  root.querySelector('.widget-lines')?.scrollTo({ top: 1e9 })
}

function ask(asked: Readonly<Record<string, string>>): void {
  const customer = new URLSearchParams(location.search).get('customer') ?? asked.customer ?? 'new'
  show({ isAsking: true, problem: '' })
  socket.emit('ask', { ...asked, customer }, (answer: { ok: boolean; message?: string }) =>
    show({ isAsking: false, problem: answer.ok ? '' : (answer.message ?? 'That did not work.') }),
  )
}

function say(text: string): void {
  if (text.trim() !== '') socket.emit('say', text)
}

function leave(): void {
  socket.emit('leave')
}

/** The same visitor on every page and after a reload; long and random, so that nobody else can be them. */
function rememberedId(): string {
  const known = sessionStorage.getItem('visitor')
  if (known !== null) return known
  const id = `v-${crypto.randomUUID()}`
  sessionStorage.setItem('visitor', id)
  return id
}
