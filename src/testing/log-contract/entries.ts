import type { AppendResult, EventLog, LogBatch, LogEntry, LogHead } from '../../log'

export const start: LogHead = { v: 0, h: '' }

/** A batch of one event that is told apart by its name. */
export function batchOf(name: string, more: Partial<LogBatch> = {}): LogBatch {
  return {
    payload: {
      schema: 1,
      commands: [{ id: `command-${name}`, outcome: { ok: true } }],
      events: [{ type: 'visitor.left', visitorId: name, abandonAt: null, at: 1 }],
    },
    notBeforeAt: null,
    ...more,
  }
}

/** The entry that an append gave. @throws Error when it gave another answer. */
export function appendedEntry(result: AppendResult): LogEntry {
  if (result.status !== 'appended') throw new Error(`expected status "appended", got ${JSON.stringify(result)}`)
  return result.entry
}

/** Appends one batch after another, each right after the one before. */
export async function appendAll(log: EventLog, names: readonly string[], after: LogHead = start): Promise<LogEntry[]> {
  const entries: LogEntry[] = []
  for (const name of names) {
    entries.push(appendedEntry(await log.append(entries.at(-1) ?? after, batchOf(name))))
  }
  return entries
}

export function headOf({ v, h }: LogHead): LogHead {
  return { v, h }
}

export function lastOf(entries: readonly LogEntry[]): LogEntry {
  const last = entries.at(-1)
  if (last === undefined) throw new Error('expected at least one entry, got none')
  return last
}

/** Names of the entries' visitors, in order: what `batchOf` was given. */
export function namesOf(entries: readonly LogEntry[]): string[] {
  return entries.map(({ payload }) => String(Object(payload.events[0]).visitorId))
}
