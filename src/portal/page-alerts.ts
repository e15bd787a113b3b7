import type { RequestView } from '../core'
import type { NotificationPayload } from './notifications'
import { browserNotifier, type NotificationAction, type Notifier } from './notifications'
import type { Portal } from './portal'

export interface PageAlertOptions {
  /** Whose title counts. Default: `document`. */
  readonly page?: { title: string }
  /** Shows how many ring on the page's icon; 0: none. Default: `createFaviconBadge()`. */
  readonly badge?: (count: number) => void
  /** One line about a request for the notification. Default: its id. */
  readonly describe?: (request: RequestView) => string
  /** What the button on a notification says. Default: `Accept`. */
  readonly accept?: string
  /** Default: the Notification API, where it is allowed. */
  readonly notify?: Notifier
  /** Told what was clicked on a notification. Default: `accept` asks the desk, `open` brings the page forward. */
  readonly onAction?: (requestId: string, action: NotificationAction) => void
}

/**
 * Counts what rings in the page's title and on its icon, and shows a notification for each request as long as it rings.
 * Returns the way out, which puts the title and the icon back.
 */
export function attachPageAlerts(portal: Portal, options: PageAlertOptions = {}): () => void {
  const { page = document, badge = createFaviconBadge(), describe = ({ requestId }) => requestId } = options
  const { notify = browserNotifier, accept = 'Accept' } = options
  const { staffId } = portal
  const byAsking = (requestId: string, action: NotificationAction) => {
    if (action === 'accept') void portal.execute({ type: 'accept', requestId })
  }
  const { onAction = byAsking } = options
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
      const pick = (action: NotificationAction) => onAction(requestId, action)
      shown.set(requestId, notify({ title: describe(request), staffId, requestId, accept, onAction: pick }))
    }
  }
  const follow = () => {
    const { ringing, bell } = portal.getSnapshot()
    show(bell === 'ringing' ? ringing : [])
  }
  const worker = globalThis.navigator?.serviceWorker
  const hear = ({ data }: MessageEvent<(NotificationPayload & { action: NotificationAction }) | null>) => {
    if (data?.frontbell === staffId && shown.has(data.requestId)) onAction(data.requestId, data.action)
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

/** Paints a number onto the icon of the page; 0 puts the icon back. Does nothing on a page that has none. */
export function createFaviconBadge(page: Document = document): (count: number) => void {
  const link = page.querySelector<HTMLLinkElement>('link[rel~="icon"]')
  if (link === null) return () => {}
  const { href } = link
  const image = page.createElement('img')
  image.src = href
  return (count) => {
    try {
      link.href = count > 0 ? drawBadge(page.createElement('canvas'), image, count) : href
    } catch {
      // An icon of another site, or a browser without a canvas: the title counts as well.
    }
  }
}

function drawBadge(canvas: HTMLCanvasElement, image: HTMLImageElement, count: number): string {
  canvas.width = canvas.height = 32
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D
  if (image.naturalWidth > 0) pen.drawImage(image, 0, 0, 32, 32)
  pen.fillStyle = '#c02'
  pen.arc(20, 20, 12, 0, 7)
  pen.fill()
  pen.fillStyle = '#fff'
  pen.font = 'bold 18px sans-serif'
  pen.textAlign = 'center'
  pen.fillText(count > 9 ? '9+' : `${count}`, 20, 26)
  return canvas.toDataURL()
}
