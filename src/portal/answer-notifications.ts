import type { NotificationPick } from './notify'

/** As much of a service worker as answers clicks. */
export interface NotificationWorker {
  addEventListener(type: 'notificationclick', listener: (event: NotificationClick) => void): void
  readonly clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly NotificationPage[]>
    openWindow(url: string): Promise<unknown>
  }
}

export interface NotificationClick {
  readonly action: string
  readonly notification: { readonly data: NotificationContent | null; close(): void }
  waitUntil(done: Promise<unknown>): void
}

/** What `alertPage` writes into a notification. */
export interface NotificationContent {
  /** Whose screen it belongs to. */
  readonly frontbell: string
  readonly requestId: string
  readonly url: string
}

export interface NotificationPage {
  readonly url: string
  postMessage(message: NotificationContent & { readonly action: NotificationPick }): void
  focus(): Promise<unknown>
}

/** In the page's service worker: `answerNotifications(self)`. Tells the page what was clicked and brings it forward. */
export function answerNotifications(worker: NotificationWorker): void {
  worker.addEventListener('notificationclick', (event) => {
    const { action, notification } = event
    const { data } = notification
    if (data?.frontbell === undefined) return
    notification.close()
    event.waitUntil(tell(worker.clients, { ...data, action: action === 'accept' ? action : 'open' }))
  })
}

async function tell(clients: NotificationWorker['clients'], message: Parameters<NotificationPage['postMessage']>[0]) {
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true })
  for (const page of pages) page.postMessage(message)
  const page = pages.find(({ url }) => url === message.url) ?? pages[0]
  await (page?.focus() ?? clients.openWindow(message.url))
}
