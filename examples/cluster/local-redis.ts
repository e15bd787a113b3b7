import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

export interface LocalRedis {
  readonly url: string
  close(): void
}

/** A Redis for the demo, gone with it; `null` where none is installed. */
export async function startLocalRedis(): Promise<LocalRedis | null> {
  const port = await freePort()
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((started) => {
    server.once('error', () => started(null))
    server.stdout.on('data', (text) => {
      if (!String(text).includes('Ready to accept connections')) return
      started({ url: `redis://127.0.0.1:${port}`, close: () => void server.kill('SIGTERM') })
    })
  })
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => found(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
