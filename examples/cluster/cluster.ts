import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { buildPages } from '../live-desk/build-pages'
import { startRoundRobinProxy } from './round-robin-proxy'

export interface ClusterOptions {
  /** 0 chooses a free port. */
  readonly port: number
  /** The address to listen on. Default: 127.0.0.1, which other machines do not reach. */
  readonly host?: string
  readonly redisUrl: string
  /** Folder into which the pages are built. */
  readonly outDir: string
  readonly nodes?: number
}

export interface Cluster {
  readonly url: string
  /** The ids of the running processes. */
  pids(): readonly number[]
  close(): Promise<void>
}

const restartDelayMs = 1_000

/** Runs the live desk as several processes on one Redis, behind one port. A process that ends is restarted. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { port, host = '127.0.0.1', redisUrl, outDir, nodes = 3 } = options
  await buildPages(outDir)
  const running = new Map<ChildProcess, number>()
  let isClosed = false
  const start = async (): Promise<void> => {
    const child = fork(fileURLToPath(new URL('./node.ts', import.meta.url)), [redisUrl, outDir], {
      execArgv: ['--import', 'tsx'],
    })
    await new Promise<void>((resolve) => {
      child.once('message', (message: { readonly port: number }) => {
        running.set(child, message.port)
        resolve()
      })
      child.once('exit', () => {
        running.delete(child)
        resolve()
        if (!isClosed) setTimeout(start, restartDelayMs)
      })
    })
  }
  await Promise.all(Array.from({ length: nodes }, start))
  const proxy = await startRoundRobinProxy({ port, host }, () => [...running.values()])
  return {
    url: `http://localhost:${proxy.port}`,
    pids: () => [...running.keys()].flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    async close() {
      isClosed = true
      proxy.close()
      const exits = [...running.keys()].map((child) => new Promise((resolve) => child.once('exit', resolve)))
      for (const child of running.keys()) child.kill('SIGTERM')
      await Promise.all(exits)
    },
  }
}
