import type { Availability, AwaitingItem, RequestView, StaffId, VisitorView } from '../core'
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

/** The server's screen with what this person has just asked for done already; a refusal undoes it by leaving it out. */
export function portalView(who: { staffId: StaffId; link: LinkState }, screen: Screen, asked: Asked): PortalView {
  let { availability, awaiting, chats } = screen
  for (const command of asked) {
    if (command.type === 'setAvailability') availability = command.availability
    else if (command.type === 'accept') chats = withChat(chats, awaiting, command.requestId)
    awaiting = awaiting.flatMap((item) => awaitingAfter(item, command))
    chats = chats.filter((chat) => !isGivenAway(chat, command))
  }
  const ringing = awaiting.filter(({ why }) => why === 'ringing').map(({ request }) => request)
  const [first] = ringing
  const bell = who.link === 'live' && first !== undefined ? 'ringing' : 'silent'
  const { version, at, visitors } = screen
  return { ...who, version, at, availability, ringing, awaiting, chats, visitors, bell, tone: first?.tone ?? null }
}

type Asked = Iterable<PortalCommand>

function withChat(chats: readonly RequestView[], awaiting: readonly AwaitingItem[], requestId: string) {
  const taken = awaiting.find((item) => item.requestId === requestId)
  return taken === undefined ? chats : [...chats, taken.request]
}

function awaitingAfter(item: AwaitingItem, command: PortalCommand): readonly AwaitingItem[] {
  if (command.type === 'setAvailability' || command.requestId !== item.requestId) return [item]
  if (command.type === 'accept' || command.type === 'decline') return []
  if (command.type === 'mute') return [{ ...item, why: 'muted' }]
  if (command.type === 'snooze') return [{ ...item, why: 'snoozed' }]
  return [item]
}

function isGivenAway({ requestId }: RequestView, command: PortalCommand): boolean {
  const gives = command.type === 'end' || command.type === 'release' || command.type === 'transfer'
  return gives && command.requestId === requestId
}
