export {
  type Bell,
  type BellChannel,
  type BellLocks,
  type BellOptions,
  type BellState,
  createBell,
} from './bell'
export { type BellPlayer, type Sound, type WebAudioOptions, webAudioPlayer } from './bell-player'
export {
  browserNotifier,
  handleNotificationClicks,
  type NotificationAction,
  type NotificationClick,
  type NotificationPage,
  type NotificationPayload,
  type NotificationWorker,
  type Notifier,
  type RequestNotification,
} from './notifications'
export { attachPageAlerts, createFaviconBadge, type PageAlertOptions } from './page-alerts'
export type { PageVisibility, Portal, PortalOptions, ServerConnection } from './portal'
export { createPortal } from './portal-client'
export type { ConnectionState, PortalView } from './portal-view'
export {
  type AnswerMessage,
  type ClientMessage,
  type ClosedMessage,
  type CommandMessage,
  type PingMessage,
  type PongMessage,
  type PortalCommand,
  type PortalMessage,
  type PortalOutcome,
  protocolVersion,
  type ResyncMessage,
  type RevokedMessage,
  type ServerMessage,
  type SnapshotMessage,
  type UpdateMessage,
  type VisitorMessage,
} from './protocol'
