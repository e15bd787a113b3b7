import type { EventLog, LogEntry, LogHead } from '../../log'

/**
 * What lies after a position. `lost`: the log ends before it. `diverged`: the log has another entry there. `gap`: the
 * log has let go of what lies between.
 */
export type LinkedRead =
  | { readonly status: 'continues'; readonly entries: readonly LogEntry[]; readonly isAll: boolean }
  | { readonly status: 'lost'; readonly head: LogHead }
  | { readonly status: 'diverged' }
  | { readonly status: 'gap' }

const readMax = 1_000

/**
 * Reads on from a position and proves that what comes continues it: the entry at the position comes along and must be
 * the one that is known. Where nothing follows, a thorough look asks again for the next entry alone: a log tells of one
 * that is damaged only when it is the first asked for.
 */
export async function linkedRead(log: EventLog, { v, h }: LogHead, isThorough: boolean): Promise<LinkedRead> {
  const read = await log.read(Math.max(0, v - 1), readMax)
  const isAll = read.length < readMax
  if (v === 0) return startsAt(1, read, isAll)
  const [known, ...entries] = read
  if (known === undefined) return beyond(await log.head(), { v, h })
  if (known.v > v) return (await isSnapshotAt(log, known.v - 1, { v, h })) ? all(read, isAll) : { status: 'gap' }
  if (isThorough && entries.length === 0) await log.read(v, 1)
  return known.h === h ? all(entries, isAll) : { status: 'diverged' }
}

function all(entries: readonly LogEntry[], isAll: boolean): LinkedRead {
  return { status: 'continues', entries, isAll }
}

/** A log that lost everything goes on from a snapshot: then that is what the first entry continues. */
async function isSnapshotAt(log: EventLog, before: number, { v, h }: LogHead): Promise<boolean> {
  if (before !== v) return false
  const saved = await log.loadSnapshot()
  return saved?.v === v && saved.h === h
}

function startsAt(v: number, entries: readonly LogEntry[], isAll: boolean): LinkedRead {
  const [first] = entries
  if (first !== undefined && first.v > v) return { status: 'gap' }
  return all(entries, isAll)
}

/** Nothing was there to read: the log ends before the position, or right at it when it began with a snapshot. */
function beyond(head: LogHead, { v, h }: LogHead): LinkedRead {
  if (head.v < v) return { status: 'lost', head }
  if (head.v > v) return { status: 'gap' }
  return head.h === h ? all([], true) : { status: 'diverged' }
}
