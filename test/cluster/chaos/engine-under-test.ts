import { Pool } from 'pg'
import type { EventLog } from '../../../src/log'
import { migrate, postgresLog } from '../../../src/log/postgres'
import { postgresServer } from '../../log/engines/postgres-server'
import type { EngineKind } from './orders'
import { RedisUnderTest } from './redis-under-test'

/** A server of the harness's own, which it may stop, kill and start. */
export interface EngineUnderTest {
  readonly kind: EngineKind
  readonly port: number
  /** The address through another port of this machine. */
  urlAt(port: number): string
  stop(signal: NodeJS.Signals): Promise<void>
  start(): Promise<void>
  /** It comes back after a crash without about so many of the desk's newest entries. */
  loseTail(desk: string, entries: number): Promise<void>
  /** All that it holds is gone, while it goes on. */
  flush?(): Promise<void>
  /** Has a second server that follows this one. */
  replicate?(): Promise<void>
  /** The second server takes over, and knows nothing of the first; returns its port. */
  promote?(): Promise<number>
  /** The first server follows the second, and forgets what it has that the second has not. */
  rejoin?(): Promise<void>
  /** Reads the log from outside. */
  logOf(desk: string): EventLog
  end(): Promise<void>
}

export async function engineUnderTest(kind: EngineKind): Promise<EngineUnderTest> {
  return kind === 'redis' ? RedisUnderTest.start() : postgres()
}

async function postgres(): Promise<EngineUnderTest> {
  const server = await postgresServer()
  const pool = new Pool({ connectionString: server.url })
  pool.on('error', () => {})
  await migrate({ client: pool })
  const url = new URL(server.url)
  return {
    kind: 'postgres',
    port: Number(url.port),
    urlAt: (port) => server.url.replace(`:${url.port}/`, `:${port}/`),
    stop: (signal) => server.stop(signal === 'SIGTERM' ? 'SIGINT' : 'SIGQUIT'),
    start: () => server.start(),
    async loseTail(desk, entries) {
      await server.stop('SIGQUIT')
      await server.start()
      const newest = 'select max(v) from frontbell.entry where desk = $1'
      await patiently(() =>
        pool.query(`delete from frontbell.entry where desk = $1 and v > (${newest}) - $2`, [desk, entries]),
      )
    },
    logOf: (desk) => postgresLog({ client: pool, desk, durability: 'process' }),
    async end() {
      await pool.end().catch(() => {})
      await server.end()
    },
  }
}

/** A connection that was open when the server went fails once. */
async function patiently(act: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await act()
      return
    } catch (error) {
      if (tries === 20) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
