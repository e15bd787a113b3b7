import { described } from '../core'

/** What came, in the words of an error. */
export function shown(value: unknown): string {
  return value === undefined ? 'nothing' : described(value)
}
