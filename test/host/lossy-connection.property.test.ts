import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { manualClock, openDesk, type PortalSnapshot } from '../../src'
import { serveStaff } from '../../src/host'
import {
  type ClientMessage,
  createPortal,
  type PortalCommand,
  type PortalView,
  type ServerMessage,
} from '../../src/portal'
import { campaignOf, fastCheckOptions, seed } from '../campaign'

vi.setConfig({ testTimeout: 120_000 })

const size = campaignOf({ few: 15, many: 250, override: 'FRONTBELL_PORTAL_RUNS' })
const { runs } = size

const anyId = fc.constantFrom('r1', 'r2', 'r3', 'r4')
const anyStaff = fc.constantFrom('ana', 'bo')
const anyCommand = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('requestChat'), requestId: anyId, visitorId: anyId }) },
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constantFrom('accept', 'mute', 'unmute'), requestId: anyId, staffId: anyStaff }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('end', 'cancel'), requestId: anyId }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('visitorArrived'), visitorId: anyId }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('setAvailability'),
      staffId: anyStaff,
      availability: fc.constantFrom('available', 'away'),
    }),
  },
)
/** A command of the staff member at the portal. */
const anyStaffAction = fc.oneof(
  fc.record({ type: fc.constantFrom('accept', 'mute', 'unmute', 'decline', 'end'), requestId: anyId }),
  fc.record({ type: fc.constant('setAvailability'), availability: fc.constantFrom('available', 'away') }),
)
/** What the network does with the n-th message in transit: deliver it, deliver it twice, or lose it. */
const anyDelivery = fc.record({
  direction: fc.constantFrom('down', 'down', 'up'),
  effect: fc.constantFrom('deliver', 'deliver', 'deliver', 'repeat', 'lose'),
  index: fc.nat(3),
})
const anyStep = fc.oneof(
  { weight: 5, arbitrary: fc.record({ command: anyCommand }) },
  { weight: 8, arbitrary: anyDelivery },
  { weight: 2, arbitrary: fc.constantFrom({ cut: true }, { resync: true }, { ping: true }, { ping: true }) },
)
const anyStepOrStaffAction = fc.oneof(
  { weight: 9, arbitrary: anyStep },
  { weight: 1, arbitrary: fc.record({ portalCommand: anyStaffAction }) },
)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a portal on a connection that loses, repeats and reorders messages', () => {
  it('[P1][V3] is live only while it shows the desk’s state of its version, and shows the latest in the end', async () => {
    console.log(`portals: ${runs} sequences, FRONTBELL_SEED=${seed}`)
    const seen = await playAll(anyStep)
    expect(Math.min(seen.live, seen.reconnecting, seen.ringing)).toBeGreaterThan(runs * 3)
  })

  it('[P20] answers every command, and shows the desk’s state in the end', async () => {
    const seen = await playAll(anyStepOrStaffAction)
    expect(seen.unanswered).toBeGreaterThan(runs / 10)
  })
})

type Step =
  | { command: never }
  | { portalCommand: PortalCommand }
  | { effect: 'deliver' | 'repeat' | 'lose'; index: number; direction: 'up' | 'down' }
  | { cut: true }
  | { resync: true }
  | { ping: true }

async function playAll(step: fc.Arbitrary<unknown>) {
  const seen = { live: 0, reconnecting: 0, ringing: 0, unanswered: 0 }
  const steps = fc.array(step, { minLength: 20, maxLength: 60, size: 'max' })
  await fc.assert(
    fc.asyncProperty(steps, (drawn) => play(drawn as Step[], seen)),
    fastCheckOptions(size),
  )
  return seen
}

async function play(steps: readonly Step[], seen: Record<'live' | 'reconnecting' | 'ringing' | 'unanswered', number>) {
  const desk = await openDesk({ clock: manualClock(0), staff: [{ id: 'ana', capacity: 2 }, { id: 'bo' }] })
  await desk.connect('bo', 'tab')
  const server = serveStaff(desk, { flushMs: 0 })
  const portal = createPortal('ana')
  const snapshots = new Map<number, PortalSnapshot>()
  let down: ServerMessage[] = []
  let up: ClientMessage[] = []
  let isOver = false
  let connection = open()

  function open() {
    const client = portal.open((message) => up.push(message))
    const send = (message: ServerMessage) => void down.push(message)
    const session = server.attach({ staffId: 'ana', send, onClosed: () => isOver || cut() })
    return { client, session }
  }
  function cut() {
    connection.client.close()
    connection.session.detach()
    down = []
    up = []
    connection = open()
  }
  let [unanswered, hasCommanded] = [0, false]
  function execute(command: PortalCommand) {
    unanswered += 1
    hasCommanded = true
    void portal.execute(command).then(() => {
      unanswered -= 1
    })
  }
  function transmit<Message>(
    messages: Message[],
    { effect, index }: { effect: string; index: number },
  ): readonly Message[] {
    const transmitted = messages.splice(index % Math.max(1, messages.length), 1)
    if (effect === 'repeat') messages.push(...transmitted)
    return effect === 'lose' ? [] : transmitted
  }
  async function settle() {
    await desk.idle()
    await new Promise((resolve) => setImmediate(resolve))
    const snapshot = desk.portal('ana')
    if (snapshot !== undefined) snapshots.set(snapshot.version, snapshot)
  }
  function check() {
    const view = portal.getSnapshot()
    const snapshot = snapshots.get(view.version)
    seen[view.connection === 'live' ? 'live' : 'reconnecting'] += 1
    if (view.bell === 'ringing') seen.ringing += 1
    expect(view.bell).toBe(view.connection === 'live' && view.ringing.length > 0 ? 'ringing' : 'silent')
    // Pending commands are shown before the desk has executed them.
    if (view.connection === 'live' && !hasCommanded) expect(comparable(view)).toEqual(comparable(snapshot))
  }

  await settle()
  for (const step of steps) {
    if ('command' in step) await desk.execute(step.command)
    else if ('resync' in step) portal.refresh()
    else if ('ping' in step) vi.advanceTimersByTime(10_000)
    else if ('cut' in step) cut()
    else if ('portalCommand' in step) execute(step.portalCommand)
    else if (step.direction === 'up')
      for (const message of transmit(up, step)) await connection.session.receive(message)
    else for (const message of transmit(down, step)) connection.client.receive(message)
    await settle()
    check()
  }
  seen.unanswered += unanswered
  for (let ping = 0; ping < 3; ping += 1) {
    vi.advanceTimersByTime(10_000)
    await new Promise((resolve) => setTimeout(resolve, 3)) // the server sends what it has collected
    for (let turn = 0; turn < 3; turn += 1) {
      await settle()
      for (const message of up.splice(0)) await connection.session.receive(message)
      for (const message of down.splice(0)) connection.client.receive(message)
    }
  }
  check()
  expect(unanswered).toBe(0)
  expect(portal.getSnapshot().connection).toBe('live')
  expect(comparable(portal.getSnapshot())).toEqual(comparable(desk.portal('ana')))
  isOver = true
  connection.client.close()
  server.close()
  await desk.close()
}

/** The properties that both sides have. */
function comparable(state: PortalView | PortalSnapshot | undefined) {
  if (state === undefined) return undefined
  const { availability, ringing, awaiting, chats, visitors } = state
  return { availability, ringing, awaiting, chats, visitors }
}
