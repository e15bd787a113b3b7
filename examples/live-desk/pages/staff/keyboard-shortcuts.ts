import { scrolledTo } from '../list-window'
import { rowPx } from './list-panel'
import type { PortalSession } from './portal-session'
import { listed } from './selection'

/** Arrows move through tabs and list, A accepts, M mutes or unmutes, D declines, Escape goes back to the list. */
export function onKey(session: PortalSession, event: KeyboardEvent): void {
  const target = event.target as HTMLElement
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Escape') return close(session)
  if (target.matches('input, select, textarea')) return
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') return step(session, event)
  if ((event.key === 'ArrowRight' || event.key === 'ArrowLeft') && target.matches('[role=tab]')) return turn(event)
  // A key that is held down is one wish, and the next request is not meant by it.
  if (!event.repeat) act(session, event.key.toLowerCase())
}

function act(session: PortalSession, key: string): void {
  const { shown } = session
  if (shown?.kind !== 'awaiting') return
  const { requestId, reason } = shown.item
  if (key === 'a') void session.accept(requestId)
  if (key === 'd') void session.ask({ type: 'decline', requestId })
  if (key === 'm') void session.ask({ type: reason === 'muted' || reason === 'snoozed' ? 'unmute' : 'mute', requestId })
}

function close(session: PortalSession): void {
  session.isPanelOpen = false
  session.redraw()
}

/** The next or the one before, round at the ends; the list may hold more than is drawn. */
function step(session: PortalSession, event: KeyboardEvent): void {
  const { awaiting, chats } = session.portal.getSnapshot()
  const ids = (session.filter === 'chats' ? chats : listed(awaiting, session.filter)).map(({ requestId }) => requestId)
  const at = ids.indexOf(session.shown?.request.requestId ?? '')
  const index = (at + (event.key === 'ArrowDown' ? 1 : -1) + ids.length) % ids.length
  const next = ids[index]
  const list = document.querySelector('#list')
  if (next === undefined || list === null) return
  event.preventDefault()
  session.place = { scrollTop: scrolledTo(index, rowPx, session.place), viewHeight: list.clientHeight }
  session.pick(next)
  setTimeout(() => {
    list.scrollTop = session.place.scrollTop
    document.querySelector<HTMLElement>('.row[aria-current="true"]')?.focus({ preventScroll: true })
  }, 0)
}

function turn(event: KeyboardEvent): void {
  const tabs = [...document.querySelectorAll<HTMLElement>('[role=tab]')]
  const at = tabs.indexOf(document.activeElement as HTMLElement)
  const next = tabs[(at + (event.key === 'ArrowRight' ? 1 : -1) + tabs.length) % tabs.length]
  event.preventDefault()
  next?.focus()
  next?.click()
}
