import type { Edge, StaffId } from '../../core'
import type { Turn } from '../playing/turn'
import type { Invariant } from './invariant'

/** I6: one person's mute, snooze or decline stops nobody else, and rings nobody else but by a free offer passed on. */
export const muteIsolation: Invariant = {
  id: 'I6',
  name: 'mute isolation',
  watch: () => ({ afterTurn: (turn) => disturbed(turn) }),
}

function disturbed({ command, steps }: Turn): string | null {
  if (command.type !== 'mute' && command.type !== 'snooze' && command.type !== 'decline') return null
  const { staffId } = command
  for (const { event, edges } of steps) {
    if (event.type === 'request.reminded' || event.type === 'step.started') return null
    const heard = edges.filter((edge) => edge.type === 'stop' || event.type !== 'offer.made')
    const other = heard.flatMap((edge) => othersIn(edge, staffId))[0]
    if (other !== undefined) return `${staffId}'s ${command.type} changed the ring of ${other} by ${event.type}`
  }
  return null
}

function othersIn(edge: Edge, staffId: StaffId): StaffId[] {
  return edge.staffIds.filter((each) => each !== staffId)
}
