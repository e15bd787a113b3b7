import {
  type DeskState,
  type RingEdge,
  requestView,
  ringingOf,
  type StaffId,
  type StopEdge,
  type StopReason,
} from '../../core'
import type { Announcer } from '../announcer'
import { frozen } from '../frozen'

export interface Replacement {
  readonly before: DeskState
  readonly after: DeskState
  readonly version: number
}

/** Tells the difference to those who listen to rings and stops, so that the two still come in pairs. */
export function tellDifference(announcer: Announcer, { before, after, version }: Replacement): void {
  const { at } = after
  for (const edge of ringDifference(before, after)) {
    const { requestId, staffIds } = edge
    if (edge.type === 'stop') {
      const { reason, by } = edge
      announcer.tell('stop', frozen({ requestId, staffIds, reason, by, version, at }))
      continue
    }
    const request = requestView(after, requestId)
    if (request === undefined) continue
    const { step } = request
    const tone = after.requests.get(requestId)?.verdict.route.steps[step]?.tone ?? null
    announcer.tell('ring', frozen({ requestId, staffIds, request, tone, step, version, at }))
  }
}

/**
 * What people's ears have to hear when one state takes the place of another: `stop` for what rings no more, `ring` for
 * what rings anew. The reason of a stop is what the new state says of the request.
 */
function ringDifference(before: DeskState, after: DeskState): (RingEdge | StopEdge)[] {
  const [old, now] = [ringsOf(before), ringsOf(after)]
  const stops = [...old].flatMap(([requestId, rung]): StopEdge[] => {
    const staffIds = [...rung].filter((staffId) => now.get(requestId)?.has(staffId) !== true)
    if (staffIds.length === 0) return []
    return [{ type: 'stop', requestId, staffIds, ...whyStopped(after, requestId) }]
  })
  const rings = [...now].flatMap(([requestId, rung]): RingEdge[] => {
    const staffIds = [...rung].filter((staffId) => old.get(requestId)?.has(staffId) !== true)
    return staffIds.length === 0 ? [] : [{ type: 'ring', requestId, staffIds }]
  })
  return [...stops, ...rings]
}

function ringsOf(state: DeskState): Map<string, Set<StaffId>> {
  const rings = new Map<string, Set<StaffId>>()
  for (const staffId of state.staff.keys()) {
    for (const requestId of ringingOf(state, staffId)) {
      rings.set(requestId, (rings.get(requestId) ?? new Set()).add(staffId))
    }
  }
  return rings
}

function whyStopped({ requests, closed }: DeskState, requestId: string): { reason: StopReason; by: StaffId | null } {
  const request = requests.get(requestId)
  if (request?.assignment != null) return { reason: 'accepted', by: request.assignment.staff.id }
  if (request !== undefined) return { reason: 'unavailable', by: null }
  const outcome = closed.get(requestId)
  if (outcome === 'cancelled' || outcome === 'abandoned' || outcome === 'expired') return { reason: outcome, by: null }
  return { reason: outcome === 'ended' ? 'accepted' : 'removed', by: null }
}
