import { DeskError } from '../core'
import { type EventLog, isSynchronous } from '../log'
import type { Announcer } from './announcer'
import { snapshotOfKernel, snapshotState } from './desk-snapshot'
import type { Kernel } from './kernel'
import type { SavedRoll } from './node/roll'

/** At least so many entries between two snapshots, and so many for each thing in the state, so that none is dear. */
const entriesMinUsual = 10_000
const entriesEach = 4

export interface KeeperParts {
  readonly kernel: Kernel
  readonly log: EventLog
  readonly announcer: Announcer
  readonly entriesMin?: number
  readonly nodes?: () => SavedRoll
}

/** Gives the log a snapshot now and then, so that it may forget what is older and a desk opens soon. */
export class SnapshotKeeper {
  readonly #kernel: Kernel
  readonly #log: EventLog
  readonly #announcer: Announcer
  readonly #entriesMin: number
  readonly #nodes: () => SavedRoll
  readonly #leave: () => void
  #nextVersion: number

  constructor({ kernel, log, announcer, entriesMin = entriesMinUsual, nodes = () => [] }: KeeperParts) {
    this.#entriesMin = entriesMin
    this.#nextVersion = entriesMin
    this.#nodes = nodes
    this.#kernel = kernel
    this.#log = log
    this.#announcer = announcer
    const holder = { version: () => kernel.version, state: () => snapshotState(kernel) }
    this.#leave = isSynchronous(log) ? log.heldBy(holder) : () => {}
  }

  /** A log of this process keeps the state from now on, which it could ask for until then. */
  close(): void {
    this.#leave()
  }

  startFrom(version: number): void {
    const { requests, staff, visitors } = this.#kernel.state
    const entries = entriesEach * (requests.size + staff.size + visitors.size)
    this.#nextVersion = version + Math.max(this.#entriesMin, entries)
  }

  keepWhenLong(): void {
    const { version, hash } = this.#kernel
    if (version < this.#nextVersion || isSynchronous(this.#log)) return
    this.startFrom(version)
    const failed = (cause: unknown) => {
      this.#announcer.tell('error', new DeskError('log-failed', `the snapshot at version ${version} failed`, cause))
    }
    this.#log.saveSnapshot(snapshotOfKernel(this.#kernel, { v: version, h: hash }, this.#nodes())).catch(failed)
  }
}
