import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Cluster, startCluster } from '../../examples/cluster/cluster'
import type { ChatLine, VisitorState } from '../../examples/live-desk/chat/chat-protocol'
import { createPortal, type Portal } from '../../src/portal'
import { isCampaign } from '../campaign'
import { describeRedis, type RedisServer, redisServer } from '../store/servers/redis-server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describeRedis('the live desk as three processes', () => {
  let redis: RedisServer
  let cluster: Cluster
  const outDir = mkdtempSync(join(tmpdir(), 'frontbell-cluster-'))
  const sockets: Socket[] = []

  beforeAll(async () => {
    redis = await redisServer()
    cluster = await startCluster({ port: 0, redisUrl: redis.url, outDir })
  })
  afterAll(async () => {
    for (const socket of sockets) socket.disconnect()
    await cluster?.close()
    await redis?.end()
    rmSync(outDir, { recursive: true, force: true })
  })

  it('[ND7] continues a chat while its processes are killed one after the other', async () => {
    const ana = staff('ana')
    const visitor = shopper('visitor-0001')
    await visitor.requestsChat({ name: 'Maya', topic: 'server', question: 'Is anybody there?' })
    await expect.poll(() => ana.view().ringing.length, { timeout: 60_000 }).toBe(1)
    const requestId = ana.view().ringing[0]?.requestId ?? ''
    expect(await ana.portal.execute({ type: 'accept', requestId })).toMatchObject({ ok: true })
    await expect.poll(() => visitor.state().phase, { timeout: 60_000 }).toBe('chatting')
    for (const [round, pid] of cluster.pids().entries()) {
      process.kill(pid, 'SIGKILL')
      const text = `sent after ${round + 1} kills`
      await expect.poll(() => visitor.sends(text), { timeout: 60_000, interval: 200 }).toBe(true)
      await expect.poll(() => ana.received(requestId, text), { timeout: 60_000, interval: 200 }).toBe(true)
      await expect.poll(() => ana.view().connection, { timeout: 60_000 }).toBe('live')
      expect(ana.view().chats.map((chat) => chat.requestId)).toEqual([requestId])
      await expect.poll(() => cluster.pids().length, { timeout: 60_000 }).toBe(3)
    }
    expect(visitor.state().lines.map(({ text }) => text)).toContain('Is anybody there?')
  })

  it.runIf(isCampaign)('[ND28] rings for a waiting visitor while another process is killed and started', async () => {
    const bo = staff('bo')
    const visitor = shopper('visitor-0002')
    await visitor.requestsChat({ name: 'Noor', topic: 'billing', question: 'And now?' })
    const isRinging = () => bo.view().ringing.some(({ visitorId }) => visitorId === 'visitor-0002')
    await expect.poll(isRinging, { timeout: 60_000 }).toBe(true)
    const [pid] = cluster.pids()
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
    await expect.poll(() => cluster.pids().includes(pid ?? 0), { timeout: 60_000 }).toBe(false)
    await expect.poll(() => cluster.pids().length, { timeout: 60_000 }).toBe(3)
    await expect.poll(isRinging, { timeout: 60_000 }).toBe(true)
    for (let second = 0; second < 15; second += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      expect(isRinging()).toBe(true)
    }
  })

  function opened(namespace: string, auth: object): Socket {
    const socket = io(`${cluster.url}${namespace}`, { auth, transports: ['websocket'], forceNew: true })
    sockets.push(socket)
    return socket
  }

  function staff(staffId: string) {
    const socket = opened('/staff', { staffId })
    const portal: Portal = createPortal(staffId)
    let connection = portal.open((message) => void socket.emit('desk', message))
    socket.on('connect', () => {
      connection = portal.open((message) => void socket.emit('desk', message))
    })
    socket.on('disconnect', () => connection.close())
    socket.on('desk', (message, acknowledge: () => void) => {
      connection.receive(message)
      acknowledge()
    })
    const received = async (requestId: string, text: string): Promise<boolean> => {
      const lines: readonly ChatLine[] = await socket
        .timeout(2_000)
        .emitWithAck('lines', requestId)
        .catch(() => [])
      return lines.some((line) => line.text === text)
    }
    return { portal, view: () => portal.getSnapshot(), received }
  }

  function shopper(visitorId: string) {
    const socket = opened('/visitor', { visitorId, facts: { page: '/' } })
    let state: VisitorState = { phase: 'none', position: null, staffName: null, lines: [] }
    socket.on('state', (next: VisitorState) => {
      state = next
    })
    const sends = (text: string): boolean => {
      if (!socket.connected) return false
      if (!state.lines.some((line) => line.text === text)) socket.emit('write', text)
      return state.lines.some((line) => line.text === text)
    }
    return {
      state: () => state,
      sends,
      requestsChat: (facts: object) => socket.timeout(60_000).emitWithAck('request', facts),
    }
  }
})
