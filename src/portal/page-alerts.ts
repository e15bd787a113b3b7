import type { RequestView } from '../core'
import type { NotificationContent } from './answer-notifications'
import { iconBadge } from './icon-badge'
import { type NotificationPick, type Notify, notifyByBrowser } from './notify'
import type { Portal } from './portal'

export interface PageAlertOptions {
  /** Whose title counts. Default: `document`. */
  readonly page?: { title: string }
  /** Shows how many ring on the page's icon; 0: none. Default: `iconBadge()`. */
  readonly badge?: (count: number) => void
  /** One line about a request for the notification. Default: its id. */
  readonly describe?: (request: RequestView) => string
  /** What the button on a notification says. Default: `Accept`. */
  readonly accept?: string
  /** Default: the Notification API, where it is allowed. */
  readonly notify?: Notify
  /** Told what was clicked on a notification. Default: `accept` asks the desk, `open` brings the page forward. */
  readonly picked?: (requestId: string, action: NotificationPick) => void
}

/**
 * Counts what rings in the page's title and on its icon, and shows a notification for each request as long as it rings.
 * Returns the way out, which puts the title and the icon back.
 */
export function alertPage(portal: Portal, options: PageAlertOptions = {}): () => void {
  const { page = document, badge = iconBadge(), describe = ({ requestId }) => requestId } = options
  const { notify = notifyByBrowser, accept = 'Accept' } = options
  const { staffId } = portal
  const byAsking = (requestId: string, action: NotificationPick) => {
    if (action === 'accept') void portal.ask({ type: 'accept', requestId })
  }
  const { picked = byAsking } = options
  const { title } = page
  const shown = new Map<string, () => void>()
  const show = (ringing: readonly RequestView[]) => {
    const { length } = ringing
    page.title = length > 0 ? `(${length}) ${title}` : title
    badge(length)
    const ids = new Set(ringing.map(({ requestId }) => requestId))
    for (const [id, hide] of shown) {
      if (ids.has(id)) continue
      hide()
      shown.delete(id)
    }
    for (const request of ringing) {
      const { requestId } = request
      if (shown.has(requestId)) continue
      const pick = (action: NotificationPick) => picked(requestId, action)
      shown.set(requestId, notify({ title: describe(request), staffId, requestId, accept, picked: pick }))
    }
  }
  const follow = () => {
    const { ringing, bell } = portal.getSnapshot()
    show(bell === 'ringing' ? ringing : [])
  }
  const worker = globalThis.navigator?.serviceWorker
  const hear = ({ data }: MessageEvent<(NotificationContent & { action: NotificationPick }) | null>) => {
    if (data?.frontbell === staffId && shown.has(data.requestId)) picked(data.requestId, data.action)
  }
  worker?.addEventListener('message', hear)
  const leave = portal.subscribe(follow)
  follow()
  return () => {
    leave()
    worker?.removeEventListener('message', hear)
    show([])
  }
}
