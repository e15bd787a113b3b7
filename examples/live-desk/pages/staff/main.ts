import { html, render } from 'lit-html'
import { io } from 'socket.io-client'
import type { Colleague } from '../../chat/chat-protocol'
import { applyTheme } from '../theme'
import { onKey } from './keyboard-shortcuts'
import { portalPage } from './portal-page'
import { PortalSession } from './portal-session'
import { signIn } from './sign-in'
import './staff.css'

const root = document.body
let session: PortalSession | null = null
let colleagues: readonly Colleague[] = []
let isDrawScheduled = false

applyTheme()
io('/roster', { transports: ['websocket'] }).on('roster', (present: readonly Colleague[]) => {
  colleagues = present
  if (session !== null) session.colleagues = present
  scheduleDraw()
})
const remembered = new URLSearchParams(location.search).get('as') ?? sessionStorage.getItem('staff')
if (remembered !== null) start(remembered)
document.addEventListener('keydown', (event) => session !== null && onKey(session, event))
setInterval(() => {
  if (session?.shown?.kind === 'awaiting') session.refreshExplanation(session.shown.request.requestId)
  scheduleDraw()
}, 1_000)

function start(staffId: string): void {
  sessionStorage.setItem('staff', staffId)
  session = new PortalSession(staffId, { changed: scheduleDraw, onRefused: signOut })
  session.colleagues = colleagues
  Object.assign(globalThis, { frontdesk: session }) // for experiments in the browser's console
  if ('Notification' in window && Notification.permission === 'default')
    document.addEventListener('click', () => void Notification.requestPermission(), { once: true })
  document.addEventListener('click', () => session?.bell.isBlocked && void session.bell.unlock(), { once: true })
  scheduleDraw()
}

function signOut(): void {
  session?.close()
  session = null
  sessionStorage.removeItem('staff')
  history.replaceState(null, '', '/staff')
  scheduleDraw()
}

/** Draws once for many changes. A hidden page draws too, so that its state can be read. */
function scheduleDraw(): void {
  if (isDrawScheduled) return
  isDrawScheduled = true
  setTimeout(draw, 0)
}

function draw(): void {
  isDrawScheduled = false
  root.dataset.bell = session?.portal.getSnapshot().bell ?? 'silent'
  root.dataset.connection = session?.portal.getSnapshot().connection ?? 'none'
  root.dataset.sound = session?.bell.state ?? 'silent'
  const lines = document.querySelector('.lines')
  const isAtEnd = lines === null || lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40
  render(session === null ? html`${signIn(colleagues, start)}` : html`${portalPage(session, signOut)}`, root)
  if (isAtEnd) document.querySelector('.lines')?.scrollTo({ top: 1e9 })
}
