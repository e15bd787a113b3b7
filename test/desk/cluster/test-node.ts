import { type Desk, type DeskOptions, memoryStore } from '../../../src'
import { openDeskWithEnvironment } from '../../../src/desk/open-desk'
import type { EventStore } from '../../../src/store'
import { fastEnvironment } from './fast-environment'
import { FaultyStore } from './faulty-store'

export const staff = [{ id: 'ana' }, { id: 'bo' }]

export interface TestNode {
  readonly desk: Desk
  readonly store: FaultyStore
  readonly received: string[]
}

/** A desk on a log that others share, and what it has told. */
export async function openTestNode(
  name: string,
  store: EventStore,
  options: DeskOptions = {},
  snapshotEntries = 10_000,
): Promise<TestNode> {
  const wire = new FaultyStore(store)
  const surroundings = {
    environment: fastEnvironment(name),
    nodeOptions: { entriesBetweenSnapshotsMin: snapshotEntries },
  }
  const desk = await openDeskWithEnvironment(surroundings, {
    staff,
    policy: { sessionLeaseMs: null },
    ...options,
    store: wire,
  })
  const told: string[] = []
  desk.on('ring', ({ requestId, staffIds }) => told.push(`ring ${requestId} ${staffIds}`))
  desk.on('stop', ({ requestId, staffIds, reason }) => told.push(`stop ${requestId} ${staffIds} ${reason}`))
  desk.on('node.stale', ({ error }) => told.push(`stale: ${error.code}`))
  desk.on('node.recovered', () => told.push('current'))
  desk.on('state.rebuilt', () => told.push('reset'))
  desk.on('error', ({ code, message }) => told.push(`error: ${code}: ${message}`))
  return { desk, store: wire, received: told }
}

/** A log with the time of the machine. */
export const storeWithSystemTime = (keepEntries = 1_000) => memoryStore({ now: Date.now, keepEntries })
