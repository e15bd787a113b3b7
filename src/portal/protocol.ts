import type { Availability, PortalSnapshot, RequestId, ScreenOperation, StaffId, Target, VisitorView } from '../core'

/**
 * The version of the protocol, which every snapshot names. It grows with each change that an older page or server would
 * misread; a key or a type of message more is none, since what is unknown is ignored.
 */
export const protocolVersion = 2

/** Every message between a server and a staff member's screen, in both directions. Plain JSON. */
export type PortalMessage = ServerMessage | ClientMessage

/** From the server to the screen. */
export type ServerMessage =
  | SnapshotMessage
  | UpdateMessage
  | PingMessage
  | VisitorMessage
  | RevokedMessage
  | AnswerMessage
  | ClosedMessage

/**
 * The complete state of the screen, and the first message of a connection that it shows.
 * `{ type: 'snapshot', protocol: protocolVersion, ...desk.portal(staffId) }` is a complete message.
 */
export type SnapshotMessage = Readonly<{ type: 'snapshot'; protocol: typeof protocolVersion }> &
  PortalSnapshot &
  ServerTimestamp & {
    /** The server sends a message at least this often. A screen that receives none for 2.5 intervals reconnects. */
    readonly pingIntervalMs?: number
  }

interface ServerTimestamp {
  /**
   * The server's time when it sent the message, so that the screen shows correct ages on a device with a wrong clock.
   */
  readonly sentAt?: number
}

/** What has changed since version `since`: applies to that version only. */
export interface UpdateMessage extends ServerTimestamp {
  readonly type: 'update'
  readonly since: number
  readonly version: number
  readonly at: number
  /** To be applied in this order. They name no places: items are in the order that their own content gives. */
  readonly operations: readonly ScreenOperation[]
}

/** The server is alive and has last sent `version`. The screen answers with `pong`. */
export interface PingMessage extends ServerTimestamp {
  readonly type: 'ping'
  readonly version: number
}

/** A visitor has opened a page. Only a notification: the list of visitors comes with snapshots and updates. */
export interface VisitorMessage {
  readonly type: 'visitor'
  readonly version: number
  readonly visitor: VisitorView
}

/**
 * A chat of this staff member is no longer theirs: the desk's store has lost its assignment. Later messages show it.
 */
export interface RevokedMessage {
  readonly type: 'revoked'
  readonly version: number
  readonly requestId: RequestId
}

/** The outcome of a command. The snapshot of `version` shows its effect. */
export interface AnswerMessage {
  readonly type: 'answer'
  readonly id: string
  readonly version: number
  readonly outcome: PortalOutcome
}

/** The last message of this connection. */
export interface ClosedMessage {
  readonly type: 'closed'
  readonly reason: 'staff-removed' | 'desk-closed'
}

/** From the screen to the server. It never names the sender: the server knows it. */
export type ClientMessage = CommandMessage | ResyncMessage | PongMessage

export interface CommandMessage {
  readonly type: 'command'
  /** Repeated in the answer. */
  readonly id: string
  readonly command: PortalCommand
}

/** Requests a snapshot, because the screen has missed a message or has been suspended. */
export interface ResyncMessage {
  readonly type: 'resync'
}

/** Answers a ping: the page is open and running, which a transport cannot know. */
export interface PongMessage {
  readonly type: 'pong'
}

/** A command that a staff member may give: only for themselves, and only for their own chats after accept. */
export type PortalCommand =
  | RequestCommand<'accept' | 'mute' | 'unmute'>
  | RequestCommand<'end' | 'replied'>
  | (RequestCommand<'snooze'> & { readonly forMs: number })
  | (RequestCommand<'decline'> & { readonly reason?: string })
  | (RequestCommand<'release'> & { readonly exclude?: boolean })
  | (RequestCommand<'transfer'> & { readonly to: Target })
  | { readonly type: 'setAvailability'; readonly availability: Availability }

interface RequestCommand<Type extends string> {
  readonly type: Type
  readonly requestId: RequestId
}

/**
 * The desk's outcome. Additional codes: `offline` (nothing was sent), `connection-lost` (unknown; the next snapshot
 * shows it), `invalid`, `too-many`, `failed`.
 */
export type PortalOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly by?: StaffId }
