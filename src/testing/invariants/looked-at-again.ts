import { requestView, snapshotOf, stateFrom } from '../../core'
import { isOpen, type RequestRecord } from '../chronicle/chronicle'
import type { Player } from '../playing/player'

/** The longest gap between two looks at a request that waits. */
const gapMsMax = 15 * 60_000

/**
 * I1, played to its end: from here on nobody does anything, and still the desk comes back to every request that rings
 * for nobody within fifteen minutes (or `unattendedAfterMs`, when that is longer). The player itself stays where it is.
 */
export function lookedAtAgain(player: Player): string | null {
  const waiting = new Set(player.book.requests.filter((request) => isOpen(request) && !isRinging(player, request)))
  const names = new Set([...waiting].map(({ requestId }) => requestId))
  const quiet = player.fork(stateFrom(snapshotOf(player.state)), {
    afterEvent: ({ event }) => {
      if ('requestId' in event) names.delete(event.requestId)
    },
  })
  const until = player.now + Math.max(gapMsMax, player.book.policy.unattendedAfterMs)
  while (names.size > 0 && quiet.now < until) {
    const before = quiet.now
    quiet.wait({ to: 'deadline' })
    quiet.settle()
    if (quiet.now === before) break
  }
  return names.size === 0 && quiet.now <= until ? null : `nobody looks at ${[...names]} again before ${until}`
}

function isRinging({ state }: Player, { requestId }: RequestRecord): boolean {
  return requestView(state, requestId)?.phase === 'ringing'
}
