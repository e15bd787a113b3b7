export type { EventLog, LogEntry, LogHead, LogSnapshot } from '../log/event-log'
export { type EraseRedisDesk, eraseDesk } from '../log/redis/erase-desk'
export { listDesks } from '../log/redis/list-desks'
export type {
  IoRedisClient,
  IoRedisSubscriber,
  NodeRedisClient,
  NodeRedisSubscriber,
  RedisClient,
} from '../log/redis/redis-client'
export { type RedisLogOptions, redisLog } from '../log/redis/redis-log'
export type { RedisDurability } from '../log/redis/redis-settings'
