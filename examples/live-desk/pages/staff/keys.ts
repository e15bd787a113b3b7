import type { PortalSession } from './portal-session'
import { shownIn } from './shown'

/** Arrows move through tabs and list, A accepts, M mutes or unmutes, D declines, Escape goes back to the list. */
export function onKey(session: PortalSession, event: KeyboardEvent): void {
  const target = event.target as HTMLElement
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Escape') return close(session)
  if (target.matches('input, select, textarea')) return
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') return move(event, '.row[data-request]')
  if ((event.key === 'ArrowRight' || event.key === 'ArrowLeft') && target.matches('[role=tab]'))
    return move(event, '[role=tab]')
  act(session, event.key.toLowerCase())
}

function act(session: PortalSession, key: string): void {
  const shown = shownIn(session)
  if (shown?.kind !== 'awaiting') return
  const { requestId, why } = shown.item
  if (key === 'a') void session.accept(requestId)
  if (key === 'd') void session.ask({ type: 'decline', requestId })
  if (key === 'm') void session.ask({ type: why === 'muted' || why === 'snoozed' ? 'unmute' : 'mute', requestId })
}

function close(session: PortalSession): void {
  session.isPanelOpen = false
  session.redraw()
}

function move(event: KeyboardEvent, selector: string): void {
  const stops = [...document.querySelectorAll<HTMLElement>(selector)]
  const at = stops.findIndex((stop) => stop === document.activeElement || stop.ariaCurrent === 'true')
  const step = event.key === 'ArrowDown' || event.key === 'ArrowRight' ? 1 : -1
  const next = stops[(at + step + stops.length) % stops.length]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
  next.click()
}
