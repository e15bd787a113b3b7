import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
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
  /** Fills the disk of its own that it was started with, or frees it; without one, its memory. */
  fillDisk(isFull: boolean): Promise<void>
  /** Ends it and removes its files. */
  end(): Promise<void>
}

export interface RedisServerOptions {
  /** Size of a disk of its own, in memory; only where this process may mount one. */
  readonly diskMegabytes?: number
}

/** Starts a Redis on a free loopback port, in a temporary folder, with an append-only file unless set otherwise. */
export async function redisServer(
  settings: readonly string[] = [],
  { diskMegabytes }: RedisServerOptions = {},
): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'frontbell-redis-'))
  const disk = diskMegabytes === undefined ? null : await mountDisk(folder, diskMegabytes)
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
    async fillDisk(isFull) {
      if (disk === null) await runCli(port, ['CONFIG', 'SET', 'maxmemory', isFull ? '1mb' : '0'])
      else await disk.fill(isFull)
    },
    async end() {
      await running.stop('SIGKILL')
      await disk?.unmount()
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    },
  }
}

interface Disk {
  fill(isFull: boolean): Promise<void>
  unmount(): Promise<void>
}

/** Returns a small disk at a folder; `null` where this process may not mount one. */
async function mountDisk(folder: string, megabytes: number): Promise<Disk | null> {
  const execute = promisify(execFile)
  const mounted = await execute('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]).catch(() => null)
  if (mounted === null) return null
  const filler = join(folder, 'filler')
  return {
    async fill(isFull) {
      if (isFull) await writeFile(filler, Buffer.alloc(megabytes * 1_048_576)).catch(() => {})
      else await rm(filler, { force: true })
    },
    async unmount() {
      await execute('umount', ['-l', folder])
    },
  }
}

async function runCli(port: number, args: readonly string[]): Promise<void> {
  await promisify(execFile)('redis-cli', ['-p', `${port}`, ...args])
}
