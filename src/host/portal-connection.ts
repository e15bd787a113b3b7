import type { SessionId, StaffId } from '../core'
import type { ToPortal } from '../portal'

/** One tab or device of one staff member, from `attach` until `detach`. */
export interface PortalConnection {
  readonly staffId: StaffId
  /** The desk's session that lasts as long as this connection. */
  readonly sessionId: SessionId
  /** A message from the screen, as the transport gives it: it is parsed here. Never throws, never rejects. */
  receive(message: unknown): Promise<void>
  /** The transport has dropped, or the person left: this session ends. Calling it again does nothing. */
  detach(): void
}

/**
 * Takes a message to the screen. A promise says when the transport is ready for more: until then nothing is sent, and
 * what changes meanwhile goes out afterwards as one difference. After one that rejects the screen goes out whole.
 */
export type Send = (message: ToPortal) => unknown
