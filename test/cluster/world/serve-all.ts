import type { Agenda } from './agenda'
import { policy, roster } from './day'
import type { People } from './people'
import type { SimNode } from './sim-node'
import { broken, type Witness } from './witness'

export interface ServingParts {
  readonly agenda: Agenda
  readonly people: People
  readonly witness: Witness
  readonly nodes: readonly SimNode[]
  readonly mustHold: () => void
}

/** Every step, every reminder and every return of a transfer has come by then. */
const servedWithinMs = 25_000
const lookEveryMs = 250

/**
 * I11, V1: everybody comes, stays and accepts what rings, at any node. Then every request that anybody may take is
 * taken.
 */
export async function serveAll({ agenda, people, witness, nodes, mustHold }: ServingParts): Promise<void> {
  const stay = { ...policy, sessionLeaseMs: null, abandonAfterMs: 86_400_000 }
  people.ask({ type: 'setPolicy', policy: stay })
  for (const { id, ...staff } of roster) {
    people.ask({ type: 'setStaff', staff: { id, ...staff, capacity: 1_000 } })
    people.ask({ type: 'connect', staffId: id, sessionId: 'stays' })
    people.ask({ type: 'setAvailability', staffId: id, availability: 'available' })
  }
  for (const { visitorId } of witness.state.requests.values()) people.ask({ type: 'visitorArrived', visitorId })
  const until = agenda.now + servedWithinMs
  while (agenda.now < until) {
    const next = agenda.now + lookEveryMs
    while (await agenda.step(next)) mustHold()
    agenda.now = next
    if (people.open === 0 && open(witness).length === 0) return
    acceptAll(people, nodes)
  }
  const [lost] = open(witness).filter((requestId) => isMeantForSomebody(requestId, nodes))
  if (lost !== undefined) broken('I11', `${lost} is still open, and everybody accepts what rings`)
}

function open({ state }: Witness): string[] {
  return [...state.requests.values()].filter(({ assignment }) => assignment === null).map(({ id }) => id)
}

function acceptAll(people: People, nodes: readonly SimNode[]): void {
  const asked = new Set<string>()
  for (const { desk } of nodes) {
    for (const { id: staffId } of roster) {
      for (const requestId of desk?.ringing(staffId) ?? []) {
        if (!asked.has(requestId)) people.ask({ type: 'accept', requestId, staffId })
        asked.add(requestId)
      }
    }
  }
}

function isMeantForSomebody(requestId: string, nodes: readonly SimNode[]): boolean {
  return roster.some(({ id }) => nodes[0]?.desk?.awaiting(id).some((item) => item.requestId === requestId))
}
