export type { PortalConnection, Send } from './portal-connection'
export { type DeskServer, type ServeOptions, serveDesk } from './serve-desk'
