import type { EventStore } from '../../store'
import type { EventBus } from '../events/event-bus'
import type { StoreClock } from '../runtime/clock'
import type { DeskAggregate } from '../runtime/desk-aggregate'
import type { SpeculativeState } from './batch-builder'
import type { RepairBuffer } from './catch-up'
import type { CommandQueue } from './command-queue'
import type { NodeEnvironment, NodeOptions } from './environment'
import type { StoreWatchdog } from './node-health'
import type { SessionOwnership } from './session-ownership'
import type { WriterRotation } from './writer-rotation'

/** What the parts of a node share. */
export interface NodeContext {
  readonly aggregate: DeskAggregate
  readonly store: EventStore
  readonly clock: StoreClock
  readonly eventBus: EventBus
  readonly commandQueue: CommandQueue
  readonly speculativeState: SpeculativeState
  readonly repairBuffer: RepairBuffer
  readonly sessionOwnership: SessionOwnership
  readonly storeWatchdog: StoreWatchdog
  readonly writerRotation: WriterRotation
  readonly environment: NodeEnvironment
  readonly options: NodeOptions
  /** After entries were taken: snapshots, the timer of the next deadline. */
  readonly onAdvanced: () => void
  /** Another state has taken the place of the kernel's. */
  readonly onStateReplaced: () => void
}
