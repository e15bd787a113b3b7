import { type Desk, manualClock, memoryStore, openDesk } from '../src'
import { serveStaff } from '../src/host'
import { delay } from '../src/testing/contract/store-fixture'
import { type BenchRow, compare, type Goal, inTurn, us, type Work } from './measure'

/** What the screens of a desk cost: from a command to the texts that are given to the sockets. */
export async function screensBench(isQuick: boolean): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const { staffCount, openCount, goal } of besideByHand) {
    rows.push(await besideByHandRow({ staffCount, openCount }, goal, isQuick))
  }
  rows.push(await besideNoneOpenRow(isQuick), await besideTeamAloneRow(isQuick))
  return rows
}

interface DeskSize {
  readonly staffCount: number
  readonly openCount: number
  /** The requests go to a team of this many; left out: to everyone. */
  readonly teamCount?: number
}

const besideByHand: readonly (DeskSize & { readonly goal: Goal })[] = [
  { staffCount: 1_000, openCount: 100, goal: { atMost: 1.5 } },
  { staffCount: 10_000, openCount: 100, goal: { atMost: 2 } },
]

async function besideByHandRow(size: DeskSize, goal: Goal, isQuick: boolean): Promise<BenchRow> {
  const [served, byHand] = [await openScreens(size), await openByHand(size)]
  const { ratio, oursUs, theirsUs } = await compare({
    ours: served.live,
    theirs: byHand.live,
    ...timesOf(size, isQuick),
  })
  const edges = `${us(oursUs)} and ${us(theirsUs)} for a request, an accept and an end`
  return {
    name: `screens: ${size.staffCount.toLocaleString('en')} screens, ${size.openCount} requests open`,
    of: 'CPU time of a request’s life to the text for each socket, compared with rings and stops pushed by hand',
    ratio,
    goal,
    note: `${edges}; ${served.textCount()} and ${byHand.textCount()} texts`,
  }
}

async function besideNoneOpenRow(isQuick: boolean): Promise<BenchRow> {
  const size = { staffCount: 1_000, openCount: 1_000 }
  const [many, none] = [await openScreens(size), await openScreens({ ...size, openCount: 0 })]
  const { ratio, oursUs, theirsUs } = await compare({
    ours: many.live,
    theirs: none.live,
    ...timesOf(size, isQuick),
  })
  return {
    name: 'screens: 1,000 screens, 1,000 requests open',
    of: 'CPU time of a request’s life, compared with none open',
    ratio,
    goal: { atMost: 1.2 },
    note: `${us(oursUs)} and ${us(theirsUs)}`,
  }
}

async function besideTeamAloneRow(isQuick: boolean): Promise<BenchRow> {
  const teamCount = 20
  const size = { staffCount: 1_000, openCount: 100, teamCount }
  const [among, alone] = [await openScreens(size), await openScreens({ ...size, staffCount: teamCount })]
  const { ratio, oursUs, theirsUs } = await compare({
    ours: among.live,
    theirs: alone.live,
    ...timesOf({ staffCount: teamCount, openCount: 100 }, isQuick),
  })
  return {
    name: 'screens: requests of a team of 20 among 1,000 screens',
    of: 'CPU time of a request’s life, compared with 20 screens alone',
    ratio,
    goal: { atMost: 2 },
    note: `${us(oursUs)} and ${us(theirsUs)}`,
  }
}

function timesOf({ staffCount }: DeskSize, isQuick: boolean) {
  const times = Math.max(20, Math.round(200_000 / staffCount / (isQuick ? 4 : 1)))
  return { times: Math.min(times, 500), rounds: isQuick ? 3 : 5, warm: Math.min(times, 50) }
}

interface Side {
  readonly live: Work
  textCount(): number
}

/** Texts that are given to a socket. A real one would write them to the network. */
class Sockets {
  readonly #bytes = new Map<string, number>()
  count = 0

  push(staffId: string, text: string): void {
    this.count += 1
    this.#bytes.set(staffId, (this.#bytes.get(staffId) ?? 0) + text.length)
  }
}

async function openScreens(size: DeskSize): Promise<Side> {
  const { desk, staffIds } = await openStaffedDesk(size)
  const sockets = new Sockets()
  const server = serveStaff(desk, { flushMs: 0, pingIntervalMs: 3_600_000 })
  for (const staffId of staffIds) {
    server.attach({ staffId, send: (_message, text) => sockets.push(staffId, text()) })
  }
  await desk.idle()
  await openRequests(desk, size)
  await delivered()
  return { live: lives(desk, staffIds), textCount: () => sockets.count }
}

async function openByHand(size: DeskSize): Promise<Side> {
  const { desk, staffIds } = await openStaffedDesk(size)
  const sockets = new Sockets()
  for (const staffId of staffIds) await desk.connect(staffId, 'tab')
  await openRequests(desk, size)
  desk.on('ring', ({ staffIds, ...ring }) => {
    const text = JSON.stringify({ type: 'ring', ...ring })
    for (const staffId of staffIds) sockets.push(staffId, text)
  })
  desk.on('stop', ({ staffIds, ...stop }) => {
    const text = JSON.stringify({ type: 'stop', ...stop })
    for (const staffId of staffIds) sockets.push(staffId, text)
  })
  return { live: lives(desk, staffIds), textCount: () => sockets.count }
}

async function openStaffedDesk({ staffCount, teamCount = staffCount }: DeskSize) {
  const staff = Array.from({ length: staffCount }, (_, index) => ({
    id: `s${index}`,
    teams: [index < teamCount ? 'asked' : 'others'],
  }))
  const workflows = [
    {
      name: 'All go to the team',
      conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'any' }] },
      event: { type: 'route', params: { to: teamCount === staffCount ? 'everyone' : { team: 'asked' } } },
    },
  ]
  const desk = await openDesk({
    staff,
    workflows,
    policy: { sessionLeaseMs: null, requestsPerMinuteMax: 1e7, capacity: 5 },
    store: memoryStore(),
    clock: manualClock(1_800_000_000_000),
  })
  return { desk, staffIds: staff.slice(0, staffCount).map(({ id }) => id) }
}

async function openRequests(desk: Desk, { openCount }: DeskSize): Promise<void> {
  for (let index = 0; index < openCount; index += 1) {
    await desk.requestChat({ requestId: `o${index}`, visitorId: `ov${index}`, facts: { topic: 'any' } })
  }
}

/** Returns what lives requests: each rings, is accepted by the next of 20 people, and ends; its texts are sent. */
function lives(desk: Desk, staffIds: readonly string[]) {
  return inTurn(async (life) => {
    const requestId = `r${life}`
    await desk.requestChat({ requestId, visitorId: `v${life}`, facts: { topic: 'any' } })
    await delivered()
    await desk.accept(requestId, staffIds[life % 20] as string)
    await delivered()
    await desk.end(requestId)
    await delivered()
  })
}

/** Resolves when the server has sent what has changed. */
function delivered(): Promise<void> {
  return delay(2)
}
