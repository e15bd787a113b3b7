import { createHash } from 'node:crypto'

/** The hash of an entry over its predecessor's hash, its own instant and its payload's text. */
export type EngineHash = (previous: string, t: number, text: string) => string

/** The same hash that the engine computes itself: SHA-1 is all that Redis scripts have, SHA-256 what Postgres has. */
export function engineHash(algorithm: 'sha1' | 'sha256'): EngineHash {
  return (previous, t, text) => createHash(algorithm).update(`${previous}|${t}|${text}`, 'utf8').digest('hex')
}
