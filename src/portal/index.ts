export {
  answerNotifications,
  type NotificationClick,
  type NotificationContent,
  type NotificationPage,
  type NotificationWorker,
} from './answer-notifications'
export {
  type Bell,
  type BellChannel,
  type BellLocks,
  type BellOptions,
  type BellState,
  createBell,
} from './bell'
export { type BellPlayer, type Pulse, type WebAudioOptions, webAudioPlayer } from './bell-player'
export { createPortal } from './create-portal'
export { iconBadge } from './icon-badge'
export type {
  AnswerMessage,
  BeatMessage,
  ClosedMessage,
  CommandMessage,
  FromPortal,
  HeardMessage,
  ListPatch,
  Message,
  PatchMessage,
  PortalCommand,
  PortalOutcome,
  ResyncMessage,
  RevokedMessage,
  ScreenMessage,
  ToPortal,
  VisitorMessage,
} from './message'
export { type NotificationPick, type Notify, notifyByBrowser, type RequestNotification } from './notify'
export { alertPage, type PageAlertOptions } from './page-alerts'
export type { PageVisibility, Portal, PortalLink, PortalOptions } from './portal'
export type { LinkState, PortalView } from './portal-view'
