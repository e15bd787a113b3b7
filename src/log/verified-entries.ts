import { DeskError } from '../core'
import type { EngineHash } from './engine-hash'
import type { LogEntry, LogHead, LogPayload } from './event-log'
import type { StoredEntry } from './stored-entry'
import { upcast } from './upcast'

/** Whose entries they are, and how their chain is made. */
export interface Chain {
  readonly desk: string
  readonly hash: EngineHash
}

/**
 * The entries after a version, out of stored ones that begin with the entry at that version; where that one is
 * trimmed away the chain is checked from the first one kept. They continue each other and read as this release writes
 * them, up to the first that does not.
 * @throws DeskError `log-damaged` or `log-newer-schema` when that is the very first one: a damaged log is never
 * skipped over.
 */
export function verifiedEntries(after: number, stored: readonly StoredEntry[], { desk, hash }: Chain): LogEntry[] {
  const entries: LogEntry[] = []
  let last: Position | null = stored[0]?.v === 1 ? { v: 0, h: '', t: 0 } : null
  for (const entry of stored) {
    if (entry === stored[0] && entry.v === after) {
      last = entry
      continue
    }
    const found = last === null ? parsed(desk, entry) : (brokenLink(desk, entry, { last, hash }) ?? parsed(desk, entry))
    if (found instanceof DeskError && entries.length === 0) throw found
    if (found instanceof DeskError) return entries
    entries.push(found)
    last = entry
  }
  return entries
}

/**
 * The entry just appended, as the engine stamped it. Its payload is the one that was written: reading its text back
 * would say the same and costs as much as writing it.
 * @throws DeskError `log-damaged` when the stamp is not a link of the chain.
 */
export function ownEntry(expected: LogHead, stored: StoredEntry & Pick<LogEntry, 'payload'>, chain: Chain): LogEntry {
  const { v, h, t, payload } = stored
  const broken = brokenLink(chain.desk, stored, { last: { ...expected, t: 0 }, hash: chain.hash })
  if (broken !== null) throw broken
  return { v, h, t, payload }
}

type Position = Omit<StoredEntry, 'text'>

interface Link {
  readonly last: Position
  readonly hash: EngineHash
}

function brokenLink(desk: string, { v, h, t, text }: StoredEntry, { last, hash }: Link): DeskError | null {
  if (v !== last.v + 1) return damaged(desk, v, `expected version ${last.v + 1} after ${last.v}`)
  if (!(t >= last.t)) return damaged(desk, v, `expected an instant of ${last.t} or later, got ${t}`)
  if (hash(last.h, t, text) !== h) return damaged(desk, v, 'its chain hash does not continue the entry before it')
  return null
}

function parsed(desk: string, { v, h, t, text }: StoredEntry): LogEntry | DeskError {
  const written = jsonOf(text)
  if (!isRecord(written)) return damaged(desk, v, 'its payload is no JSON object')
  const payload = upcast(`Entry ${v} of desk "${desk}"`, written, 'entry')
  if (payload instanceof DeskError) return payload
  if (!isPayload(payload)) return damaged(desk, v, 'expected a payload of {schema: 1, commands: […], events: […]}')
  return { v, h, t, payload }
}

function isPayload(value: Record<string, unknown>): value is Record<string, unknown> & LogPayload {
  return value.schema === 1 && isListOfRecords(value.commands) && isListOfRecords(value.events)
}

function isListOfRecords(value: unknown): boolean {
  return Array.isArray(value) && value.every(isRecord)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function damaged(desk: string, v: number, reason: string): DeskError {
  return new DeskError('log-damaged', `Entry ${v} of desk "${desk}" is damaged: ${reason}.`)
}
