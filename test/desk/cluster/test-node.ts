import { type Desk, type DeskOptions, memoryStore, systemClock } from '../../../src'
import type { EventStore } from '../../../src/store'
import { openTestDesk } from '../test-desk'
import { fastEnvironment } from './fast-environment'
import { FaultyStore } from './faulty-store'

export const staff = [{ id: 'ana' }, { id: 'bo' }]

export interface TestNode {
  readonly desk: Desk
  readonly store: FaultyStore
  /**
   * What the desk has emitted, in order: edges as in a test desk, `stale: <code>`, `recovered`, `rebuilt`, `error: …`
   */
  readonly received: string[]
}

/** Eight times the time of a node, whose environment is eight times as fast: a busy machine refuses no command. */
const patientOptions = { commandTimeoutMs: 36_000 }

/** Opens a test desk on a store that other nodes share, with the machine's clock. */
export async function openTestNode(
  name: string,
  store: EventStore,
  options: DeskOptions = {},
  nodeOptions = patientOptions,
): Promise<TestNode> {
  const faultyStore = new FaultyStore(store)
  const deskOptions = { staff, policy: { sessionLeaseMs: null }, clock: systemClock, ...options, store: faultyStore }
  const { desk, edges } = await openTestDesk(deskOptions, 0, { environment: fastEnvironment(name), nodeOptions })
  desk.on('node.stale', ({ error }) => edges.push(`stale: ${error.code}`))
  desk.on('node.recovered', () => edges.push('recovered'))
  desk.on('state.rebuilt', () => edges.push('rebuilt'))
  desk.on('error', ({ code, message }) => edges.push(`error: ${code}: ${message}`))
  return { desk, store: faultyStore, received: edges }
}

/** Returns a memory store with the time of the machine. */
export const storeWithSystemTime = (keepEntries = 1_000) => memoryStore({ now: Date.now, keepEntries })
