import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWithServer } from './describe-with-server'
import { findBinary } from './find-binary'
import { freePort } from './free-port'
import { type RunningServer, runServer } from './run-server'

const binary = findBinary('redis-server')

/** `describe` where Redis is installed. */
export const describeRedis = describeWithServer('redis', binary, 'apt-get install redis-server')

export interface RedisServer {
  readonly port: number
  readonly url: string
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port and files. */
  start(): Promise<void>
  /** Kills it, and starts it again without the newest bytes of its append-only file. */
  loseNewestBytes(bytes: number): Promise<void>
  /** Ends it and removes its files. */
  end(): Promise<void>
}

/** Starts a Redis on a free loopback port, in a temporary folder, with an append-only file unless set otherwise. */
export async function redisServer(settings: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'frontbell-redis-'))
  const port = await freePort()
  const own = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes']
  const start = (): Promise<RunningServer> =>
    runServer({ binary: binary ?? '', args: [...own, ...settings], ready: /Ready to accept connections/, cwd: folder })
  let running = await start()
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    stop: (signal) => running.stop(signal),
    async start() {
      running = await start()
    },
    async loseNewestBytes(bytes) {
      await running.stop('SIGKILL')
      const files = join(folder, 'appendonlydir')
      for (const name of await readdir(files)) {
        const file = join(files, name)
        if (name.endsWith('.incr.aof')) await truncate(file, Math.max(0, (await stat(file)).size - bytes))
      }
      running = await start()
    },
    async end() {
      await running.stop('SIGKILL')
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    },
  }
}
