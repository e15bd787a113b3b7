import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io, type Socket } from 'socket.io-client'
import { afterAll, expect, it, vi } from 'vitest'
import { type LiveDesk, type LiveDeskOptions, startLiveDesk } from '../../examples/live-desk/live-desk'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'frontbell-restart-'))
const outDir = join(folder, 'pages')
mkdirSync(outDir)
const closers: (() => unknown)[] = []

afterAll(async () => {
  for (const close of closers.toReversed()) await close()
  rmSync(folder, { recursive: true, force: true })
})

/** Starts the live desk on a store in a folder. */
async function start(options: Pick<LiveDeskOptions, 'port' | 'policy'>): Promise<LiveDesk> {
  const live = await startLiveDesk({ ...options, outDir, isBuilt: true, dataFolder: join(folder, 'data') })
  // A desk that the test has closed already rejects.
  closers.push(() => live.close().catch(() => {}))
  return live
}

function openPage(live: LiveDesk, visitorId: string): Socket {
  const socket = io(`${live.url}/visitor`, { auth: { visitorId }, transports: ['websocket'], forceNew: true })
  closers.push(() => socket.disconnect())
  return socket
}

it('[ND28] abandons no waiting visitor when the live desk is restarted', async () => {
  const policy = { abandonAfterMs: 300, visitorLeaseMs: 4_000 }
  const first = await start({ port: 0, policy })
  const [staying, closed] = [openPage(first, 'visitor-0001'), openPage(first, 'visitor-0002')]
  const facts = { name: 'Maya', topic: 'server', question: 'Is anybody there?' }
  for (const page of [staying, closed])
    expect(await page.timeout(30_000).emitWithAck('request', facts)).toMatchObject({ ok: true })
  const left: string[] = []
  first.desk.on('visitor.left', ({ visitorId }) => void left.push(visitorId))
  const { port } = new URL(first.url)
  await first.close()
  closed.disconnect()
  expect(left).toEqual([])
  const second = await start({ policy, port: Number(port) })
  const waiting = () => second.desk.requests().map(({ visitorId }) => visitorId)
  expect(waiting()).toEqual(['visitor-0001', 'visitor-0002'])
  await expect.poll(() => staying.connected, { timeout: 30_000 }).toBe(true)
  await expect.poll(waiting, { timeout: 30_000 }).toEqual(['visitor-0001'])
  await new Promise((resolve) => setTimeout(resolve, 5_000))
  expect(waiting()).toEqual(['visitor-0001'])
  staying.disconnect()
  await expect.poll(waiting, { timeout: 30_000 }).toEqual([])
})

it('[E8] keeps a visitor of two pages here until the second one is closed', async () => {
  const live = await startLiveDesk({ port: 0, outDir, isBuilt: true })
  closers.push(() => live.close())
  const ended: string[] = []
  live.desk.on('visitorSession.ended', () => void ended.push('session'))
  live.desk.on('visitor.left', () => void ended.push('visit'))
  let started = 0
  live.desk.on('visitorSession.started', () => {
    started += 1
  })
  const pages = [openPage(live, 'visitor-0003'), openPage(live, 'visitor-0003')]
  await expect.poll(() => started, { timeout: 30_000 }).toBe(2)
  pages[0]?.disconnect()
  await expect.poll(() => ended, { timeout: 30_000 }).toEqual(['session'])
  pages[1]?.disconnect()
  await expect.poll(() => ended, { timeout: 30_000 }).toEqual(['session', 'session', 'visit'])
})
