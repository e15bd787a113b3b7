import type { PortalSnapshot } from '../core'
import type { ListPatch, PatchMessage, ScreenMessage } from '../portal'
import { listPatch } from './list-patch'

/** The next screen as what has changed since the one before, or anew where that is shorter; `undefined`: no change. */
export function changeOf(before: PortalSnapshot, next: PortalSnapshot): PatchMessage | ScreenMessage | undefined {
  const { version, at, availability } = next
  const awaiting = listPatch(before.awaiting, next.awaiting, requestIdOf)
  const chats = listPatch(before.chats, next.chats, requestIdOf)
  const visitors = listPatch(before.visitors, next.visitors, ({ visitorId }) => visitorId)
  const changes = {
    ...(availability === before.availability ? {} : { availability }),
    ...(awaiting === undefined ? {} : { awaiting }),
    ...(chats === undefined ? {} : { chats }),
    ...(visitors === undefined ? {} : { visitors }),
  }
  if (Object.keys(changes).length === 0) return undefined
  if (isLongerThan(next, [awaiting, chats, visitors])) return wholeScreen(next)
  return { type: 'patch', since: before.version, version, at, ...changes }
}

export function wholeScreen(screen: PortalSnapshot): ScreenMessage {
  return { type: 'snapshot', ...screen }
}

/** Short patches are sent in any case. */
const namedMax = 64

function isLongerThan({ awaiting, chats, visitors }: PortalSnapshot, patches: readonly AnyPatch[]): boolean {
  const named = patches.reduce((sum, patch) => sum + (patch?.out.length ?? 0) + (patch?.put.length ?? 0), 0)
  return named > Math.max(namedMax, awaiting.length + chats.length + visitors.length)
}

type AnyPatch = ListPatch<unknown> | undefined

const requestIdOf = ({ requestId }: { readonly requestId: string }) => requestId
