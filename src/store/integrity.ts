import { createHash } from 'node:crypto'
import { DeskError } from '../core'
import { type StoreEntry, type StoreHead, type StorePayload, type StoreSnapshot, upcast } from './event-store'

/** An entry as a backend holds it: the payload is text, so that its chain hash is one over bytes. */
export interface StoredEntry {
  readonly v: number
  readonly h: string
  readonly t: number
  readonly text: string
}

/** The desk whose entries they are, and the function that makes their chain. */
export interface HashChain {
  readonly desk: string
  readonly hash: ChainHashFunction
}

/** Returns the hash of an entry over its predecessor's hash, its own instant and its payload's text. */
export type ChainHashFunction = (previous: string, t: number, text: string) => string

/** Returns the hash that the backend computes itself: Redis scripts have SHA-1 only, Postgres has SHA-256. */
export function createChainHash(algorithm: 'sha1' | 'sha256'): ChainHashFunction {
  return (previous, t, text) => createHash(algorithm).update(`${previous}|${t}|${text}`, 'utf8').digest('hex')
}

/**
 * Returns the entries after a version, out of stored ones that begin with the entry at that version; where that one was
 * trimmed the chain is checked from the first one kept. They continue each other and read as this release writes them,
 * up to the first that does not.
 * @throws DeskError `store-damaged` or `store-newer-schema` when that is the very first one: a damaged entry is never
 * skipped.
 */
export function verifyEntries(after: number, stored: readonly StoredEntry[], { desk, hash }: HashChain): StoreEntry[] {
  const entries: StoreEntry[] = []
  let last: ChainPosition | null = stored[0]?.v === 1 ? { v: 0, h: '', t: 0 } : null
  for (const entry of stored) {
    if (entry === stored[0] && entry.v === after) {
      last = entry
      continue
    }
    const result =
      last === null
        ? parseEntry(desk, entry)
        : (brokenChainError(desk, entry, { previous: last, hash }) ?? parseEntry(desk, entry))
    if (result instanceof DeskError && entries.length === 0) throw result
    if (result instanceof DeskError) return entries
    entries.push(result)
    last = entry
  }
  return entries
}

/**
 * Returns the entry just appended, as the backend stamped it. Its payload is the one that was written: parsing its text
 * gives the same and costs as much as writing it.
 * @throws DeskError `store-damaged` when the stamp does not continue the chain.
 */
export function verifyAppendedEntry(
  expected: StoreHead,
  stored: StoredEntry & Pick<StoreEntry, 'payload'>,
  chain: HashChain,
): StoreEntry {
  const { v, h, t, payload } = stored
  const error = brokenChainError(chain.desk, stored, { previous: { ...expected, t: 0 }, hash: chain.hash })
  if (error !== null) throw error
  return { v, h, t, payload }
}

type ChainPosition = Omit<StoredEntry, 'text'>

interface ChainTail {
  readonly previous: ChainPosition
  readonly hash: ChainHashFunction
}

function brokenChainError(
  desk: string,
  { v, h, t, text }: StoredEntry,
  { previous, hash }: ChainTail,
): DeskError | null {
  if (v !== previous.v + 1) return damagedEntryError(desk, v, `expected version ${previous.v + 1} after ${previous.v}`)
  if (!(t >= previous.t)) return damagedEntryError(desk, v, `expected an instant of ${previous.t} or later, got ${t}`)
  if (hash(previous.h, t, text) !== h)
    return damagedEntryError(desk, v, 'its chain hash does not continue the entry before it')
  return null
}

function parseEntry(desk: string, { v, h, t, text }: StoredEntry): StoreEntry | DeskError {
  const written = parseJson(text)
  if (!isRecord(written)) return damagedEntryError(desk, v, 'its payload is no JSON object')
  const payload = upcast(`Entry ${v} of desk "${desk}"`, written, 'entry')
  if (payload instanceof DeskError) return payload
  if (!isPayload(payload))
    return damagedEntryError(desk, v, 'expected a payload of {schema: 1, commands: […], events: […]}')
  return { v, h, t, payload }
}

function isPayload(value: Record<string, unknown>): value is Record<string, unknown> & StorePayload {
  return value.schema === 1 && isRecordArray(value.commands) && isRecordArray(value.events)
}

function isRecordArray(value: unknown): boolean {
  return Array.isArray(value) && value.every(isRecord)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function damagedEntryError(desk: string, v: number, reason: string): DeskError {
  return new DeskError('store-damaged', `Entry ${v} of desk "${desk}" is damaged: ${reason}.`)
}

/** A snapshot as a backend holds it: the state is text. */
export interface StoredSnapshot extends Omit<StoreSnapshot, 'schema' | 'state'> {
  readonly schema: number
  readonly text: string
}

/** @throws DeskError `store-damaged` when the text is no JSON, or `store-newer-schema`. */
export function parseSnapshot(desk: string, { text, ...rest }: StoredSnapshot): StoreSnapshot {
  const name = `The snapshot at version ${rest.v} of desk "${desk}"`
  const written = upcast(name, { ...rest, state: parseSnapshotState(text, name) }, 'snapshot')
  if (written instanceof DeskError) throw written
  return written as unknown as StoreSnapshot
}

function parseSnapshotState(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DeskError('store-damaged', `${name} is damaged: its state is no JSON.`, cause)
  }
}

/** Returns the error for a status with which a backend refuses to put entries back; `null` when it put them back. */
export function restoreError(desk: string, status: unknown, v: unknown): DeskError | null {
  const reason = {
    gap: `ends at version ${v}, so that these entries do not follow`,
    differs: `holds another entry ${v}`,
    broken: `does not continue with entry ${v}: its chain hash breaks`,
  }[String(status)]
  return reason === undefined ? null : divergedError(desk, reason)
}

/** Returns the error for a store whose history is not the expected one. */
export function divergedError(desk: string, reason: string): DeskError {
  return new DeskError('store-diverged', `The store of desk "${desk}" ${reason}.`)
}
