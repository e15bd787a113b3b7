export type {
  AppendResult,
  EventStore,
  NodeHeartbeat,
  NodeLiveness,
  NodeOnRoll,
  NodeRoll,
  StoreBatch,
  StoreEntry,
  StoreHead,
  StorePayload,
  StoreSnapshot,
} from './event-store'
export { isSynchronous, type SnapshotSource, type SynchronousStore, upcast } from './event-store'
export { type MemoryStoreOptions, memoryStore } from './memory-store'
export { turnMsMax } from './writer-turns'
