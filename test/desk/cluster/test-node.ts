import { type Desk, type DeskOptions, memoryStore } from '../../../src'
import { type DeskEnvironment, openDeskWithEnvironment } from '../../../src/desk/open-desk'
import type { EventStore } from '../../../src/store'
import { fastEnvironment } from './fast-environment'
import { FaultyStore } from './faulty-store'

export const staff = [{ id: 'ana' }, { id: 'bo' }]

export interface TestNode {
  readonly desk: Desk
  readonly store: FaultyStore
  readonly received: string[]
}

/** Opens a desk on a store that other nodes share, and records what it emits. */
export async function openTestNode(
  name: string,
  store: EventStore,
  options: DeskOptions = {},
  snapshotEntries = 10_000,
): Promise<TestNode> {
  const faultyStore = new FaultyStore(store)
  const environment = {
    environment: fastEnvironment(name),
    nodeOptions: { entriesBetweenSnapshotsMin: snapshotEntries },
  } satisfies DeskEnvironment
  const desk = await openDeskWithEnvironment(environment, {
    staff,
    policy: { sessionLeaseMs: null },
    ...options,
    store: faultyStore,
  })
  const received: string[] = []
  desk.on('ring', ({ requestId, staffIds }) => received.push(`ring ${requestId} ${staffIds}`))
  desk.on('stop', ({ requestId, staffIds, reason }) => received.push(`stop ${requestId} ${staffIds} ${reason}`))
  desk.on('node.stale', ({ error }) => received.push(`stale: ${error.code}`))
  desk.on('node.recovered', () => received.push('recovered'))
  desk.on('state.rebuilt', () => received.push('rebuilt'))
  desk.on('error', ({ code, message }) => received.push(`error: ${code}: ${message}`))
  return { desk, store: faultyStore, received }
}

/** A memory store with the time of the machine. */
export const storeWithSystemTime = (keepEntries = 1_000) => memoryStore({ now: Date.now, keepEntries })
