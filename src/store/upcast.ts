import { DeskError } from '../core'

type StoredRecord = Readonly<Record<string, unknown>>

/** Makes what one schema wrote into what the next one writes. */
export type Upcast = (old: StoredRecord) => StoredRecord

/** All that outlives a release. The first step of a list makes schema 2 of schema 1; so far none was needed. */
const upcasters: Readonly<Record<'entry' | 'snapshot', readonly Upcast[]>> = { entry: [], snapshot: [] }

/**
 * What was written by this release or any earlier one, as this release writes it. What bears no schema comes back as it
 * is: whether it is damaged is for the reader to find.
 * @returns `store-newer-schema` for what a newer release wrote: it is refused, never guessed.
 */
export function upcast(
  named: string,
  written: StoredRecord,
  upcasts: readonly Upcast[] | keyof typeof upcasters,
): StoredRecord | DeskError {
  const known = typeof upcasts === 'string' ? upcasters[upcasts] : upcasts
  const { schema } = written
  if (!Number.isSafeInteger(schema) || Number(schema) < 1) return written
  const from = Number(schema)
  const newest = known.length + 1
  if (from > newest) {
    const told = `${named} has schema ${from}, and this release reads schemas up to ${newest}.`
    return new DeskError('store-newer-schema', `${told} Update frontbell on this node.`)
  }
  return known.slice(from - 1).reduce((old, step, index) => ({ ...step(old), schema: from + index + 1 }), written)
}
