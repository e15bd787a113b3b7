import type { AwaitingItem, RequestView } from '../../src'
import type { FromPortal, ScreenMessage, ToPortal } from '../../src/portal'
import { createPortal, type PortalOptions } from '../../src/portal'

/** A portal of Ana's on a line that the test holds in its hand. */
export function anaOnTheLine(options: PortalOptions = {}) {
  const portal = createPortal('ana', { now: () => 0, ...options })
  const sent: FromPortal[] = []
  const line = portal.open((message) => sent.push(message))
  return { portal, sent, line }
}

export function request(requestId: string): RequestView {
  return {
    requestId,
    visitorId: `${requestId}-visitor`,
    facts: {},
    priority: 0,
    tags: [],
    weight: 1,
    openedAt: 0,
    phase: 'ringing',
    step: 0,
    workflow: null,
    tone: null,
    assignment: null,
  }
}

export function item(requestId: string, why: AwaitingItem['why'] = 'ringing'): AwaitingItem {
  return { requestId, why, since: 0, untilAt: null, request: request(requestId) }
}

/** Ana's whole screen at a version, with these awaiting items. */
export function screen(version: number, awaiting: readonly AwaitingItem[] = []): ScreenMessage {
  const ringing = awaiting.filter(({ why }) => why === 'ringing').map((each) => each.request)
  const rest = { availability: 'available', chats: [], visitors: [] } as const
  return { type: 'snapshot', staffId: 'ana', version, at: version, ringing, awaiting, ...rest }
}

/** The difference that takes these out and puts those in front. */
export function patch(since: number, version: number, out: readonly string[], put: readonly AwaitingItem[]): ToPortal {
  const awaiting = { out, put: put.map((each, index) => [index, each] as const) }
  return { type: 'patch', since, version, at: version, awaiting }
}
