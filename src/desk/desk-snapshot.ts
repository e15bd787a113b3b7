import type { DeskState, StateSnapshot } from '../core'
import { DeskError, described, InvalidInputError, snapshotOf, stateFrom } from '../core'
import { type LogHead, type LogSnapshot, upcast } from '../log'
import type { Outcome } from './desk-outcome'
import { isRecord } from './guard'
import type { Kernel } from './kernel'
import type { SavedRoll } from './node/roll'

/** A whole desk at one version, as plain JSON: what `desk.snapshot()` gives and `openDesk({snapshot})` takes. */
export interface DeskSnapshot extends LogSnapshot {
  readonly state: {
    readonly desk: StateSnapshot
    /** First answers to the latest command ids, oldest first. */
    readonly answers: readonly (readonly [string, unknown])[]
    /** Which node holds which sessions; left out where there is but one. */
    readonly nodes?: SavedRoll
  }
}

export function snapshotOfKernel(kernel: Kernel, { v, h }: LogHead, nodes: SavedRoll = []): DeskSnapshot {
  const state = snapshotState(kernel)
  return { schema: 1, v, h, t: kernel.state.at, state: nodes.length === 0 ? state : { ...state, nodes } }
}

export function snapshotState({ state, answers }: Kernel): DeskSnapshot['state'] {
  return { desk: snapshotOf(state), answers: answers.entries() }
}

export function restoreKernel(kernel: Kernel, snapshot: DeskSnapshot): void {
  const { v, h, state } = snapshot
  kernel.resume(stateIn(snapshot))
  kernel.version = v
  kernel.hash = h
  for (const [id, outcome] of state.answers) kernel.answers.remember(id, outcome as Outcome)
}

/** @throws InvalidInputError when it is damaged inside. */
export function stateIn({ state }: DeskSnapshot): DeskState {
  try {
    return stateFrom(state.desk)
  } catch (cause) {
    const expected = 'the state of a desk as one wrote it'
    throw new InvalidInputError([{ path: ['snapshot', 'state', 'desk'], expected, got: `one that fails: ${cause}` }])
  }
}

/**
 * Looks at what makes a snapshot one: its version, hash, schema and parts. What stands in the parts was written by a
 * desk and is trusted.
 * @throws InvalidInputError when it is none of this release.
 */
export function parseSnapshot(given: unknown): DeskSnapshot {
  if (!isRecord(given)) throw wrong([], 'a snapshot of a desk', given)
  const written = upcast('The snapshot', given, 'snapshot')
  const input = written instanceof DeskError ? given : written
  if (input.schema !== 1) throw wrong(['schema'], '1, the schema of this release', input.schema)
  if (!Number.isSafeInteger(input.v) || Number(input.v) < 0) throw wrong(['v'], 'a version', input.v)
  if (typeof input.h !== 'string') throw wrong(['h'], 'a hash', input.h)
  if (typeof input.t !== 'number') throw wrong(['t'], 'an instant', input.t)
  const { state } = input
  if (!isRecord(state)) throw wrong(['state'], 'the state of a desk', state)
  if (!isRecord(state.desk)) throw wrong(['state', 'desk'], 'the state of a desk', state.desk)
  if (state.desk.schema !== 1)
    throw wrong(['state', 'desk', 'schema'], '1, the schema of this release', state.desk.schema)
  if (!Array.isArray(state.answers)) throw wrong(['state', 'answers'], 'a list', state.answers)
  if (!Array.isArray(state.nodes ?? [])) throw wrong(['state', 'nodes'], 'a list', state.nodes)
  return input as unknown as DeskSnapshot
}

function wrong(path: readonly string[], expected: string, value: unknown): InvalidInputError {
  return new InvalidInputError([{ path: ['snapshot', ...path], expected, got: described(value) }])
}
