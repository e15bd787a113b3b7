import { DeskError } from '../../core'
import type { Announcer } from '../announcer'
import type { Kernel } from '../kernel'
import type { CommandQueue, Waiting } from './command-queue'

export interface TroubleParts {
  readonly kernel: Kernel
  readonly announcer: Announcer
  readonly queue: CommandQueue
  readonly now: () => number
}

/** What keeps a node from doing commands: it has lost its log, or found something in it that it must not pass over. */
export class Trouble {
  readonly #parts: TroubleParts
  #error: DeskError | null = null

  constructor(parts: TroubleParts) {
    this.#parts = parts
  }

  get error(): DeskError | null {
    return this.#error
  }

  /** Nothing but opening the desk anew helps. */
  get isFinal(): boolean {
    return this.#error?.code === 'closed'
  }

  /** Refuses everything that waits and whatever comes, until it is over; tells of it once. */
  begin(error: DeskError): void {
    const { announcer, queue, kernel, now } = this.#parts
    if (this.#error?.code === error.code || this.isFinal) return
    const wasCurrent = this.#error === null
    this.#error = error
    queue.failAll((waiting) => (error.code === 'closed' ? error : refusal(waiting, error)))
    if (error.code !== 'stale') announcer.tell('error', error)
    if (wasCurrent) announcer.tell('desk.stale', { error, version: kernel.version, at: now() })
  }

  /** The log was read to its end, and all of it could be folded. */
  end(): void {
    const { announcer, kernel, now } = this.#parts
    if (this.#error === null || this.isFinal) return
    this.#error = null
    announcer.tell('desk.current', { version: kernel.version, at: now() })
  }
}

/** What has been sent may have been done. */
export function refusal({ isSent, task }: Waiting, error: DeskError): DeskError {
  if (!isSent) return error
  const id = task.commandId === null ? '' : ` (commandId "${task.commandId}")`
  const told = `it is not known whether this command was done${id}; ask again with the same commandId`
  return new DeskError('log-failed', `${told}: ${error.message}`, error)
}
