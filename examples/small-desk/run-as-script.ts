import { fileURLToPath } from 'node:url'
import type { RunningServer, SmallDeskOptions } from './small-desk'

/** `tsx server.ts [--port 8080]`: starts an example when its file is what was called, and says where it is. */
export async function runAsScript(
  file: string,
  start: (options: SmallDeskOptions) => Promise<RunningServer>,
): Promise<void> {
  if (process.argv[1] !== fileURLToPath(file)) return
  const given = process.argv.indexOf('--port')
  const port = Number(given < 0 ? (process.env.PORT ?? 8_080) : process.argv[given + 1])
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port: expected 0 to 65535')
  const running = await start({ port })
  console.log(`Open ${running.url} in two windows, as two people.`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void running.close().then(() => process.exit()))
}
