import type { RequestId, StaffId, VisitorView } from '../core'
import type { PortalView } from './portal-view'
import type { ClientMessage, PortalCommand, PortalOutcome, ServerMessage } from './protocol'

/** One staff member's screen, kept equal to the desk over any transport. Made by `createPortal`. */
export interface Portal {
  readonly staffId: StaffId
  /**
   * Starts to use a connected transport. Pass its messages to `receive` and call `close` when it drops, which silences
   * the bell at once. Opening another connection closes the one before; its later messages are ignored. A `send` that
   * throws, or whose promise rejects, counts as not sent. `onTimeout` is called when the pings that the server
   * announced stop: close the transport and connect again.
   */
  open(send: (message: ClientMessage) => unknown, onTimeout?: () => void): ServerConnection
  /** The same reference until something changes; fits React's `useSyncExternalStore`, also unbound. */
  readonly getSnapshot: () => PortalView
  /** Calls `listener` after each change. Returns an unsubscribe function. */
  readonly subscribe: (listener: () => void) => () => void
  /** Calls `listener` once for each visitor announced to this staff member. Returns an unsubscribe function. */
  onVisitor(listener: (visitor: VisitorView) => void): () => void
  /**
   * Calls `listener` for each chat of this staff member that the desk's store has lost, before the screen stops showing
   * it. Returns an unsubscribe function.
   */
  onRevoked(listener: (requestId: RequestId) => void): () => void
  /**
   * Executes a command at the desk. Mute, snooze, decline, accept, end and availability show at once; they are undone
   * when the desk refuses, or when no answer has arrived by the second ping (`connection-lost`). Never rejects.
   */
  execute(command: PortalCommand): Promise<PortalOutcome>
  /** Requests a snapshot. The portal does so itself after a gap and when the page becomes visible again. */
  refresh(): void
  /** Returns the server's time as estimated from its messages. */
  now(): number
}

export interface ServerConnection {
  /** Applies a message of the server. One of an unknown type, or without a usable version, is ignored. */
  receive(message: ServerMessage): void
  close(): void
}

export interface PortalOptions {
  /** The device's time. Default: `Date.now`. */
  readonly now?: () => number
  /** The portal refreshes when it becomes visible. Default: `document`, where there is one. */
  readonly page?: PageVisibility | undefined
}

export interface PageVisibility {
  readonly visibilityState: string
  addEventListener(type: 'visibilitychange', listener: () => void): void
}
