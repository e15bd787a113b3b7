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
  isNewRequest: false,
  isSending: false,
  problem: '',
  facts,
  visit: { phase: 'none', position: null, staffName: null, lines: [] },
}

applyTheme()
document.querySelector(`nav a[href="${location.pathname}"]`)?.setAttribute('aria-current', 'page')
socket.on('state', (visit: VisitorState) => {
  // At each connection the server sends how the last chat ended, also while the visitor writes the next question.
  if (visit.phase !== 'ended' || !state.isNewRequest) show({ visit, isNewRequest: false })
})
socket.on('connect', () => show({ isOnline: true }))
socket.on('disconnect', () => show({ isOnline: false, isSending: false }))
show({})

function show(change: Partial<WidgetState>): void {
  state = { ...state, ...change }
  sessionStorage.setItem('widget', state.isOpen ? 'open' : 'closed')
  render(widget(state, { show, request, write, leave }), root)
  root.querySelector('.widget-lines')?.scrollTo({ top: 1e9 })
}

function request(form: Readonly<Record<string, string>>): void {
  const customer = new URLSearchParams(location.search).get('customer') ?? form.customer ?? 'new'
  show({ isSending: true, problem: '' })
  socket.emit('request', { ...form, customer }, (answer: { ok: boolean; message?: string }) =>
    show({ isSending: false, problem: answer.ok ? '' : (answer.message ?? 'That did not work.') }),
  )
}

function write(text: string): void {
  if (text.trim() !== '') socket.emit('write', text)
}

function leave(): void {
  socket.emit('leave')
}

/** The same id on every page and after a reload; random, so that it cannot be guessed. */
function rememberedId(): string {
  const known = sessionStorage.getItem('visitor')
  if (known !== null) return known
  const id = `v-${crypto.randomUUID()}`
  sessionStorage.setItem('visitor', id)
  return id
}
