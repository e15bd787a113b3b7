import type { RequestId, StaffId, VisitorView } from '../core'
import type { PortalView } from './portal-view'
import type { ClientMessage, PortalCommand, PortalOutcome, ServerMessage } from './protocol'

/** One staff member's screen, kept equal to the desk's over any transport. Made by `createPortal`. */
export interface Portal {
  readonly staffId: StaffId
  /**
   * A transport is up: gives what it brings to `receive` and calls `close` when it drops, which silences the bell at
   * once. Opening another link ends the one before: whatever still comes through that is ignored. A `send` that throws,
   * or returns a promise that rejects, has not sent. `onTimeout` is told when a server that promised to beat is no longer
   * heard: time to close the transport and to connect again.
   */
  open(send: (message: ClientMessage) => unknown, onTimeout?: () => void): ServerConnection
  /** The same reference until something changes; fits React's `useSyncExternalStore`, also unbound. */
  readonly getSnapshot: () => PortalView
  /** Returns the way out. */
  readonly subscribe: (listener: () => void) => () => void
  /** Told once of each visitor who is announced to this person. Returns the way out. */
  onVisitor(listener: (visitor: VisitorView) => void): () => void
  /** Told of each chat of theirs that the desk's log has lost, before the screen shows it gone. Returns the way out. */
  onRevoked(listener: (requestId: RequestId) => void): () => void
  /**
   * Asks the desk. Mute, snooze, decline, accept, end and availability show at once and are undone when the desk
   * refuses, or when no answer has come by the second beat after it (`connection-lost`). Never rejects.
   */
  execute(command: PortalCommand): Promise<PortalOutcome>
  /** Asks for a whole screen, as it does by itself after a gap and when the page becomes visible again. */
  refresh(): void
  /** The server's time, as far as it is known. */
  now(): number
}

export interface ServerConnection {
  /** A message from the server. Of another type, or of no known version, it is ignored. */
  receive(message: ServerMessage): void
  close(): void
}

export interface PortalOptions {
  /** The device's time. Default: `Date.now`. */
  readonly now?: () => number
  /** Told when it becomes visible again. Default: the page, where there is one. */
  readonly page?: PageVisibility | undefined
}

export interface PageVisibility {
  readonly visibilityState: string
  addEventListener(type: 'visibilitychange', listener: () => void): void
}
