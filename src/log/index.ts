export { chainHash } from './chain-hash'
export type {
  AppendResult,
  EventLog,
  LogBatch,
  LogEntry,
  LogHead,
  LogPayload,
  LogSnapshot,
  RollAnswer,
  RollCall,
} from './event-log'
export { type MemoryLogOptions, memoryLog } from './memory-log'
export { isSynchronous, type StateHolder, type SynchronousLog } from './synchronous-log'
export { upcast } from './upcast'
