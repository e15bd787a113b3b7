import type { EventStore } from '../../store'
import type { EventBus } from '../events/event-bus'
import type { StoreClock } from '../runtime/clock'
import type { DeskAggregate } from '../runtime/desk-aggregate'
import type { RepairBuffer } from './catch-up'
import type { CommandQueue } from './command-queue'
import type { NodeEnvironment, NodeOptions } from './environment'
import type { RestartWatch, Roll, StoreWatchdog } from './node-health'
import type { SessionOwnership } from './session-ownership'
import type { SpeculativeState } from './speculative-state'
import type { WriterRotation } from './writer-rotation'

/** The parts of a node, which use each other. */
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
  readonly restartWatch: RestartWatch
  readonly roll: Roll
  readonly writerRotation: WriterRotation
  readonly environment: NodeEnvironment
  readonly options: NodeOptions
  /** Called after entries were applied: saves a snapshot when due, sets the timer of the next deadline. */
  readonly onAdvanced: () => void
  /** Saves a snapshot at once: another node needs it. */
  readonly saveSnapshot: () => void
}
