import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type LiveDesk, startLiveDesk } from '../../examples/live-desk/live-desk'
import { sameOriginCheck } from '../../examples/live-desk/same-origin'
import { ReviewQueue } from '../../examples/live-desk/supervisor/review-queue'
import type { Review } from '../../examples/live-desk/supervisor/supervisor-protocol'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('the live desk', () => {
  let folder: string
  let live: LiveDesk

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'frontbell-access-'))
    mkdirSync(join(folder, 'pages'))
    live = await startLiveDesk({ port: 0, outDir: join(folder, 'pages'), isBuilt: true })
  })
  afterAll(async () => {
    await live.close()
    rmSync(folder, { recursive: true })
  })

  it('[X40] listens on 127.0.0.1 alone unless another host is named', async () => {
    const port = Number(new URL(live.url).port)
    expect(await canConnect('127.0.0.1', port)).toBe(true)
    expect(await canConnect('127.0.0.2', port)).toBe(false)
    const open = await startLiveDesk({ port: 0, host: '0.0.0.0', outDir: join(folder, 'pages'), isBuilt: true })
    expect(await canConnect('127.0.0.2', Number(new URL(open.url).port))).toBe(true)
    await open.close()
  })

  it.each([['websocket'], ['polling']])('[X40] opens a socket for a page of its own origin only, by %s', async (by) => {
    expect(await opens(by, { origin: live.url })).toBe(true)
    expect(await opens(by, {})).toBe(true)
    for (const origin of ['http://evil.example', `${live.url}0`, 'null', 'file://', ''])
      expect(await opens(by, { origin }), origin).toBe(false)
    expect(await opens(by, { origin: 'http://evil.example', host: 'evil.example' })).toBe(false)
  })

  function opens(transport: string, extraHeaders: Record<string, string>): Promise<boolean> {
    const auth = { visitorId: 'visitor-0001' }
    const options = { auth, transports: [transport], forceNew: true, reconnection: false, extraHeaders }
    const socket = io(`${live.url}/visitor`, options)
    return new Promise((resolve) => {
      socket.on('connect', () => resolve(true))
      socket.on('connect_error', () => resolve(false))
    }).finally(() => socket.disconnect()) as Promise<boolean>
  }
})

describe('the check of origins', () => {
  it('lets a server on all interfaces have any name, and one on loopback a name of loopback', () => {
    const [everywhere, local] = [sameOriginCheck('0.0.0.0'), sameOriginCheck('127.0.0.1')]
    const page = (host: string, origin = `http://${host}`) => ({ headers: { host, origin } })
    expect(everywhere(page('desk.example:8080'))).toBe(true)
    expect(everywhere(page('desk.example', 'https://desk.example'))).toBe(true)
    expect(everywhere(page('desk.example', 'https://other.example'))).toBe(false)
    expect(['localhost:1', '127.0.0.1:1', '[::1]:1', 'evil.example:1'].map((host) => local(page(host)))).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect([everywhere({ headers: {} }), everywhere({ headers: { host: 'not a host' } })]).toEqual([false, false])
  })
})

describe('the queue of reviews', () => {
  const empty: Review = { problems: [], warnings: [], findings: [], runs: [], recordedCount: 0 }

  it('makes one at a time, the newest of each supervisor, and answers null for the others', async () => {
    const queue = new ReviewQueue(() => Promise.resolve())
    const [made, pending] = [[] as string[], new Map<string, () => void>()]
    const review = (supervisor: string, name: string) =>
      queue.review(supervisor, async () => {
        made.push(name)
        await new Promise<void>((resolve) => pending.set(name, resolve))
        if (name === 'b1') throw new Error('fails')
        return { ...empty, recordedCount: made.length }
      })
    const answers = [review('a', 'a1'), review('a', 'a2'), review('b', 'b1'), review('a', 'a3'), review('b', 'b2')]
    expect(made).toEqual(['a1'])
    for (const name of ['a1', 'a3', 'b2']) {
      await vi.waitFor(() => expect(made.at(-1)).toBe(name))
      pending.get(name)?.()
    }
    const recorded = (await Promise.all(answers)).map((answer) => answer?.recordedCount ?? null)
    expect({ made, recorded }).toEqual({ made: ['a1', 'a3', 'b2'], recorded: [1, null, null, 2, 3] })
    const failing = review('b', 'b1')
    pending.get('b1')?.()
    await vi.waitFor(() => expect(made.at(-1)).toBe('b1'))
    pending.get('b1')?.()
    expect(await failing).toBeNull()
  })

  it('pauses after each, and holds fifty', async () => {
    const pauses: number[] = []
    const queue = new ReviewQueue((ms) => Promise.resolve(void pauses.push(ms)))
    const answers = Array.from({ length: 60 }, (_, index) => queue.review(index, async () => empty))
    const made = (await Promise.all(answers)).filter((answer) => answer !== null)
    expect(made).toHaveLength(51)
    expect(pauses.every((ms) => ms >= 0)).toBe(true)
    await vi.waitFor(() => expect(pauses).toHaveLength(51))
  })
})

function canConnect(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host)
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(true))
    socket.on('error', () => resolve(false))
  }).finally(() => socket.destroy()) as Promise<boolean>
}
