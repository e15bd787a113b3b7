import { fileURLToPath } from 'node:url'
import { startCluster } from './cluster'
import { startLocalRedis } from './local-redis'

const outDir = fileURLToPath(new URL('../../.frontbell/cluster-pages', import.meta.url))
const redis = process.env.REDIS_URL === undefined ? await startLocalRedis() : null
const redisUrl = process.env.REDIS_URL ?? redis?.url

if (redisUrl === undefined) {
  console.error('The cluster needs a Redis 7 or newer, and there is no redis-server on this machine. Install it:')
  console.error('  Debian, Ubuntu   apt-get install redis-server')
  console.error('  macOS            brew install redis')
  console.error('or name one that you have: REDIS_URL=redis://host:6379 npm run start:cluster')
  process.exit(1)
}

const cluster = await startCluster({
  port: Number(process.env.PORT ?? 8080),
  host: process.env.HOST ?? '127.0.0.1',
  redisUrl,
  outDir,
})
console.log(`Shop page with the chat widget   ${cluster.url}/`)
console.log(`Staff portal                     ${cluster.url}/staff`)
console.log(
  `Three processes share the desk; kill any of them and go on chatting: kill -9 ${cluster.pids().join(' | ')}`,
)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await cluster.close()
    redis?.close()
    process.exit()
  })
}
