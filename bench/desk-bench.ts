import { type Desk, manualClock, memoryStore, openDesk } from '../src'
import { NaiveHost, type NaiveWorkflow } from './baselines/naive-host'
import { xstateHost } from './baselines/xstate-host'
import { type BenchRow, compare, inTurn, us } from './measure'

const teams = Array.from({ length: 10 }, (_, index) => `team-${index}`)
export const staff = Array.from({ length: 100 }, (_, index) => ({ id: `s${index}`, teams: [`team-${index % 10}`] }))
export const workflows: NaiveWorkflow[] = teams.map((team, index) => ({
  name: `Topic ${index} goes to ${team}`,
  conditions: { all: [{ fact: 'topic', operator: 'equal', value: `topic-${index}` }] },
  event: { type: 'route', params: { to: { team } } },
}))

/** The desk through its public interface: parser, mailbox, memory store, listeners. */
export async function deskBench(isQuick: boolean): Promise<BenchRow[]> {
  return [
    await againstXState(isQuick),
    await againstUnpersistedActors(isQuick),
    await againstNaiveHost(isQuick),
    await withCommandIds(isQuick),
  ]
}

/** Opens a desk on a memory store, which takes snapshots and drops old entries, as in a process that runs for days. */
export async function openBenchDesk(rules: readonly NaiveWorkflow[] = []): Promise<Desk> {
  const unlimited = { sessionLeaseMs: null, openRequestsMax: 1e7, requestsPerMinuteMax: 1e7, capacity: 10_000 }
  const roster = rules.length === 0 ? staff.map(({ id }) => ({ id })) : staff
  const desk = await openDesk({
    staff: roster,
    workflows: rules,
    policy: unlimited,
    store: memoryStore(),
    clock: manualClock(1_800_000_000_000),
  })
  for (const { id } of staff) await desk.connect(id, 'tab')
  return desk
}

async function againstXState(isQuick: boolean): Promise<BenchRow> {
  return {
    name: 'desk: the lifecycle through the public interface, no workflows',
    of: 'lifecycles a second, compared with one XState actor for each request',
    goal: { atLeast: 7 },
    ...(await compareWithActors(isQuick, true)),
  }
}

/** The same without the persisted snapshots, by which a host could restore its actors. */
async function againstUnpersistedActors(isQuick: boolean): Promise<BenchRow> {
  return {
    name: 'desk: the same, compared with actors that cannot be restored',
    of: 'lifecycles a second, compared with one XState actor for each request that is not persisted',
    goal: { atLeast: 5 },
    ...(await compareWithActors(isQuick, false)),
  }
}

async function compareWithActors(isQuick: boolean, isPersisted: boolean): Promise<Pick<BenchRow, 'ratio' | 'note'>> {
  let edges = 0
  const desk = await openBenchDesk()
  desk.on('ring', () => (edges += 1))
  desk.on('stop', () => (edges += 1))
  const ids = staff.map(({ id }) => id)
  const host = xstateHost(ids, { isPersisted })
  host.on('ring', () => (edges += 1))
  host.on('stop', () => (edges += 1))
  const { ratio, oursUs, theirsUs } = await compare({
    ours: inTurn((life) => lifecycle(desk, life)),
    theirs: inTurn(async (life) => {
      const requestId = `r${life}`
      await host.requestChat({ requestId, visitorId: `v${life}`, facts: {} })
      await host.mute(requestId, 's1')
      await host.mute(requestId, 's2')
      await host.accept(requestId, 's3')
      await host.end(requestId)
    }),
    times: isQuick ? 2_000 : 10_000,
    rounds: isQuick ? 3 : 9,
  })
  return {
    ratio: 1 / ratio,
    note: `${us(oursUs)} and ${us(theirsUs)}; ${edges > 0 ? 'both report every edge' : 'nothing edges'}`,
  }
}

async function againstNaiveHost(isQuick: boolean): Promise<BenchRow> {
  let edges = 0
  const desk = await openBenchDesk(workflows)
  desk.on('ring', () => (edges += 1))
  desk.on('stop', () => (edges += 1))
  const host = new NaiveHost(staff, workflows)
  host.on('ring', () => (edges += 1))
  host.on('stop', () => (edges += 1))
  const { ratio, oursUs, theirsUs } = await compare({
    ours: inTurn((life) => routedLifecycle(desk, life)),
    theirs: inTurn((life) => naiveLifecycle(host, life)),
    times: isQuick ? 2_000 : 10_000,
    rounds: isQuick ? 3 : 9,
  })
  return {
    name: 'desk: with ten workflows, each request matching one',
    of: 'lifecycles a second, compared with a naive hand-written host',
    ratio: 1 / ratio,
    goal: { atLeast: 1 },
    note: `${us(oursUs)} and ${us(theirsUs)}; ${edges > 0 ? 'both report every edge' : 'nothing edges'}`,
  }
}

/** Ids of commands are remembered, and forgotten after 10 000 others: both sides run long enough for that. */
async function withCommandIds(isQuick: boolean): Promise<BenchRow> {
  const [named, unnamed] = [await openBenchDesk(), await openBenchDesk()]
  const { ratio, oursUs, theirsUs } = await compare({
    ours: inTurn((life) => lifecycle(named, life, true)),
    theirs: inTurn((life) => lifecycle(unnamed, life)),
    times: isQuick ? 4_000 : 10_000,
    rounds: isQuick ? 3 : 9,
  })
  return {
    name: 'desk: the lifecycle with an id for every command',
    of: 'CPU time of a lifecycle of five commands, compared with commands without ids',
    ratio,
    goal: { atMost: 1.1 },
    note: `${us(oursUs)} and ${us(theirsUs)}`,
  }
}

async function lifecycle(desk: Desk, index: number, isNamed = false): Promise<void> {
  const requestId = `r${index}`
  const idOf = (step: number) => (isNamed ? { commandId: `${requestId} ${step}` } : {})
  await desk.requestChat({ requestId, visitorId: `v${index}`, facts: {}, ...idOf(1) })
  await desk.mute(requestId, 's1', idOf(2))
  await desk.mute(requestId, 's2', idOf(3))
  await desk.accept(requestId, 's3', idOf(4))
  await desk.end(requestId, idOf(5))
}

export async function routedLifecycle(desk: Desk, index: number): Promise<void> {
  const requestId = `r${index}`
  const team = index % 10
  await desk.requestChat({ requestId, visitorId: `v${index}`, facts: { topic: `topic-${team}` } })
  await desk.mute(requestId, `s${team}`)
  await desk.mute(requestId, `s${team + 10}`)
  await desk.accept(requestId, `s${team + 20}`)
  await desk.end(requestId)
}

export async function naiveLifecycle(host: NaiveHost, index: number): Promise<void> {
  const requestId = `r${index}`
  const team = index % 10
  await host.requestChat(requestId, { topic: `topic-${team}` })
  await host.mute(requestId, `s${team}`)
  await host.mute(requestId, `s${team + 10}`)
  await host.accept(requestId, `s${team + 20}`)
  await host.end(requestId)
}
