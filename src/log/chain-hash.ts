import { sha256 } from './sha256'

/**
 * The hash of an entry: SHA-256 in hex over its predecessor's hash and its own payload as JSON text. Equal `(v, h)` means
 * equal history. The engine's time is no part of it, so that the writer knows the hash before the engine has answered.
 *
 * @param previous - `h` of the entry before; `''` for the first.
 * @param payload - the payload as `JSON.stringify` writes it.
 */
export function chainHash(previous: string, payload: string): string {
  return sha256(`${previous}|${payload}`)
}
