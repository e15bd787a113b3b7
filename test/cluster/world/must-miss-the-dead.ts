import type { SimNode } from './sim-node'
import { broken, type Witness } from './witness'

/** ND13: no session without a lease outlives the node that wrote its latest sign. */
export function mustMissTheDead({ entries, book }: Witness, nodes: readonly SimNode[]): void {
  const alive = new Set(nodes.map(({ incarnation }) => incarnation))
  const owners = new Map<string, string | undefined>()
  for (const { payload } of entries) {
    for (const event of payload.events) {
      if (event.type === 'session.started' || event.type === 'session.renewed') {
        owners.set(`${event.staffId} ${event.sessionId}`, payload.src)
      }
    }
  }
  for (const { staff, sessions } of book.staff) {
    for (const { sessionId } of sessions) {
      const owner = owners.get(`${staff.id} ${sessionId}`) ?? ''
      if (!alive.has(owner)) broken('ND13', `${owner} is gone, and its session ${staff.id} ${sessionId} lives`)
    }
  }
}
