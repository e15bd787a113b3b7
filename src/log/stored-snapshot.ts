import { DeskError } from '../core'
import type { LogSnapshot } from './event-log'

/** A snapshot as an engine holds it: the state is text. */
export interface StoredSnapshot extends Omit<LogSnapshot, 'schema' | 'state'> {
  readonly schema: number
  readonly text: string
}

/** @throws DeskError `log-newer-schema`, or `log-damaged` when the text is no JSON. */
export function snapshotFrom(desk: string, { v, h, t, schema, text }: StoredSnapshot): LogSnapshot {
  const named = `The snapshot at version ${v} of desk "${desk}"`
  if (schema > 1)
    throw new DeskError('log-newer-schema', `${named} has schema ${schema}; update frontbell on this node.`)
  try {
    return { v, h, t, schema: 1, state: JSON.parse(text) }
  } catch (cause) {
    throw new DeskError('log-damaged', `${named} is damaged: its state is no JSON.`, cause)
  }
}
