import type {
  Availability,
  AwaitingItem,
  PortalSnapshot,
  RequestId,
  RequestView,
  StaffId,
  Target,
  VisitorView,
} from '../core'

/** All that travels between a server and a staff member's screen, both ways. Plain JSON. */
export type PortalMessage = ServerMessage | ClientMessage

/** From the server to the screen. */
export type ServerMessage =
  | SnapshotMessage
  | PatchMessage
  | PingMessage
  | VisitorMessage
  | RevokedMessage
  | AnswerMessage
  | ClosedMessage

/** The whole screen. Replaces everything. `{type: 'snapshot', ...desk.portal(staffId)}` is a complete one. */
export type SnapshotMessage = Readonly<{ type: 'snapshot' }> &
  PortalSnapshot &
  ServerTimestamp & {
    /** The server is heard at least this often; a screen that hears nothing for much longer takes the line for dead. */
    readonly pingIntervalMs?: number
  }

interface ServerTimestamp {
  /** The server's time when it sent this, so that a wrong clock of the device spoils no age on the screen. */
  readonly sentAt?: number
}

/**
 * What changed since the screen of version `since`: applies to that one only. Lists that did not change are left out.
 */
export interface PatchMessage extends ServerTimestamp {
  readonly type: 'patch'
  readonly since: number
  readonly version: number
  readonly at: number
  readonly availability?: Availability
  readonly awaiting?: ListPatch<AwaitingItem>
  readonly chats?: ListPatch<RequestView>
  readonly visitors?: ListPatch<VisitorView>
}

/** First take out, then put in, in this order; a changed item is taken out and put in. */
export interface ListPatch<Item> {
  readonly removed: readonly string[]
  readonly inserted: readonly (readonly [index: number, item: Item])[]
}

/** The server is still there, and the screen it has sent last is the one of `version`. To be answered by `heard`. */
export interface PingMessage extends ServerTimestamp {
  readonly type: 'ping'
  readonly version: number
}

/** Somebody opened a page. A notice: it changes nothing on the screen, whose list of visitors comes by itself. */
export interface VisitorMessage {
  readonly type: 'visitor'
  readonly version: number
  readonly visitor: VisitorView
}

/** A chat that this person was told is theirs is not: the desk's log has lost it. The screens that follow show that. */
export interface RevokedMessage {
  readonly type: 'revoked'
  readonly version: number
  readonly requestId: RequestId
}

/** What became of a command. The screen of `version` shows it. */
export interface AnswerMessage {
  readonly type: 'answer'
  readonly id: string
  readonly version: number
  readonly outcome: PortalOutcome
}

/** The server will send nothing more on this connection. */
export interface ClosedMessage {
  readonly type: 'closed'
  readonly reason: 'staff-removed' | 'desk-closed'
}

/** From the screen to the server. It never says who is asking: the server knows. */
export type ClientMessage = CommandMessage | ResyncMessage | PongMessage

export interface CommandMessage {
  readonly type: 'command'
  /** Comes back with the answer. */
  readonly id: string
  readonly command: PortalCommand
}

/** The screen has missed something, or has been asleep: it wants a whole one. */
export interface ResyncMessage {
  readonly type: 'resync'
}

/** The answer to a beat: this page is there and awake, which no transport knows as well. */
export interface PongMessage {
  readonly type: 'pong'
}

/** What a staff member may ask for, always for themselves and, after accept, for their own chats. */
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
 * The desk's outcome. Codes of its own: `offline` (nothing was sent), `connection-lost` (nobody knows; the next screen
 * tells), `invalid`, `too-many`, `failed`.
 */
export type PortalOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly by?: StaffId }
