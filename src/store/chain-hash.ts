import { sha256 } from './sha256'

/**
 * The hash of an entry: SHA-256 in hex over its predecessor's hash, its own instant and its payload's text. Equal `(v,
 * h)` means equal history. Engines that compute it themselves use the same form.
 *
 * @param previous - `h` of the entry before; `''` for the first.
 * @param payload - the payload as `JSON.stringify` writes it.
 */
export function chainHash(previous: string, t: number, payload: string): string {
  return sha256(`${previous}|${t}|${payload}`)
}
