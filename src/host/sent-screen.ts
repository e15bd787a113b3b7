import type { AwaitingItem, PortalSnapshot, RequestView, VisitorView } from '../core'
import type { ListPatch, PatchMessage, ScreenMessage } from '../portal'
import { listPatch, type SentList, sentList } from './list-patch'

/** The screen that a connection was sent last; the next one goes out as the difference from it. */
export class SentScreen {
  readonly version: number
  readonly #availability: string
  readonly #awaiting: SentList<AwaitingItem>
  readonly #chats: SentList<RequestView>
  readonly #visitors: SentList<VisitorView>

  private constructor(screen: PortalSnapshot, lists: Lists) {
    this.version = screen.version
    this.#availability = screen.availability
    this.#awaiting = lists.awaiting
    this.#chats = lists.chats
    this.#visitors = lists.visitors
  }

  static whole(screen: PortalSnapshot): Sending<ScreenMessage> {
    const lists = {
      awaiting: sentList(screen.awaiting, requestIdOf),
      chats: sentList(screen.chats, requestIdOf),
      visitors: sentList(screen.visitors, visitorIdOf),
    }
    return { message: { type: 'snapshot', ...screen }, sent: new SentScreen(screen, lists) }
  }

  /** `undefined` when this person sees no difference; the screen anew when that is shorter than what has changed. */
  changeTo(screen: PortalSnapshot): Sending<PatchMessage | ScreenMessage> | undefined {
    const { version, at, availability } = screen
    const awaiting = listPatch(this.#awaiting, screen.awaiting, requestIdOf)
    const chats = listPatch(this.#chats, screen.chats, requestIdOf)
    const visitors = listPatch(this.#visitors, screen.visitors, visitorIdOf)
    const changes = {
      ...(availability === this.#availability ? {} : { availability }),
      ...(awaiting.patch === undefined ? {} : { awaiting: awaiting.patch }),
      ...(chats.patch === undefined ? {} : { chats: chats.patch }),
      ...(visitors.patch === undefined ? {} : { visitors: visitors.patch }),
    }
    if (Object.keys(changes).length === 0) return undefined
    if (isLongerThan(screen, [awaiting.patch, chats.patch, visitors.patch])) return SentScreen.whole(screen)
    const lists = { awaiting: awaiting.sent, chats: chats.sent, visitors: visitors.sent }
    const message: PatchMessage = { type: 'patch', since: this.version, version, at, ...changes }
    return { message, sent: new SentScreen(screen, lists) }
  }
}

interface Sending<Message> {
  readonly message: Message
  readonly sent: SentScreen
}

interface Lists {
  readonly awaiting: SentList<AwaitingItem>
  readonly chats: SentList<RequestView>
  readonly visitors: SentList<VisitorView>
}

/** Short patches are sent in any case. */
const namedMax = 64

function isLongerThan({ awaiting, chats, visitors }: PortalSnapshot, patches: readonly AnyPatch[]): boolean {
  const named = patches.reduce((sum, patch) => sum + (patch?.out.length ?? 0) + (patch?.put.length ?? 0), 0)
  return named > Math.max(namedMax, awaiting.length + chats.length + visitors.length)
}

type AnyPatch = ListPatch<unknown> | undefined

const requestIdOf = ({ requestId }: { readonly requestId: string }) => requestId
const visitorIdOf = ({ visitorId }: { readonly visitorId: string }) => visitorId
