import type { EventLog } from '../../log'
import type { Announcer } from '../announcer'
import type { Kernel } from '../kernel'
import type { CommandQueue } from './command-queue'
import type { Contact } from './contact'
import type { Draft } from './draft'
import type { EngineClock } from './engine-clock'
import type { Means } from './means'
import type { NodeOptions } from './node-options'
import type { Roll } from './roll'
import type { Tail } from './tail'
import type { Turns } from './turns'

/** What the parts of a node share. */
export interface LoopParts {
  readonly kernel: Kernel
  readonly log: EventLog
  readonly clock: EngineClock
  readonly announcer: Announcer
  readonly queue: CommandQueue
  readonly draft: Draft
  readonly tail: Tail
  readonly roll: Roll
  readonly contact: Contact
  readonly turns: Turns
  readonly means: Means
  readonly options: NodeOptions
  /** After entries were taken: snapshots, the timer of the next deadline. */
  readonly moved: () => void
  /** Another state has taken the place of the kernel's. */
  readonly replaced: () => void
}
