import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { buildPages } from '../live-desk/build-pages'
import { startRoundRobinProxy } from './round-robin-proxy'

export interface ClusterOptions {
  /** 0: any free one. */
  readonly port: number
  readonly redisUrl: string
  /** Where the pages are built to. */
  readonly outDir: string
  readonly nodes?: number
}

export interface Cluster {
  readonly url: string
  /** The processes that run now. */
  pids(): readonly number[]
  close(): Promise<void>
}

const startAgainMs = 1_000

/** The live desk as several processes on one Redis, behind one port. A process that ends is started again. */
export async function startCluster({ port, redisUrl, outDir, nodes = 3 }: ClusterOptions): Promise<Cluster> {
  await buildPages(outDir)
  const running = new Map<ChildProcess, number>()
  let isClosed = false
  const start = async (): Promise<void> => {
    const child = fork(fileURLToPath(new URL('./node.ts', import.meta.url)), [redisUrl, outDir], {
      execArgv: ['--import', 'tsx'],
    })
    await new Promise<void>((ready) => {
      child.once('message', (message: { readonly port: number }) => {
        running.set(child, message.port)
        ready()
      })
      child.once('exit', () => {
        running.delete(child)
        ready()
        if (!isClosed) setTimeout(start, startAgainMs)
      })
    })
  }
  await Promise.all(Array.from({ length: nodes }, start))
  const proxy = await startRoundRobinProxy(port, () => [...running.values()])
  return {
    url: `http://localhost:${proxy.port}`,
    pids: () => [...running.keys()].flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    async close() {
      isClosed = true
      proxy.close()
      const ending = [...running.keys()].map((child) => new Promise((ended) => child.once('exit', ended)))
      for (const child of running.keys()) child.kill('SIGTERM')
      await Promise.all(ending)
    },
  }
}
