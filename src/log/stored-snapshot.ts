import { DeskError } from '../core'
import type { LogSnapshot } from './event-log'
import { upcast } from './upcast'

/** A snapshot as an engine holds it: the state is text. */
export interface StoredSnapshot extends Omit<LogSnapshot, 'schema' | 'state'> {
  readonly schema: number
  readonly text: string
}

/** @throws DeskError `log-damaged` when the text is no JSON, or `log-newer-schema`. */
export function snapshotFrom(desk: string, { text, ...rest }: StoredSnapshot): LogSnapshot {
  const named = `The snapshot at version ${rest.v} of desk "${desk}"`
  const written = upcast(named, { ...rest, state: stateOf(text, named) }, 'snapshot')
  if (written instanceof DeskError) throw written
  return written as unknown as LogSnapshot
}

function stateOf(text: string, named: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DeskError('log-damaged', `${named} is damaged: its state is no JSON.`, cause)
  }
}
