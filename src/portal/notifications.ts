/** A ringing request as a notification of the operating system. */
export interface RequestNotification {
  /** One line about the request. */
  readonly title: string
  readonly staffId: string
  readonly requestId: string
  /** Label of the button. */
  readonly accept: string
  /** Called on a click when there is no service worker. */
  readonly onAction: (action: NotificationAction) => void
}

/** `accept`: its button was pressed. `open`: the notification itself. */
export type NotificationAction = 'accept' | 'open'

/** Shows a notification and returns a function that closes it. */
export type Notifier = (notification: RequestNotification) => () => void

/**
 * Shows a notification if the staff member has allowed them: through the page's service worker, with an Accept button,
 * if there is one (`handleNotificationClicks`); otherwise a plain one, which brings the page to the front.
 */
export const browserNotifier: Notifier = (notification) => {
  if (globalThis.Notification?.permission !== 'granted') return () => {}
  const shown = showNotification(notification).catch(() => () => {})
  return () => void shown.then((hide) => hide())
}

async function showNotification({
  title,
  staffId,
  requestId,
  accept,
  onAction,
}: RequestNotification): Promise<() => unknown> {
  const tag = `frontbell:${staffId}:${requestId}`
  const options = { tag, requireInteraction: true }
  const worker = await navigator.serviceWorker?.getRegistration()
  if (worker?.active) {
    // Another tab, or this one a moment later, may have replaced this notification by its own.
    const instance = Math.random()
    const data = { frontbell: staffId, requestId, url: location.href, instance }
    const actions = [{ action: 'accept', title: accept }]
    await worker.showNotification(title, { ...options, data, actions } as NotificationOptions)
    return async () => {
      for (const each of await worker.getNotifications({ tag })) if (each.data.instance === instance) each.close()
    }
  }
  const plain = new Notification(title, options)
  plain.onclick = () => {
    window.focus()
    plain.close()
    onAction('open')
  }
  return () => plain.close()
}

/** The part of a service worker that handles clicks on notifications. */
export interface NotificationWorker {
  addEventListener(type: 'notificationclick', listener: (event: NotificationClick) => void): void
  readonly clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly NotificationPage[]>
    openWindow(url: string): Promise<unknown>
  }
}

export interface NotificationClick {
  readonly action: string
  readonly notification: { readonly data: NotificationPayload | null; close(): void }
  waitUntil(done: Promise<unknown>): void
}

/** The `data` of a notification of `attachPageAlerts`. */
export interface NotificationPayload {
  /** The staff member whose screen it belongs to. */
  readonly frontbell: string
  readonly requestId: string
  readonly url: string
}

export interface NotificationPage {
  readonly url: string
  postMessage(message: NotificationPayload & { readonly action: NotificationAction }): void
  focus(): Promise<unknown>
}

/**
 * Forwards clicks to the page and brings it to the front. In the page's service worker:
 * `handleNotificationClicks(self)`.
 */
export function handleNotificationClicks(worker: NotificationWorker): void {
  worker.addEventListener('notificationclick', (event) => {
    const { action, notification } = event
    const { data } = notification
    if (data?.frontbell === undefined) return
    notification.close()
    event.waitUntil(forwardClick(worker.clients, { ...data, action: action === 'accept' ? action : 'open' }))
  })
}

async function forwardClick(
  clients: NotificationWorker['clients'],
  message: Parameters<NotificationPage['postMessage']>[0],
) {
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true })
  for (const page of pages) page.postMessage(message)
  const page = pages.find(({ url }) => url === message.url) ?? pages[0]
  await (page?.focus() ?? clients.openWindow(message.url))
}
