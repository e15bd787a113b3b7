import type { Availability, AwaitingItem, RequestId, RequestView, StaffId, VisitorView } from '../core'
import type { ListPatch, PatchMessage, PortalCommand } from './protocol'

/**
 * `connecting`: nothing has come yet. `live`: the lists are the desk's, at `version`. `reconnecting`: they are what was
 * last known, and the bell is silent. `closed`: the server sent this person away.
 */
export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'closed'

/** What one staff member's screen shows; the same reference until something changes. */
export interface PortalView {
  readonly staffId: StaffId
  readonly connection: ConnectionState
  /** The desk's version that the lists show; -1 before the first. */
  readonly version: number
  /** Instant of the latest change, by the server's clock. */
  readonly at: number
  readonly availability: Availability
  readonly ringing: readonly RequestView[]
  readonly awaiting: readonly AwaitingItem[]
  readonly chats: readonly RequestView[]
  readonly visitors: readonly VisitorView[]
  /** Whether the bell is on: the link is live and something rings. */
  readonly bell: 'ringing' | 'silent'
  /** The sound that the first ringing request asks for; `null` for the usual one. */
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

/** Why a request awaits when this was asked of it; `null`: it does so no more. */
const optimisticReasons: Partial<Record<PortalCommand['type'], 'muted' | 'snoozed' | null>> = {
  accept: null,
  decline: null,
  mute: 'muted',
  snooze: 'snoozed',
}

/** The server's screen with what this person has just asked for done already; a refusal undoes it by leaving it out. */
export function toPortalView(
  who: { staffId: StaffId; connection: ConnectionState },
  screen: ServerSnapshot,
  asked: PendingCommands,
): PortalView {
  let { availability, awaiting, chats } = screen
  for (const command of asked) {
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
  const bell = who.connection === 'live' && first !== undefined ? 'ringing' : 'silent'
  const { version, at, visitors } = screen
  return { ...who, version, at, availability, ringing, awaiting, chats, visitors, bell, tone: first?.tone ?? null }
}

type PendingCommands = Iterable<PortalCommand>

const requestOf = ({ request }: AwaitingItem) => request

/** What the server says is on somebody's screen, at one version. What rings is what awaits because it rings. */
export interface ServerSnapshot {
  readonly version: number
  readonly at: number
  readonly availability: Availability
  readonly awaiting: readonly AwaitingItem[]
  readonly chats: readonly RequestView[]
  readonly visitors: readonly VisitorView[]
}

/** The screen after a patch that applies to it. */
export function applyPatch(screen: ServerSnapshot, patch: PatchMessage): ServerSnapshot {
  return {
    version: patch.version,
    at: patch.at,
    availability: patch.availability ?? screen.availability,
    awaiting: applyListPatch(screen.awaiting, requestIdOf, patch.awaiting),
    chats: applyListPatch(screen.chats, requestIdOf, patch.chats),
    visitors: applyListPatch(screen.visitors, ({ visitorId }) => visitorId, patch.visitors),
  }
}

function applyListPatch<Item>(
  list: readonly Item[],
  idOf: (item: Item) => string,
  patch: ListPatch<Item> | undefined,
): readonly Item[] {
  if (patch === undefined) return list
  const out = new Set(patch.removed)
  const next = list.filter((item) => !out.has(idOf(item)))
  for (const [index, item] of patch.inserted) next.splice(index, 0, item)
  return next
}

const requestIdOf = ({ requestId }: { readonly requestId: string }) => requestId
