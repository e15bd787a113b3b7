import { PGlite } from '@electric-sql/pglite'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Desk, openDesk, systemClock } from '../../src'
import type { EventStore } from '../../src/store'
import { migrate, postgresStore } from '../../src/store/postgres'
import { redisStore } from '../../src/store/redis'
import { eventually } from '../../src/testing/contract/store-fixture'
import { openTestDesk, type TestDesk } from '../desk/test-desk'
import { describeRedis, type RedisServer, redisServer } from './servers/redis-server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const staff = Array.from({ length: 6 }, (_, n) => ({ id: `staff-${n}`, capacity: 50 }))

describeRedis('desks on Redis', () => {
  let server: RedisServer
  const clients: { destroy(): void }[] = []

  beforeAll(async () => {
    server = await redisServer()
  })
  afterAll(async () => {
    for (const client of clients) client.destroy()
    await server?.end()
  })

  describeDesksOn('Redis', async (desk) => {
    const client = await createClient({ url: server.url }).connect()
    clients.push(client)
    return redisStore({ client, desk })
  })
})

describe('desks on PGlite', () => {
  let client: PGlite

  beforeAll(async () => {
    client = await PGlite.create()
    await migrate({ client })
  })
  afterAll(() => client.close())

  describeDesksOn('PGlite', async (desk) => postgresStore({ client, desk }))
})

function describeDesksOn(backend: string, makeStore: (desk: string) => Promise<EventStore>): void {
  it(`opens again on ${backend} in the state in which it was closed`, async () => {
    const desk = await openDesk({ staff, store: await makeStore('closed') })
    await desk.connect('staff-0', 'tab')
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await desk.accept('r1', 'staff-0')
    const before = [desk.portal('staff-0'), desk.awaiting(), desk.version]
    await desk.close()
    const reopened = await openDesk({ staff, store: await makeStore('closed') })
    expect(withoutNow([reopened.portal('staff-0'), reopened.awaiting(), reopened.version])).toEqual(withoutNow(before))
    expect(await reopened.accept('r2', 'staff-0')).toMatchObject({ ok: true })
    await reopened.close()
  })

  it(`gives each of twenty requests one winner, whichever of three nodes on ${backend} receives the accepts`, async () => {
    const testDesks = await threeNodes(makeStore, 'race')
    const nodes = testDesks.map(({ desk }) => desk)
    await Promise.all(staff.map(({ id }, n) => nodes[n % 3]?.connect(id, `tab-${n}`)))
    const requests = Array.from({ length: 20 }, (_, n) => `r${n}`)
    for (const requestId of requests) await nodes[0]?.requestChat({ requestId, visitorId: `v-${requestId}` })
    const races = requests.map(async (requestId) => {
      const accepts = staff.map(({ id }, n) => nodes[n % 3]?.accept(requestId, id))
      const outcomes = await Promise.all(accepts)
      return outcomes.filter((outcome) => outcome?.ok).length
    })
    expect(await Promise.all(races)).toEqual(requests.map(() => 1))
    await sameVersion(testDesks)
    const views = nodes.map((node) => requests.map((requestId) => node.request(requestId)))
    expect(views[1]).toEqual(views[0])
    expect(views[2]).toEqual(views[0])
    await Promise.all(nodes.map((node) => node.close()))
  })

  it(`emits the same rings and stops at every node on ${backend}`, async () => {
    const testDesks = await threeNodes(makeStore, 'rings')
    const [one, two, three] = testDesks.map(({ desk }) => desk)
    await one?.connect('staff-0', 'tab')
    await two?.connect('staff-1', 'tab')
    await three?.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await sameVersion(testDesks)
    await one?.mute('r1', 'staff-0')
    await sameVersion(testDesks)
    await two?.accept('r1', 'staff-1')
    await sameVersion(testDesks)
    const expected = ['ring r1 → staff-0, staff-1', 'stop r1 → staff-0 (muted)', 'stop r1 → staff-1 (accepted)']
    expect(testDesks.map(({ edges }) => edges)).toEqual([expected, expected, expected])
    await Promise.all(testDesks.map(({ desk }) => desk.close()))
  })
}

async function threeNodes(makeStore: (desk: string) => Promise<EventStore>, name: string): Promise<TestDesk[]> {
  const nodes: TestDesk[] = []
  for (let n = 0; n < 3; n += 1)
    nodes.push(await openTestDesk({ staff, store: await makeStore(name), clock: systemClock }))
  return nodes
}

async function sameVersion(nodes: readonly { readonly desk: Desk }[]): Promise<void> {
  const versions = () => nodes.map(({ desk }) => desk.version)
  await eventually(() => new Set(versions()).size === 1, `nodes at one version (${versions()})`)
}

/** Without the instant at which a portal was looked at. */
function withoutNow(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === 'at' ? undefined : part)))
}
