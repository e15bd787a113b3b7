import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { PortalSnapshot } from 'frontbell'

export interface DeskProcess {
  readonly url: string
  portal(staffId: string): Promise<PortalSnapshot | undefined>
  /** As a crash does: at once, with nothing written and nobody told. */
  kill(): Promise<void>
}

const script = fileURLToPath(new URL('desk-child.ts', import.meta.url))

/** Starts a live desk in a process of its own, whose log is kept in `dataFolder`. */
export async function deskProcess(at: { port: number; outDir: string; dataFolder: string }): Promise<DeskProcess> {
  const { port, outDir, dataFolder } = at
  const child = fork(script, [String(port), outDir, dataFolder], { execArgv: ['--import', 'tsx'] })
  const [first] = (await Promise.race([once(child, 'message'), failed(child)])) as [{ readonly url: string }]
  const waiting = new Map<number, (portal: PortalSnapshot | undefined) => void>()
  child.on('message', ({ id, portal }: { readonly id: number; readonly portal?: PortalSnapshot }) => {
    waiting.get(id)?.(portal)
    waiting.delete(id)
  })
  let asked = 0
  return {
    url: first.url,
    portal(staffId) {
      asked += 1
      const id = asked
      return new Promise((answer) => {
        waiting.set(id, answer)
        child.send({ id, staffId })
      })
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

async function failed(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit')
  throw new Error(`expected a desk that starts, got exit code ${code}`)
}
