import { execFile, execFileSync } from 'node:child_process'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describeWithServer } from './describe-with-server'
import { findBinary } from './find-binary'
import { freePort } from './free-port'
import { type RunningServer, runServer } from './run-server'

const binary = findBinary('postgres')

/** `describe` where Postgres is installed. */
export const describePostgres = describeWithServer('postgres', binary, 'apt-get install postgresql')

export interface PostgresServer {
  readonly url: string
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port and files. */
  start(): Promise<void>
  /** Starts a standby that receives all that this server writes. */
  standby(): Promise<PostgresServer>
  /** Ends it and removes its files. */
  end(): Promise<void>
}

/** Starts a Postgres on a free loopback port, in a temporary folder, that does not flush to the disk. */
export function postgresServer(): Promise<PostgresServer> {
  const initdbArgs = ['-U', 'frontbell', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']
  return startServer((data) => ['initdb', ['-D', data, ...initdbArgs]])
}

async function startServer(
  makeData: (folder: string) => readonly [tool: string, args: readonly string[]],
): Promise<PostgresServer> {
  const user = unprivilegedUser()
  const folder = await mkdtemp(join(tmpdir(), 'frontbell-postgres-'))
  if (user !== undefined) await chown(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const [tool, toolArgs] = makeData(data)
  await promisify(execFile)(findBinary(tool) ?? tool, toolArgs, { ...user, cwd: folder })
  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off']
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]
  const ready = /ready to accept (read-only )?connections/
  const start = (): Promise<RunningServer> =>
    runServer({ binary: binary ?? '', args, ready, cwd: folder, ...(user && { user }) })
  let running = await start()
  return {
    url: `postgres://frontbell@127.0.0.1:${port}/postgres`,
    stop: (signal = 'SIGINT') => running.stop(signal),
    async start() {
      running = await start()
    },
    standby: () => {
      const from = ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'frontbell']
      return startServer((copy) => ['pg_basebackup', [...from, '-D', copy, '-R', '-X', 'stream', '--no-sync']])
    },
    async end() {
      await running.stop('SIGQUIT')
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    },
  }
}

/** Postgres refuses to run as root: then it runs as the user of Debian's package, or as `nobody`. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const number = (flag: string, name: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  try {
    return { uid: number('-u', 'postgres'), gid: number('-g', 'postgres') }
  } catch {
    return { uid: number('-u', 'nobody'), gid: number('-g', 'nobody') }
  }
}
