import { Redis } from 'ioredis'
import { startLocalRedis } from '../../examples/cluster/local-redis'
import type { Desk } from '../../src'
import { openDeskWithEnvironment } from '../../src/desk/open-desk'
import { redisStore } from '../../src/store/redis'
import { delay } from '../../src/testing/contract/store-fixture'
import { type BenchRow, median } from '../measure'
import { bullmqLifecycles } from './bullmq'
import { farNodeRows } from './far-nodes'
import { memoryStoreBench } from './memory-store'

const staff = Array.from({ length: 30 }, (_, index) => ({ id: `s${index}`, capacity: 10_000 }))
const policy = { sessionLeaseMs: null, openRequestsMax: 1e7, requestsPerMinuteMax: 1e7, remindAfterMs: null }

/** Several nodes on one Redis, started here. Without a redis-server, only the rows that do not need it. */
export async function clusterBench(isQuick: boolean): Promise<BenchRow[]> {
  const redis = await startLocalRedis()
  const rows = [await memoryStoreBench(isQuick)]
  if (redis === null) {
    console.error('cluster: redis-server is not installed, most rows are left out: apt-get install redis-server')
    return rows
  }
  const clients: Redis[] = []
  const client = () => {
    const made = new Redis(redis.url, { autoResendUnfulfilledCommands: false })
    clients.push(made)
    return made
  }
  try {
    rows.push(...(await raceRows(client, isQuick)))
    rows.push(await throughputRow(client, isQuick))
    rows.push(await groupRow(client, isQuick))
    rows.push(...(await openingRows(client)))
    rows.push(...(await farNodeRows(redis.url, isQuick)))
    rows.push(await bullmqRow(client, redis.url, isQuick))
  } finally {
    for (const each of clients) each.disconnect()
    redis.close()
  }
  return rows
}

type MakeClient = () => Redis
/** Prevents snapshots except those that a row saves. */
const snapshotEntries = 1e9

async function nodes(client: MakeClient, name: string, count: number, commandsMax = 64): Promise<Desk[]> {
  const opened: Desk[] = []
  for (let index = 0; index < count; index += 1) {
    const store = redisStore({ client: client(), desk: name, durability: 'memory' })
    opened.push(
      await openDeskWithEnvironment(
        { nodeOptions: { commandsPerEntryMax: commandsMax, entriesBetweenSnapshotsMin: snapshotEntries } },
        { store, staff, policy },
      ),
    )
  }
  await Promise.all(staff.map(({ id }, index) => opened[index % count]?.connect(id, 'tab')))
  return opened
}

/** 20 requests a second, 30 concurrent accepts of each over three nodes: the time until another node emits the stop. */
async function raceRows(client: MakeClient, isQuick: boolean): Promise<BenchRow[]> {
  const desks = await nodes(client, 'race', 3)
  const sentAt = new Map<string, number>()
  const durationsMs: number[] = []
  for (const desk of desks) {
    desk.on('stop', ({ requestId, by }) => {
      const winner = desks[Number(by?.slice(1)) % desks.length]
      const startedAt = sentAt.get(requestId)
      if (winner !== desk && startedAt !== undefined) durationsMs.push(performance.now() - startedAt)
    })
  }
  for (let index = 0; index < (isQuick ? 40 : 300); index += 1) {
    const requestId = `r${index}`
    await desks[index % 3]?.requestChat({ requestId, visitorId: `v${index}` })
    sentAt.set(requestId, performance.now())
    const accepts = staff.map(({ id }, person) => desks[person % 3]?.accept(requestId, id))
    await Promise.all([...accepts, delay(50)])
    void desks[0]?.end(requestId)
  }
  for (const desk of desks) await desk.close()
  const sorted = durationsMs.sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  const note = `${sorted.length} stops at nodes other than the winner's, three nodes in one process`
  const name = 'cluster: from accept to the stop at another node, 30 concurrent accepts of each of 20 requests a second'
  return [
    { name: `${name}, median`, of: 'milliseconds', ratio: at(0.5), goal: { atMost: 5 }, note },
    { name: `${name}, 99th percentile`, of: 'milliseconds', ratio: at(0.99), goal: { atMost: 50 }, note },
  ]
}

async function throughputRow(client: MakeClient, isQuick: boolean): Promise<BenchRow> {
  const desks = await nodes(client, 'many', 3)
  const rate = await lifecyclesPerSecond(desks, isQuick ? 200 : 1_500, 50)
  for (const desk of desks) await desk.close()
  return {
    name: 'cluster: requests of one desk over three nodes, 50 in flight',
    of: 'requests a second',
    ratio: rate,
    goal: { atLeast: 100 },
    note: 'request, accept and end, each at another node',
  }
}

async function groupRow(client: MakeClient, isQuick: boolean): Promise<BenchRow> {
  const rates: { together: number; alone: number }[] = []
  for (let round = 0; round < roundsOf(isQuick); round += 1) {
    const count = isQuick ? 200 : 1_000
    const together = await nodes(client, `together-${round}`, 3)
    const alone = await nodes(client, `alone-${round}`, 3, 1)
    const pair = { together: await lifecyclesPerSecond(together, count, 200), alone: 0 }
    pair.alone = await lifecyclesPerSecond(alone, count, 200)
    rates.push(pair)
    for (const desk of [...together, ...alone]) await desk.close()
  }
  const [together, alone] = [median(rates.map((rate) => rate.together)), median(rates.map((rate) => rate.alone))]
  return {
    name: 'cluster: waiting commands appended together',
    of: 'requests a second, compared with one command in each entry',
    ratio: median(rates.map((rate) => rate.together / rate.alone)),
    goal: { atLeast: 4 },
    note: `${together.toFixed(0)} and ${alone.toFixed(0)} a second, three nodes, 200 in flight`,
  }
}

async function openingRows(client: MakeClient): Promise<BenchRow[]> {
  const [desk] = await nodes(client, 'opening', 1)
  if (desk === undefined) return []
  for (let index = 0; desk.version < 10_000; index += 1) {
    await desk.requestChat({ requestId: `r${index}`, visitorId: `v${index}` })
    await desk.accept(`r${index}`, 's1')
    await desk.end(`r${index}`)
  }
  const whole = redisStore({ client: client(), desk: 'opening', durability: 'memory' })
  if ((await whole.loadSnapshot()) !== null) throw new Error('expected a store without a snapshot')
  const entries = await openingMs(client)
  await whole.saveSnapshot(desk.snapshot())
  const snapshot = await openingMs(client)
  await desk.close()
  const note = `${desk.version} entries, median of 5`
  return [
    { name: 'cluster: opening from 10 000 entries', of: 'milliseconds', ratio: entries, goal: { atMost: 500 }, note },
    { name: 'cluster: opening from a snapshot', of: 'milliseconds', ratio: snapshot, goal: { atMost: 100 }, note },
  ]
}

async function openingMs(client: MakeClient): Promise<number> {
  const durationsMs: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const store = redisStore({ client: client(), desk: 'opening', durability: 'memory' })
    const startedAt = performance.now()
    const desk = await openDeskWithEnvironment(
      { nodeOptions: { entriesBetweenSnapshotsMin: snapshotEntries } },
      { store },
    )
    durationsMs.push(performance.now() - startedAt)
    await desk.close()
  }
  return median(durationsMs)
}

async function bullmqRow(client: MakeClient, url: string, isQuick: boolean): Promise<BenchRow> {
  const count = isQuick ? 500 : 3_000
  const pairs: { ours: number; theirs: number }[] = []
  for (let round = 0; round < roundsOf(isQuick); round += 1) {
    const desks = await nodes(client, `bullmq-${round}`, 1)
    const ours = await lifecyclesPerSecond(desks, count, 50)
    const theirs = await bullmqLifecycles(url, count, 50)
    pairs.push({ ours, theirs })
    for (const desk of desks) await desk.close()
  }
  const [ours, theirs] = [median(pairs.map((pair) => pair.ours)), median(pairs.map((pair) => pair.theirs))]
  return {
    name: 'cluster: a request from opened to ended, compared with a BullMQ job from added to completed',
    of: 'lifecycles a second, compared with BullMQ on the same Redis',
    ratio: median(pairs.map((pair) => pair.ours / pair.theirs)),
    goal: { atLeast: 5 },
    note: `${ours.toFixed(0)} and ${theirs.toFixed(0)} a second, 50 in flight, one process`,
  }
}

/** Requests, accepts and ends chats, with `inFlight` at once, each command at the next node. */
async function lifecyclesPerSecond(desks: readonly Desk[], count: number, inFlight: number): Promise<number> {
  let next = 0
  const at = (index: number) => desks[index % desks.length]
  const startedAt = performance.now()
  const one = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const requestId = `l${index}`
      await at(index)?.requestChat({ requestId, visitorId: `l${index}` })
      await at(index + 1)?.accept(requestId, `s${index % staff.length}`)
      await at(index + 2)?.end(requestId)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  return (count * 1_000) / (performance.now() - startedAt)
}

/** Enough rounds that the median is of warm code on both sides. */
function roundsOf(isQuick: boolean): number {
  return isQuick ? 3 : 7
}
