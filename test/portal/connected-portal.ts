import type { AwaitingItem, RequestView } from '../../src'
import type { ClientMessage, ServerMessage, SnapshotMessage } from '../../src/portal'
import { createPortal, type PortalOptions } from '../../src/portal'

/** Returns a portal of Ana and a connection to which the test delivers messages. */
export function connectAna(options: PortalOptions = {}) {
  const portal = createPortal('ana', { now: () => 0, ...options })
  const sent: ClientMessage[] = []
  const connection = portal.open((message) => sent.push(message))
  return { portal, sent, connection }
}

export function requestView(requestId: string): RequestView {
  return {
    requestId,
    visitorId: `${requestId}-visitor`,
    facts: {},
    priority: 0,
    tags: [],
    weight: 1,
    openedAt: 0,
    sequenceNumber: 0,
    phase: 'ringing',
    step: 0,
    workflow: null,
    transferredBy: null,
    visitorLeftAt: null,
    leftAloneSince: null,
    tone: null,
    assignment: null,
  }
}

export function awaitingItem(requestId: string, reason: AwaitingItem['reason'] = 'ringing'): AwaitingItem {
  return { requestId, reason, since: 0, untilAt: null, request: requestView(requestId) }
}

/** Returns a snapshot of Ana's screen at a version, with these awaiting items. */
export function snapshotMessage(version: number, awaiting: readonly AwaitingItem[] = []): SnapshotMessage {
  const ringing = awaiting.filter(({ reason }) => reason === 'ringing').map((each) => each.request)
  const rest = { availability: 'available', chats: [], visitors: [], visitorCount: 0 } as const
  return { type: 'snapshot', protocol: 2, staffId: 'ana', version, at: version, ringing, awaiting, ...rest }
}

/** Returns an update that removes these items and puts those. */
export function updateMessage(
  since: number,
  version: number,
  removed: readonly string[],
  inserted: readonly AwaitingItem[],
): ServerMessage {
  const operations = [
    ...removed.map((requestId) => ({ type: 'removed', requestId }) as const),
    ...inserted.map((item) => ({ type: 'awaiting', item }) as const),
  ]
  return { type: 'update', since, version, at: version, operations }
}
