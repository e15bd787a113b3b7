export { type Bell, type BellLocks, type BellOptions, type BellState, type BellTimer, createBell } from './bell'
export { type BellPlayer, type Pulse, type WebAudioOptions, webAudioPlayer } from './bell-player'
export { createPortal } from './create-portal'
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
  ScreenMessage,
  ToPortal,
  VisitorMessage,
} from './message'
export { alertPage, type PageAlertOptions } from './page-alerts'
export type { PageVisibility, Portal, PortalLink, PortalOptions } from './portal'
export type { LinkState, PortalView } from './portal-view'
