import type { Availability, AwaitingItem, RequestId, RequestView, StaffId, VisitorView } from '../core'
import type { PortalCommand, UpdateMessage } from './protocol'

/**
 * `connecting`: no snapshot has arrived yet. `live`: the lists equal the desk's, at `version`. `reconnecting`: they are
 * the last known ones, and the bell is silent. `closed`: the server has ended the session. `outdated`: the server
 * speaks another version of the protocol, so that the page is to be loaded anew.
 */
export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'closed' | 'outdated'

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
  /** The newest, at most 100: the latest arrival first. */
  readonly visitors: readonly VisitorView[]
  /** How many visitors are present. */
  readonly visitorCount: number
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
  visitorCount: 0,
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
  const { version, at, visitors, visitorCount } = snapshot
  const lists = { ringing, awaiting, chats, visitors, visitorCount }
  return { ...identity, version, at, availability, ...lists, bell, tone: first?.tone ?? null }
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
  readonly visitorCount: number
}

/** Returns the snapshot after an update of the following version. Lists that it does not change stay as they are. */
export function applyUpdate(snapshot: ServerSnapshot, { version, at, operations }: UpdateMessage): ServerSnapshot {
  const [awaiting, chats] = [byId(snapshot.awaiting), byId(snapshot.chats)]
  const isAboutVisitors = operations.some(({ type }) => type === 'visitor' || type === 'visitorLeft')
  const visitors = new Map((isAboutVisitors ? snapshot.visitors : []).map((each) => [each.visitorId, each]))
  const changed = new Set<unknown>()
  const remove = (map: Map<string, unknown>, id: string) => map.delete(id) && changed.add(map)
  const put = <Item>(map: Map<string, Item>, id: string, item: Item) => changed.add(map.set(id, item))
  let { availability, visitorCount } = snapshot
  for (const operation of operations) {
    switch (operation.type) {
      case 'awaiting':
        remove(chats, operation.item.requestId)
        put(awaiting, operation.item.requestId, operation.item)
        break
      case 'reason': {
        const { type, ...reason } = operation
        const item = awaiting.get(reason.requestId)
        if (item !== undefined) put(awaiting, reason.requestId, { ...item, ...reason })
        break
      }
      case 'chat':
        remove(awaiting, operation.request.requestId)
        put(chats, operation.request.requestId, operation.request)
        break
      case 'removed':
        remove(awaiting, operation.requestId)
        remove(chats, operation.requestId)
        break
      case 'visitor':
        put(visitors, operation.visitor.visitorId, operation.visitor)
        visitorCount = operation.visitorCount
        break
      case 'visitorLeft':
        remove(visitors, operation.visitorId)
        visitorCount = operation.visitorCount
        break
      case 'availability':
        availability = operation.availability
    }
  }
  const inOrder = <Item>(map: Map<string, Item>, list: readonly Item[], compare: (a: Item, b: Item) => number) =>
    changed.has(map) ? [...map.values()].sort(compare) : list
  return {
    version,
    at,
    availability,
    awaiting: inOrder(awaiting, snapshot.awaiting, (a, b) => byServiceOrder(a.request, b.request)),
    chats: inOrder(chats, snapshot.chats, byServiceOrder),
    visitors: inOrder(visitors, snapshot.visitors, byNewest),
    visitorCount,
  }
}

function byId<Item extends { readonly requestId: RequestId }>(list: readonly Item[]): Map<RequestId, Item> {
  return new Map(list.map((item) => [item.requestId, item]))
}

/** The order of a list of requests, by what the requests themselves say: priority, then age. */
function byServiceOrder(a: RequestView, b: RequestView): number {
  return b.priority - a.priority || a.openedAt - b.openedAt || a.sequenceNumber - b.sequenceNumber
}

function byNewest(a: VisitorView, b: VisitorView): number {
  return b.arrivedAt - a.arrivedAt || (a.visitorId < b.visitorId ? -1 : 1)
}
