export type { PortalConnection, SendMessage } from './portal-session'
export { type AttachOptions, type ServeStaffOptions, type StaffServer, serveStaff } from './serve-staff'
