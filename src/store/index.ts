export type {
  AppendResult,
  EventStore,
  NodeHeartbeat,
  NodeLiveness,
  StoreBatch,
  StoreEntry,
  StoreHead,
  StorePayload,
  StoreSnapshot,
} from './event-store'
export { isSynchronous, type SnapshotSource, type SynchronousStore } from './event-store'
export { type MemoryStoreOptions, memoryStore } from './memory-store'
export { upcast } from './upcast'
