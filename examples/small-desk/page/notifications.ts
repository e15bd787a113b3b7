import { handleNotificationClicks, type NotificationWorker } from 'frontbell/portal'

// The service worker: it has nothing to do but to pass on what was clicked.
handleNotificationClicks(self as unknown as NotificationWorker)
