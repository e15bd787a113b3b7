export type { EventLog, LogEntry, LogHead, LogSnapshot } from '../event-log'
export { type EraseRedisDesk, eraseDesk } from './erase-desk'
export { listDesks } from './list-desks'
export type {
  IoRedisClient,
  IoRedisSubscriber,
  NodeRedisClient,
  NodeRedisSubscriber,
  RedisClient,
} from './redis-client'
export { type RedisLogOptions, redisLog } from './redis-log'
export type { RedisDurability } from './redis-settings'
