import { completeRoute, type RoutingResult } from '../src/core'
import { BaselineDesk } from './baselines/baseline-desk'
import { CoreDesk } from './core-desk'
import { type BenchRow, collectGarbage, compare, median, microsecondsOf, us } from './measure'

const staffCount = 100

/** The core against a baseline of plain Maps, against itself with many open requests, and its memory. */
export async function coreBench(isQuick: boolean): Promise<BenchRow[]> {
  return [
    await againstBaseline(isQuick),
    await withManyOpen(isQuick),
    ...memory(),
    await manyDeadlines(isQuick),
    await manyStaff(isQuick),
    await comingOnline(isQuick),
  ]
}

async function againstBaseline(isQuick: boolean): Promise<BenchRow> {
  let edges = 0
  const desk = createCoreDesk(() => (edges += 1))
  const baseline = new BaselineDesk(() => (edges += 1))
  for (let index = 0; index < staffCount; index += 1) baseline.connect(`s${index}`, 1e6)
  let coreLife = 0
  let baselineLife = 0
  const { ratio, oursUs, theirsUs } = await compare({
    ours: (times) => {
      for (const end = coreLife + times; coreLife < end; coreLife += 1) lifecycle(desk, coreLife)
      desk.events.length = 0
    },
    theirs: (times) => {
      for (const end = baselineLife + times; baselineLife < end; baselineLife += 1)
        baselineLifecycle(baseline, baselineLife)
      baseline.events.length = 0
      baseline.closed.clear()
    },
    times: isQuick ? 4_000 : 20_000,
    rounds: isQuick ? 5 : 15,
  })
  return {
    name: 'core: ring-all to 100 staff, two mutes, an accept, an end',
    of: 'lifecycles a second, compared with the hand-written baseline',
    ratio: 1 / ratio,
    goal: { atLeast: 0.4 },
    note: `${us(oursUs)} a lifecycle, the baseline ${us(theirsUs)}; ${edges > 0 ? 'both report every edge' : 'no edge reported'}`,
  }
}

async function withManyOpen(isQuick: boolean): Promise<BenchRow> {
  const open = isQuick ? 20_000 : 100_000
  const empty = createCoreDesk(() => {})
  const full = createCoreDesk(() => {})
  for (let index = 0; index < open; index += 1) full.open(`open-${index}`, `open-visitor-${index}`)
  let emptyLife = 0
  let fullLife = 0
  const { ratio, oursUs, theirsUs } = await compare({
    ours: (times) => {
      for (const end = fullLife + times; fullLife < end; fullLife += 1) lifecycle(full, fullLife)
      full.events.length = 0
    },
    theirs: (times) => {
      for (const end = emptyLife + times; emptyLife < end; emptyLife += 1) lifecycle(empty, emptyLife)
      empty.events.length = 0
    },
    times: isQuick ? 4_000 : 20_000,
    rounds: isQuick ? 5 : 15,
  })
  return {
    name: `core: the same lifecycle with ${open.toLocaleString('en')} requests open`,
    of: 'lifecycles a second, compared with none open',
    ratio: 1 / ratio,
    goal: { atLeast: 0.7 },
    note: `${us(oursUs)} and ${us(theirsUs)}`,
  }
}

/** Bytes of heap for one more open request, without ids and facts. The only row that is not a ratio. */
function memory(): BenchRow[] {
  return [100, 10_000].map((staff) => {
    const count = 100_000
    const desk = createCoreDesk(() => {}, staff)
    const ids = Array.from({ length: count }, (_, index) => [`m-${index}`, `mv-${index}`] as const)
    const keep = desk.events.length
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    for (const [requestId, visitorId] of ids) {
      desk.open(requestId, visitorId)
      desk.events.length = keep
    }
    collectGarbage()
    const bytes = (process.memoryUsage().heapUsed - before) / count
    return {
      name: `core: heap for one more open request, ${staff.toLocaleString('en')} staff`,
      of: 'bytes beyond ids and facts (not a ratio)',
      ratio: bytes,
      goal: { atMost: 250 },
      note: `${desk.state.requests.size.toLocaleString('en')} open`,
    }
  })
}

async function manyDeadlines(isQuick: boolean): Promise<BenchRow> {
  const desks = [1_000, isQuick ? 20_000 : 100_000].map((open) => {
    const desk = createCoreDesk(() => {}, 2)
    for (let index = 0; index < open; index += 1) {
      desk.at += 1
      desk.open(`open-${index}`, `open-visitor-${index}`)
    }
    return { desk, next: 0 }
  })
  const snoozes = (which: number) => (times: number) => {
    const one = desks[which]
    if (one === undefined) return
    for (let index = 0; index < times; index += 1) {
      const requestId = `open-${(one.next * 7919) % 1_000}`
      one.desk.execute({ type: 'snooze', requestId, staffId: 's0', forMs: 60_000 + (one.next % 977), at: one.desk.at })
      one.desk.execute({ type: 'unmute', requestId, staffId: 's0', at: one.desk.at })
      one.next += 1
    }
    one.desk.events.length = 0
  }
  const { ratio, oursUs, theirsUs } = await compare({
    ours: snoozes(1),
    theirs: snoozes(0),
    times: isQuick ? 4_000 : 20_000,
    rounds: isQuick ? 5 : 11,
  })
  return {
    name: 'deadlines: snooze and unmute with 100,000 deadlines pending',
    of: 'time of an operation, compared with 1,000',
    ratio,
    goal: { atMost: 2 },
    note: `${us(oursUs)} and ${us(theirsUs)}`,
  }
}

async function manyStaff(isQuick: boolean): Promise<BenchRow> {
  const routingResult = selective()
  const offers = [100, 10_000].map((staff) => ({ desk: createCoreDesk(() => {}, staff), next: 0 }))
  const acceptOffers = (which: number) => (times: number) => {
    const one = offers[which]
    if (one === undefined) return
    for (let index = 0; index < times; index += 1) {
      one.desk.at += 1
      const requestId = `o-${one.next}`
      one.desk.open(requestId, `ov-${one.next}`, routingResult)
      const event = one.desk.events.findLast(({ type }) => type === 'offer.made')
      const staffId = event?.type === 'offer.made' ? (event.staffIds[0] ?? '') : ''
      one.desk.execute({ type: 'accept', requestId, staffId, at: one.desk.at })
      one.desk.execute({ type: 'end', requestId, at: one.desk.at })
      one.next += 1
      one.desk.events.length = 0
    }
  }
  const { ratio, oursUs, theirsUs } = await compare({
    ours: acceptOffers(1),
    theirs: acceptOffers(0),
    times: isQuick ? 2_000 : 10_000,
    rounds: isQuick ? 5 : 11,
  })
  return {
    name: 'offering: longest-idle with 10,000 present staff',
    of: 'time of an offer, accept and end, compared with 100',
    ratio,
    goal: { atMost: 5 },
    note: `${us(oursUs)} and ${us(theirsUs)}`,
  }
}

/** The time of an edge must not grow with the number of waiting requests. */
async function comingOnline(isQuick: boolean): Promise<BenchRow> {
  const perEdge = async (waiting: number) => {
    const samples: number[] = []
    for (let round = 0; round < (isQuick ? 2 : 3); round += 1) {
      let edges = 0
      const staff = 1_000
      const desk = new CoreDesk(() => (edges += 1))
      for (let index = 0; index < staff; index += 1)
        desk.execute({ type: 'setStaff', staff: { id: `s${index}` }, at: desk.at })
      for (let index = 0; index < waiting; index += 1) desk.open(`w-${index}`, `wv-${index}`)
      const total = await microsecondsOf(() => {
        for (let index = 0; index < staff; index += 1) {
          desk.execute({ type: 'connect', staffId: `s${index}`, sessionId: 'tab', at: desk.at })
        }
      }, 1)
      samples.push(total / edges)
    }
    return median(samples)
  }
  const few = await perEdge(100)
  const many = await perEdge(1_000)
  return {
    name: 'presence: 1,000 staff come online while 1,000 requests wait',
    of: 'time of an edge, compared with 100 waiting (1 is proportional to the edges)',
    ratio: many / few,
    goal: { atMost: 1.5 },
    note: `${us(many)} and ${us(few)} an edge`,
  }
}

function createCoreDesk(onEdge: () => void, staff = staffCount): CoreDesk {
  const desk = new CoreDesk(onEdge)
  for (let index = 0; index < staff; index += 1) {
    desk.at += 1
    desk.connect(`s${index}`)
  }
  return desk
}

/** The work of both the baseline and the core; test/bench compares their edges. */
export function lifecycle(desk: CoreDesk, index: number): void {
  const requestId = `r${index}`
  const { at } = desk
  desk.open(requestId, `v${index}`)
  desk.execute({ type: 'mute', requestId, staffId: 's1', at })
  desk.execute({ type: 'mute', requestId, staffId: 's2', at })
  desk.execute({ type: 'accept', requestId, staffId: `s${3 + (index % 97)}`, at })
  desk.execute({ type: 'end', requestId, at })
}

export function baselineLifecycle(baseline: BaselineDesk, index: number): void {
  const requestId = `r${index}`
  const at = 1_800_000_000_000
  baseline.requestChat(requestId, `v${index}`, {}, at)
  baseline.mute(requestId, 's1', at)
  baseline.mute(requestId, 's2', at)
  baseline.accept(requestId, `s${3 + (index % 97)}`, at)
  baseline.end(requestId, at)
}

function selective(): RoutingResult {
  const route = completeRoute({ to: 'everyone', ring: { order: 'longest-idle' } })
  return { workflow: null, route, priority: 0, tags: [] }
}
