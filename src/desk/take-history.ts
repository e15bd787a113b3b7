import { DeskError } from '../core'
import { type EventLog, type LogSnapshot, upcast } from '../log'
import { type DeskSnapshot, parseSnapshot, restoreKernel } from './desk-snapshot'
import type { Kernel } from './kernel'

export interface History {
  readonly log: EventLog
  /** Given by the host; a newer one in the log goes before it. */
  readonly snapshot: DeskSnapshot | undefined
}

/**
 * Brings a new kernel to the newest snapshot there is, which is returned; the entries after it are the caller's to
 * take. A log that is empty is given the host's snapshot to begin with.
 */
export async function takeHistory(kernel: Kernel, { log, snapshot }: History): Promise<DeskSnapshot | undefined> {
  if (snapshot !== undefined && (await isEmptyFor(log, snapshot))) {
    restoreKernel(kernel, snapshot) // first: a damaged one is not brought
    await log.saveSnapshot(snapshot)
    return snapshot
  }
  const saved = await log.loadSnapshot()
  const newest = newer(saved === null ? undefined : parseSaved(saved), snapshot)
  if (newest !== undefined) restoreKernel(kernel, newest)
  return newest
}

async function isEmptyFor(log: EventLog, snapshot: DeskSnapshot): Promise<boolean> {
  const { v } = await log.head()
  if (v > 0 && v < snapshot.v) {
    throw new DeskError('log-diverged', `expected a log that goes on from version ${snapshot.v}, got one of ${v}`)
  }
  return v === 0
}

function newer(one: DeskSnapshot | undefined, other: DeskSnapshot | undefined): DeskSnapshot | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one.v >= other.v ? one : other
}

export function parseSaved(saved: LogSnapshot): DeskSnapshot {
  const written = upcast(`The snapshot at version ${saved.v}`, { ...saved }, 'snapshot')
  if (written instanceof DeskError) throw written
  return parseSnapshot(written)
}
