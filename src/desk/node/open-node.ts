import type { EventLog } from '../../log'
import { Alarm } from '../alarm'
import type { Announcer } from '../announcer'
import type { Dispatching } from '../dispatching'
import type { Kernel } from '../kernel'
import { SnapshotKeeper } from '../snapshot-keeper'
import { type History, takeHistory } from '../take-history'
import { CommandQueue } from './command-queue'
import { Contact } from './contact'
import { Draft } from './draft'
import type { EngineClock } from './engine-clock'
import type { LoopParts } from './loop-parts'
import { type Means, systemMeans } from './means'
import { NodeDispatch } from './node-dispatch'
import { NodeLoop } from './node-loop'
import { type NodeOptions, nodeOptions } from './node-options'
import { Roll } from './roll'
import { Tail } from './tail'
import { Turns } from './turns'

export interface NodeParts {
  readonly kernel: Kernel
  readonly log: EventLog
  readonly clock: EngineClock
  readonly announcer: Announcer
  readonly history: History
  /** Another state has taken the place of the kernel's. */
  readonly replaced: () => void
  readonly means?: Means | undefined
  readonly options?: Partial<NodeOptions> | undefined
}

/** A node on a log that needs promises, which has read the log to its end. */
export async function openNode(parts: NodeParts): Promise<Dispatching> {
  const { kernel, log, clock, announcer, history, replaced, means = systemMeans() } = parts
  const options = { ...nodeOptions, ...parts.options }
  const roll = new Roll(means.node)
  const newest = await takeHistory(kernel, history)
  roll.restore(newest?.state.nodes ?? [])
  const tail = new Tail(options.heldEntries)
  const keeping = { entriesMin: options.snapshotEntries, nodes: () => roll.saved() }
  const keeper = new SnapshotKeeper({ kernel, log, announcer, ...keeping })
  const moved = () => {
    keeper.keepWhenLong()
    dispatch?.wakeWhenDue()
  }
  const shared = { kernel, log, clock, announcer, tail, roll, means, options, moved, replaced }
  const own = { queue: new CommandQueue(), draft: new Draft(kernel, tail) }
  const loopParts: LoopParts = { ...shared, ...own, contact: new Contact(means), turns: new Turns(means) }
  const loop = new NodeLoop(loopParts)
  let dispatch: NodeDispatch | null = null
  await loop.open()
  keeper.startFrom(kernel.version)
  const alarm = new Alarm(clock, () => loop.wake())
  dispatch = new NodeDispatch({ ...loopParts, loop, alarm })
  return dispatch
}
