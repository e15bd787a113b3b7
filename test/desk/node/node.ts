import { type Desk, type DeskOptions, memoryLog } from '../../../src'
import { openDeskIn } from '../../../src/desk/open-desk'
import type { EventLog } from '../../../src/log'
import { quickMeans } from './quick-means'
import { TestWire } from './wire'

export const staff = [{ id: 'ana' }, { id: 'bo' }]

export interface NodeOf {
  readonly desk: Desk
  readonly wire: TestWire
  readonly told: string[]
}

/** A desk on a log that others share, and what it has told. */
export async function node(
  name: string,
  log: EventLog,
  options: DeskOptions = {},
  snapshotEntries = 10_000,
): Promise<NodeOf> {
  const wire = new TestWire(log)
  const surroundings = { means: quickMeans(name), node: { snapshotEntries } }
  const desk = await openDeskIn(surroundings, { staff, policy: { sessionLeaseMs: null }, ...options, log: wire })
  const told: string[] = []
  desk.on('ring', ({ requestId, staffIds }) => told.push(`ring ${requestId} ${staffIds}`))
  desk.on('stop', ({ requestId, staffIds, reason }) => told.push(`stop ${requestId} ${staffIds} ${reason}`))
  desk.on('desk.stale', ({ error }) => told.push(`stale: ${error.code}`))
  desk.on('desk.current', () => told.push('current'))
  desk.on('desk.reset', () => told.push('reset'))
  desk.on('error', ({ code, message }) => told.push(`error: ${code}: ${message}`))
  return { desk, wire, told }
}

/** A log with the time of the machine. */
export const clocked = (keepEntries = 1_000) => memoryLog({ now: Date.now, keepEntries })
