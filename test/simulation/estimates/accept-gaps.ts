import { byServiceOrder } from '../../../src/core/state/state'
import type { Estimator } from './observed-waits'

/**
 * The negative control: the position times the middle gap between the latest twenty accepts, also of requests that were
 * accepted at once.
 */
export function acceptGaps(): Estimator {
  const gapsMs: number[] = []
  let acceptedAt = 0
  return {
    record(state, event) {
      if (event.type !== 'request.accepted') return
      const openedAt = state.requests.get(event.requestId)?.openedAt ?? 0
      gapsMs.push(event.at - Math.max(acceptedAt, openedAt))
      if (gapsMs.length > 20) gapsMs.shift()
      acceptedAt = event.at
    },
    estimateMs(state, requestId) {
      if (gapsMs.length < 5) return null
      const open = [...state.requests.values()].filter(({ assignment }) => assignment === null).sort(byServiceOrder)
      const position = open.findIndex(({ id }) => id === requestId) + 1
      const cut = Math.floor(gapsMs.length / 5)
      const middle = [...gapsMs].sort((a, b) => a - b).slice(cut, gapsMs.length - cut)
      return (middle.reduce((sum, gapMs) => sum + gapMs, 0) / middle.length) * position
    },
  }
}
