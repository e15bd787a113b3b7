export type { PortalConnection, Send } from './portal-connection'
export { type AttachedScreen, type DeskServer, type ServeOptions, serveDesk } from './serve-desk'
