/** A request that rings, as a notification of the system. */
export interface RequestNotification {
  /** One line about the request. */
  readonly title: string
  readonly staffId: string
  readonly requestId: string
  /** What the button says. */
  readonly accept: string
  /** To be called when the notification was clicked, without a service worker. */
  readonly picked: (action: NotificationPick) => void
}

/** `accept`: its button was pressed. `open`: the notification itself. */
export type NotificationPick = 'accept' | 'open'

/** Shows a notification and returns how to take it away. */
export type Notify = (notification: RequestNotification) => () => void

/**
 * Where the person has allowed notifications: by the page's service worker, with an Accept button, where there is one
 * (`answerNotifications`); otherwise a plain one, which brings the page to the front.
 */
export const notifyByBrowser: Notify = (notification) => {
  if (globalThis.Notification?.permission !== 'granted') return () => {}
  const shown = show(notification).catch(() => () => {})
  return () => void shown.then((hide) => hide())
}

async function show({ title, staffId, requestId, accept, picked }: RequestNotification): Promise<() => unknown> {
  const tag = `frontbell:${staffId}:${requestId}`
  const options = { tag, requireInteraction: true }
  const worker = await navigator.serviceWorker?.getRegistration()
  if (worker?.active) {
    // Another tab, or this one a moment later, may have put its own in the place of this one.
    const mark = Math.random()
    const data = { frontbell: staffId, requestId, url: location.href, mark }
    const actions = [{ action: 'accept', title: accept }]
    await worker.showNotification(title, { ...options, data, actions } as NotificationOptions)
    return async () => {
      for (const each of await worker.getNotifications({ tag })) if (each.data.mark === mark) each.close()
    }
  }
  const plain = new Notification(title, options)
  plain.onclick = () => {
    window.focus()
    plain.close()
    picked('open')
  }
  return () => plain.close()
}
