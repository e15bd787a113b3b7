import type { StoredEntry } from '../stored-entry'

/** Entries of a stream as Redis answers them: `[id, [field, value, …]]`. */
export function storedEntriesFrom(reply: unknown): StoredEntry[] {
  return Array.isArray(reply) ? reply.map(storedEntry) : []
}

/** A foreign entry keeps its place and fails the chain check there, so that the good ones before it are still read. */
function storedEntry(entry: unknown): StoredEntry {
  const [id, fields] = Array.isArray(entry) ? entry : []
  const [h, hash = '', t, instant, p, text = '', ...more] = Array.isArray(fields) ? fields.map(String) : []
  const isOurs = String(id).endsWith('-0') && h === 'h' && t === 't' && p === 'p' && more.length === 0
  const v = Number.parseInt(String(id), 10)
  return isOurs ? { v, h: hash, t: Number(instant), text } : { v, h: '', t: 0, text: '' }
}
