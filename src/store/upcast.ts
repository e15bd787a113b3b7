import { DeskError } from '../core'

type StoredRecord = Readonly<Record<string, unknown>>

/** Makes what one schema wrote into what the next one writes. */
export type Upcast = (old: StoredRecord) => StoredRecord

/** What outlives a release. The first upcast of a list makes schema 2 of schema 1; so far none was needed. */
const upcasters: Readonly<Record<'entry' | 'snapshot', readonly Upcast[]>> = { entry: [], snapshot: [] }

/**
 * Returns what this release or an earlier one wrote, as this release writes it. A record without a schema is returned
 * as it is: the caller finds whether it is damaged. A record of a newer release gives `store-newer-schema`: it is
 * refused, never guessed.
 */
export function upcast(
  name: string,
  written: StoredRecord,
  upcasts: readonly Upcast[] | keyof typeof upcasters,
): StoredRecord | DeskError {
  const known = typeof upcasts === 'string' ? upcasters[upcasts] : upcasts
  const { schema } = written
  if (!Number.isSafeInteger(schema) || Number(schema) < 1) return written
  const from = Number(schema)
  const newest = known.length + 1
  if (from > newest) {
    const message = `${name} has schema ${from}, and this release reads schemas up to ${newest}.`
    return new DeskError('store-newer-schema', `${message} Update frontbell on this node.`)
  }
  return known.slice(from - 1).reduce((old, step, index) => ({ ...step(old), schema: from + index + 1 }), written)
}
