import { Redis } from 'ioredis'
import { type Desk, openDesk } from '../../src'
import { redisStore } from '../../src/store/redis'
import { delay } from '../../src/testing/contract/store-fixture'
import { TcpProxy } from '../../test/cluster/chaos/tcp-proxy'
import type { BenchRow } from '../measure'

const staff = [{ id: 'ana', capacity: 10_000 }]
const policy = { sessionLeaseMs: null, openRequestsMax: 1e7, requestsPerMinuteMax: 1e7, remindAfterMs: null }
const roundTripMs = 200
const nearPerSecond = 25
const farPerSecond = 10

interface BenchNode {
  readonly desk: Desk
  readonly commandsPerSecond: number
  readonly answeredAfterMs: number[]
  failures: number
}

/** Two near nodes and two that are 200 ms from Redis, each with commands at regular intervals. */
export async function farNodeRows(url: string, isQuick: boolean): Promise<BenchRow[]> {
  const { port } = new URL(url)
  const proxy = await TcpProxy.connect(Number(port))
  proxy.delayMs = roundTripMs / 2
  const clients: Redis[] = []
  const open = async (at: number, commandsPerSecond: number): Promise<BenchNode> => {
    const client = new Redis(`redis://127.0.0.1:${at}`, { autoResendUnfulfilledCommands: false })
    clients.push(client)
    const desk = await openDesk({ store: redisStore({ client, desk: 'far', durability: 'memory' }), staff, policy })
    return { desk, commandsPerSecond, answeredAfterMs: [], failures: 0 }
  }
  const near = [await open(Number(port), nearPerSecond), await open(Number(port), nearPerSecond)]
  const far = [await open(proxy.port, farPerSecond), await open(proxy.port, farPerSecond)]
  const seconds = isQuick ? 5 : 30
  await Promise.all([...near, ...far].map((node, index) => issueCommands(node, index, seconds)))
  for (const { desk } of [...near, ...far]) await desk.close()
  for (const client of clients) client.disconnect()
  proxy.close()
  return [...rowsOf('far', far, seconds, 2_500), ...rowsOf('near', near, seconds, 500)]
}

async function issueCommands(node: BenchNode, index: number, seconds: number): Promise<void> {
  const answers: Promise<void>[] = []
  for (let count = 0; count < node.commandsPerSecond * seconds; count += 1) {
    const id = `${index}-${count}`
    const startedAt = performance.now()
    answers.push(
      node.desk.requestChat({ requestId: id, visitorId: id }).then(({ ok }) => {
        node.answeredAfterMs.push(performance.now() - startedAt)
        if (!ok) node.failures += 1
      }),
    )
    await delay(1_000 / node.commandsPerSecond)
  }
  await Promise.all(answers)
}

function rowsOf(place: 'near' | 'far', nodes: readonly BenchNode[], seconds: number, atMost: number): BenchRow[] {
  const sorted = nodes.flatMap(({ answeredAfterMs }) => answeredAfterMs).sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
  const failures = nodes.reduce((sum, node) => sum + node.failures, 0)
  const offered = nodes.reduce((sum, { commandsPerSecond }) => sum + commandsPerSecond, 0)
  const name = `cluster: two nodes near Redis and two ${roundTripMs} ms away`
  const note = `median ${at(0.5).toFixed(0)} ms, longest ${at(1).toFixed(0)} ms of ${sorted.length} commands, ${failures} refused`
  const answered = (sorted.length - failures) / seconds
  return [
    {
      name: `${name}: a command at a ${place} one, 99th percentile`,
      of: 'milliseconds',
      ratio: at(0.99),
      goal: { atMost },
      note,
    },
    {
      name: `${name}: commands of the ${place} ones`,
      of: 'answered for each second of load',
      ratio: answered,
      goal: { atLeast: offered },
      note: `${offered} a second were given`,
    },
  ]
}
