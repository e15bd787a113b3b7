export type { EventStore, StoreEntry, StoreHead, StoreSnapshot } from '../event-store'
export { type EraseRedisDesk, eraseDesk, listDesks } from './administration'
export type {
  IoRedisClient,
  IoRedisSubscriber,
  NodeRedisClient,
  NodeRedisSubscriber,
  RedisClient,
} from './redis-client'
export type { RedisDurability } from './redis-settings'
export { type RedisStoreOptions, redisStore } from './redis-store'
