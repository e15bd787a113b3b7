import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

export interface LocalRedis {
  readonly url: string
  close(): void
}

/** Starts a Redis that lives as long as the demo; `null` if none is installed. */
export async function startLocalRedis(): Promise<LocalRedis | null> {
  const port = await freePort()
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve) => {
    server.once('error', () => resolve(null))
    server.stdout.on('data', (text) => {
      if (!String(text).includes('Ready to accept connections')) return
      resolve({ url: `redis://127.0.0.1:${port}`, close: () => void server.kill('SIGTERM') })
    })
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
