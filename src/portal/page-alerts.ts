import type { RequestView } from '../core'
import { guarded } from './listeners'
import type { NotificationPayload } from './notifications'
import { browserNotifier, type NotificationAction, type Notifier } from './notifications'
import type { Portal } from './portal'

export interface PageAlertOptions {
  /** Its title shows the count. Default: `document`. */
  readonly page?: { title: string }
  /** Shows the number of ringing requests on the page's icon. Default: `createFaviconBadge()`. */
  readonly badge?: (count: number) => void
  /** Returns one line about a request for its notification. Default: its id. */
  readonly describe?: (request: RequestView) => string
  /** Label of the button on a notification. Default: `Accept`. */
  readonly accept?: string
  /** Shows a notification. Default: `browserNotifier`. */
  readonly notify?: Notifier
  /** Called with what was clicked on a notification. Default: `accept` executes the command, `open` does nothing. */
  readonly onAction?: (requestId: string, action: NotificationAction) => void
}

/**
 * Counts ringing requests in the page's title and on its icon, and shows a notification for each as long as it rings.
 * Returns a function that ends this and restores the title and the icon. What one of the options throws is reported to
 * the console, and only its own part is missing: a request that `describe` cannot describe is named by its id.
 */
export function attachPageAlerts(portal: Portal, options: PageAlertOptions = {}): () => void {
  const { page = document, badge = createFaviconBadge(), describe = ({ requestId }) => requestId } = options
  const { notify = browserNotifier, accept = 'Accept' } = options
  const { staffId } = portal
  const acceptByPortal = (requestId: string, action: NotificationAction) => {
    if (action === 'accept') void portal.execute({ type: 'accept', requestId })
  }
  const { onAction = acceptByPortal } = options
  const { title } = page
  const shown = new Map<string, () => void>()
  const open = (request: RequestView) => {
    const { requestId } = request
    const notification = {
      title: guarded(() => describe(request), requestId),
      staffId,
      requestId,
      accept,
      onAction: (action: NotificationAction) => onAction(requestId, action),
    }
    return guarded(
      () => notify(notification),
      () => {},
    )
  }
  const show = (ringing: readonly RequestView[]) => {
    const { length } = ringing
    page.title = length > 0 ? `(${length}) ${title}` : title
    guarded(() => badge(length))
    const ids = new Set(ringing.map(({ requestId }) => requestId))
    for (const [id, hide] of shown) {
      if (!ids.has(id)) {
        shown.delete(id)
        guarded(hide)
      }
    }
    for (const request of ringing) if (!shown.has(request.requestId)) shown.set(request.requestId, open(request))
  }
  const update = () => {
    const { ringing, bell } = portal.getSnapshot()
    show(bell === 'ringing' ? ringing : [])
  }
  const worker = globalThis.navigator?.serviceWorker
  const onMessage = ({ data }: MessageEvent<(NotificationPayload & { action: NotificationAction }) | null>) => {
    if (data?.frontbell === staffId && shown.has(data.requestId)) onAction(data.requestId, data.action)
  }
  worker?.addEventListener('message', onMessage)
  const unsubscribe = portal.subscribe(update)
  update()
  return () => {
    unsubscribe()
    worker?.removeEventListener('message', onMessage)
    show([])
  }
}

/**
 * Returns a function that draws a number onto the page's icon; 0 restores the icon. A page without an icon stays as it
 * is.
 */
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
      // An icon of another site, or a browser without a canvas. The title shows the count as well.
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
