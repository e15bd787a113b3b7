import type { Availability, AwaitingItem, RequestId, RequestView, StaffId, VisitorView } from '../core'
import type { ListPatch, PatchMessage, PortalCommand } from './protocol'

/**
 * `connecting`: no snapshot has arrived yet. `live`: the lists equal the desk's, at `version`. `reconnecting`: they are
 * the last known ones, and the bell is silent. `closed`: the server has ended the session.
 */
export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'closed'

/** What one staff member's screen shows. The same reference until something changes. */
export interface PortalView {
  readonly staffId: StaffId
  readonly connection: ConnectionState
  /** Version of the desk that the lists show; -1 before the first snapshot. */
  readonly version: number
  /** Instant of the latest change, by the server's clock. */
  readonly at: number
  readonly availability: Availability
  readonly ringing: readonly RequestView[]
  readonly awaiting: readonly AwaitingItem[]
  readonly chats: readonly RequestView[]
  readonly visitors: readonly VisitorView[]
  /** `ringing` if the connection is live and a request rings. */
  readonly bell: 'ringing' | 'silent'
  /** Tone of the first ringing request; `null` for the default one. */
  readonly tone: string | null
}

export const emptySnapshot: ServerSnapshot = {
  version: -1,
  at: 0,
  availability: 'available',
  awaiting: [],
  chats: [],
  visitors: [],
}

/** The reason with which a request awaits while this command is pending; `null`: it no longer awaits. */
const optimisticReasons: Partial<Record<PortalCommand['type'], 'muted' | 'snoozed' | null>> = {
  accept: null,
  decline: null,
  mute: 'muted',
  snooze: 'snoozed',
}

/** Returns the snapshot with all pending commands applied. After a refusal the command is no longer among them. */
export function toPortalView(
  identity: { staffId: StaffId; connection: ConnectionState },
  snapshot: ServerSnapshot,
  pendingCommands: Iterable<PortalCommand>,
): PortalView {
  let { availability, awaiting, chats } = snapshot
  for (const command of pendingCommands) {
    if (command.type === 'setAvailability') {
      availability = command.availability
      continue
    }
    const { type, requestId } = command
    const isOther = (item: { readonly requestId: RequestId }) => item.requestId !== requestId
    const reason = optimisticReasons[type]
    if (type === 'accept') chats = [...chats, ...awaiting.filter((item) => !isOther(item)).map(requestOf)]
    if (type === 'end' || type === 'release' || type === 'transfer') chats = chats.filter(isOther)
    if (reason === null) awaiting = awaiting.filter(isOther)
    else if (reason !== undefined) awaiting = awaiting.map((item) => (isOther(item) ? item : { ...item, reason }))
  }
  const ringing = awaiting.filter(({ reason }) => reason === 'ringing').map(requestOf)
  const [first] = ringing
  const bell = identity.connection === 'live' && first !== undefined ? 'ringing' : 'silent'
  const { version, at, visitors } = snapshot
  return { ...identity, version, at, availability, ringing, awaiting, chats, visitors, bell, tone: first?.tone ?? null }
}

const requestOf = ({ request }: AwaitingItem) => request

/** The state of a screen as the server sent it, at one version. A request rings if it awaits with reason `ringing`. */
export interface ServerSnapshot {
  readonly version: number
  readonly at: number
  readonly availability: Availability
  readonly awaiting: readonly AwaitingItem[]
  readonly chats: readonly RequestView[]
  readonly visitors: readonly VisitorView[]
}

/** Returns the snapshot after a patch of the following version. */
export function applyPatch(snapshot: ServerSnapshot, patch: PatchMessage): ServerSnapshot {
  return {
    version: patch.version,
    at: patch.at,
    availability: patch.availability ?? snapshot.availability,
    awaiting: applyListPatch(snapshot.awaiting, requestIdOf, patch.awaiting),
    chats: applyListPatch(snapshot.chats, requestIdOf, patch.chats),
    visitors: applyListPatch(snapshot.visitors, ({ visitorId }) => visitorId, patch.visitors),
  }
}

function applyListPatch<Item>(
  list: readonly Item[],
  idOf: (item: Item) => string,
  patch: ListPatch<Item> | undefined,
): readonly Item[] {
  if (patch === undefined) return list
  const removed = new Set(patch.removed)
  const next = list.filter((item) => !removed.has(idOf(item)))
  for (const [index, item] of patch.inserted) next.splice(index, 0, item)
  return next
}

const requestIdOf = ({ requestId }: { readonly requestId: string }) => requestId
