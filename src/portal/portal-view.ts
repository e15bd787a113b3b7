import type { Availability, AwaitingItem, RequestId, RequestView, StaffId, VisitorView } from '../core'
import type { PortalCommand } from './message'
import type { Screen } from './screen'

/**
 * `connecting`: nothing has come yet. `live`: the lists are the desk's, at `version`. `reconnecting`: they are what was
 * last known, and the bell is silent. `closed`: the server sent this person away.
 */
export type LinkState = 'connecting' | 'live' | 'reconnecting' | 'closed'

/** What one staff member's screen shows; the same reference until something changes. */
export interface PortalView {
  readonly staffId: StaffId
  readonly link: LinkState
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

export const emptyScreen: Screen = {
  version: -1,
  at: 0,
  availability: 'available',
  awaiting: [],
  chats: [],
  visitors: [],
}

/** Why a request awaits when this was asked of it; `null`: it does so no more. */
const whyAfter: Partial<Record<PortalCommand['type'], 'muted' | 'snoozed' | null>> = {
  accept: null,
  decline: null,
  mute: 'muted',
  snooze: 'snoozed',
}

/** The server's screen with what this person has just asked for done already; a refusal undoes it by leaving it out. */
export function portalView(who: { staffId: StaffId; link: LinkState }, screen: Screen, asked: Asked): PortalView {
  let { availability, awaiting, chats } = screen
  for (const command of asked) {
    if (command.type === 'setAvailability') {
      availability = command.availability
      continue
    }
    const { type, requestId } = command
    const isOther = (item: { readonly requestId: RequestId }) => item.requestId !== requestId
    const why = whyAfter[type]
    if (type === 'accept') chats = [...chats, ...awaiting.filter((item) => !isOther(item)).map(requestOf)]
    if (type === 'end' || type === 'release' || type === 'transfer') chats = chats.filter(isOther)
    if (why === null) awaiting = awaiting.filter(isOther)
    else if (why !== undefined) awaiting = awaiting.map((item) => (isOther(item) ? item : { ...item, why }))
  }
  const ringing = awaiting.filter(({ why }) => why === 'ringing').map(requestOf)
  const [first] = ringing
  const bell = who.link === 'live' && first !== undefined ? 'ringing' : 'silent'
  const { version, at, visitors } = screen
  return { ...who, version, at, availability, ringing, awaiting, chats, visitors, bell, tone: first?.tone ?? null }
}

type Asked = Iterable<PortalCommand>

const requestOf = ({ request }: AwaitingItem) => request
