import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface RunningServer {
  readonly pid: number
  /** Ends the process and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

export interface ServerCommand {
  readonly binary: string
  readonly args: readonly string[]
  /** What the server prints when it accepts connections. */
  readonly ready: RegExp
  readonly user?: { readonly uid: number; readonly gid: number }
  readonly cwd: string
}

/** Starts a server as a child process and waits until it is ready. */
export async function runServer({ binary, args, ready, user, cwd }: ServerCommand): Promise<RunningServer> {
  const child = spawn(binary, args, { ...user, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  // A test that fails before it stops its server leaves no process behind.
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  ended.finally(() => process.off('exit', kill)).catch(() => {})
  let printed = ''
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${binary} was not ready in 30 s:\n${printed}`)), 30_000)
    const listen = (piece: Buffer): void => {
      printed = `${printed}${piece}`.slice(-20_000)
      if (ready.test(printed)) resolve(clearTimeout(timer))
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('error', reject)
    ended.then(() => reject(new Error(`${binary} ended:\n${printed}`))).catch(reject)
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${binary} has no process id`)
  return {
    pid,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await ended
    },
  }
}
