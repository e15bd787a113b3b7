import { scrolledTo } from '../list-window'
import { rowPx } from './list-panel'
import type { PortalSession } from './portal-session'
import { filterAwaiting } from './selection'

/** Arrows move through tabs and list, A accepts, M mutes or unmutes, D declines, Escape goes back to the list. */
export function onKey(session: PortalSession, event: KeyboardEvent): void {
  const target = event.target as HTMLElement
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Escape') return close(session)
  if (target.matches('input, select, textarea')) return
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') return moveSelection(session, event)
  if ((event.key === 'ArrowRight' || event.key === 'ArrowLeft') && target.matches('[role=tab]')) return moveTab(event)
  // A key that is held down is one action and must not act on the next request.
  if (!event.repeat) runShortcut(session, event.key.toLowerCase())
}

function runShortcut(session: PortalSession, key: string): void {
  const { shown } = session
  if (shown?.kind !== 'awaiting') return
  const { requestId, reason } = shown.item
  if (key === 'a') void session.accept(requestId)
  if (key === 'd') void session.execute({ type: 'decline', requestId })
  if (key === 'm')
    void session.execute({ type: reason === 'muted' || reason === 'snoozed' ? 'unmute' : 'mute', requestId })
}

function close(session: PortalSession): void {
  session.isPanelOpen = false
  session.redraw()
}

/** Selects the next or previous request, and wraps around. The list may hold more rows than are drawn. */
function moveSelection(session: PortalSession, event: KeyboardEvent): void {
  const { awaiting, chats } = session.portal.getSnapshot()
  const ids = (session.filter === 'chats' ? chats : filterAwaiting(awaiting, session.filter)).map(
    ({ requestId }) => requestId,
  )
  const at = ids.indexOf(session.shown?.request.requestId ?? '')
  const index = (at + (event.key === 'ArrowDown' ? 1 : -1) + ids.length) % ids.length
  const next = ids[index]
  const list = document.querySelector('#list')
  if (next === undefined || list === null) return
  event.preventDefault()
  session.scroll = { scrollTop: scrolledTo(index, rowPx, session.scroll), viewHeight: list.clientHeight }
  session.pick(next)
  setTimeout(() => {
    list.scrollTop = session.scroll.scrollTop
    document.querySelector<HTMLElement>('.row[aria-current="true"]')?.focus({ preventScroll: true })
  }, 0)
}

function moveTab(event: KeyboardEvent): void {
  const tabs = [...document.querySelectorAll<HTMLElement>('[role=tab]')]
  const at = tabs.indexOf(document.activeElement as HTMLElement)
  const next = tabs[(at + (event.key === 'ArrowRight' ? 1 : -1) + tabs.length) % tabs.length]
  event.preventDefault()
  next?.focus()
  next?.click()
}
