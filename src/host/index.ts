export type { SendMessage } from './message-sender'
export type { PortalConnection } from './portal-session'
export { type AttachOptions, type ServeStaffOptions, type StaffServer, serveStaff } from './serve-staff'
