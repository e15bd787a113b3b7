import { type DeskState, evolve, restoreState, toStateSnapshot } from '../../core'
import type { DeskAggregate } from '../runtime/desk-aggregate'
import type { RepairBuffer } from './catch-up'
import { farRoundTripMs } from './writer-rotation'

/** Copying so many items of a state takes about one millisecond, or as long as one round trip to a near store. */
const itemsPerMs = 128
/** The most that a copy may take for each command, however far the store is. */
const copyMsMax = 50

/**
 * A second state in addition to the aggregate's, on which several commands are decided one after another before the
 * store has appended them. Once appended, the entry is in both states. When the store holds another entry instead, this
 * state is discarded, and copied anew when that is cheaper than one append for each command.
 */
export class SpeculativeState {
  readonly #aggregate: DeskAggregate
  readonly #repairBuffer: RepairBuffer
  #state: DeskState | null = null
  #version = 0

  constructor(aggregate: DeskAggregate, repairBuffer: RepairBuffer) {
    this.#aggregate = aggregate
    this.#repairBuffer = repairBuffer
  }

  /**
   * Returns a state equal to the aggregate's to decide so many commands on; `null` when a copy costs more than a round
   * trip to the store for each command. A single command needs it only at a far store, to be appended with deadlines.
   */
  prepare(commands: number, roundTripMs: number): DeskState | null {
    if (this.#state !== null && this.#catchUp(this.#state)) return this.#state
    const itemsMax = itemsPerMs * Math.max(1, Math.min(roundTripMs, copyMsMax)) * commands
    const commandsMin = roundTripMs < farRoundTripMs ? 2 : 1
    if (commands < commandsMin || countItems(this.#aggregate.state) > itemsMax) return null
    this.#state = restoreState(toStateSnapshot(this.#aggregate.state))
    this.#version = this.#aggregate.version
    return this.#state
  }

  /** Records that everything decided on it is the store's entry of this version. */
  confirm(version: number): void {
    this.#version = version
  }

  /** Drops the state: what was decided on it is not in the store, or the aggregate has another history now. */
  discard(): void {
    this.#state = null
  }

  /** Folds the entries that the aggregate has applied meanwhile. Returns whether they are still held. */
  #catchUp(state: DeskState): boolean {
    if (this.#version === this.#aggregate.version) return true
    const missed = this.#version < this.#aggregate.version ? this.#repairBuffer.entriesAfter(this.#version) : null
    if (missed === null) return false
    for (const { payload } of missed) for (const event of payload.events) evolve(state, event)
    this.#version = this.#aggregate.version
    return true
  }
}

function countItems({ requests, staff, visitors, openedCount }: DeskState): number {
  return requests.size + staff.size + visitors.size + Math.min(openedCount, 20_000) / 8
}
