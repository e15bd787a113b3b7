import type { RequestView } from '../core'
import type { Portal } from './portal'

export interface PageAlertOptions {
  /** Whose title counts. Default: `document`. */
  readonly page?: { title: string }
  /** One line about a request for the notification. Default: its id. */
  readonly describe?: (request: RequestView) => string
  /** Shows a notification and returns how to take it away. Default: the Notification API, where it is allowed. */
  readonly notify?: (title: string, requestId: string) => () => void
}

/**
 * Counts what rings in the page's title, and shows a notification for each request as long as it rings. Returns the way
 * out, which puts the title back.
 */
export function alertPage(portal: Portal, options: PageAlertOptions = {}): () => void {
  const { page = document, describe = ({ requestId }) => requestId, notify = notifyByBrowser } = options
  const title = page.title
  const shown = new Map<string, () => void>()
  const follow = () => {
    const { ringing, bell } = portal.getSnapshot()
    const heard = bell === 'ringing' ? ringing : []
    page.title = heard.length > 0 ? `(${heard.length}) ${title}` : title
    for (const [id, hide] of shown) {
      if (heard.some(({ requestId }) => requestId === id)) continue
      hide()
      shown.delete(id)
    }
    for (const request of heard) {
      const { requestId } = request
      if (!shown.has(requestId)) shown.set(requestId, notify(describe(request), requestId))
    }
  }
  const leave = portal.subscribe(follow)
  follow()
  return () => {
    leave()
    for (const hide of shown.values()) hide()
    page.title = title
  }
}

function notifyByBrowser(title: string, requestId: string): () => void {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return () => {}
  try {
    const notification = new Notification(title, { tag: requestId, requireInteraction: true })
    notification.onclick = () => {
      window.focus()
      notification.close()
    }
    return () => notification.close()
  } catch {
    // Phones allow notifications from a service worker only.
    return () => {}
  }
}
