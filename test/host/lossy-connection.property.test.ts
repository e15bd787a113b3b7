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
/** What the person at the portal asks for. */
const anyStaffAction = fc.oneof(
  fc.record({ type: fc.constantFrom('accept', 'mute', 'unmute', 'decline', 'end'), requestId: anyId }),
  fc.record({ type: fc.constant('setAvailability'), availability: fc.constantFrom('available', 'away') }),
)
/** What the line does with the messages that lie on it: delivers the n-th, twice, or loses it. */
const anyDelivery = fc.record({
  way: fc.constantFrom('down', 'down', 'up'),
  fate: fc.constantFrom('deliver', 'deliver', 'deliver', 'repeat', 'lose'),
  place: fc.nat(3),
})
const anyStep = fc.oneof(
  { weight: 5, arbitrary: fc.record({ command: anyCommand }) },
  { weight: 8, arbitrary: anyDelivery },
  { weight: 2, arbitrary: fc.constantFrom({ cut: true }, { resync: true }, { beat: true }, { beat: true }) },
)
const anyStepOrStaffAction = fc.oneof(
  { weight: 9, arbitrary: anyStep },
  { weight: 1, arbitrary: fc.record({ wish: anyStaffAction }) },
)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a portal on a line that loses, repeats and reorders', () => {
  it('[P1][V3] is live only while it shows the desk’s screen of its version, and shows the latest in the end', async () => {
    console.log(`portals: ${runs} sequences, FRONTBELL_SEED=${seed}`)
    const seen = await playAll(anyStep)
    expect(Math.min(seen.live, seen.reconnecting, seen.ringing)).toBeGreaterThan(runs * 3)
  })

  it('[P20] answers whatever is asked, and shows what the desk says in the end', async () => {
    const seen = await playAll(anyStepOrStaffAction)
    expect(seen.unanswered).toBeGreaterThan(runs / 10)
  })
})

type Step =
  | { command: never }
  | { wish: PortalCommand }
  | { fate: 'deliver' | 'repeat' | 'lose'; place: number; way: 'up' | 'down' }
  | { cut: true }
  | { resync: true }
  | { beat: true }

async function playAll(step: fc.Arbitrary<unknown>) {
  const seen = { live: 0, reconnecting: 0, ringing: 0, unanswered: 0 }
  const story = fc.array(step, { minLength: 20, maxLength: 60, size: 'max' })
  await fc.assert(
    fc.asyncProperty(story, (steps) => play(steps as Step[], seen)),
    fastCheckOptions(size),
  )
  return seen
}

async function play(steps: readonly Step[], seen: Record<'live' | 'reconnecting' | 'ringing' | 'unanswered', number>) {
  const desk = await openDesk({ clock: manualClock(0), staff: [{ id: 'ana', capacity: 2 }, { id: 'bo' }] })
  await desk.connect('bo', 'tab')
  const server = serveStaff(desk, { flushMs: 0 })
  const portal = createPortal('ana')
  const truth = new Map<number, PortalSnapshot>()
  let down: ServerMessage[] = []
  let up: ClientMessage[] = []
  let isOver = false
  let line = open()

  function open() {
    const link = portal.open((message) => up.push(message))
    const send = (message: ServerMessage) => void down.push(message)
    const connection = server.attach({ staffId: 'ana', send, onClosed: () => isOver || cut() })
    return { link, connection }
  }
  function cut() {
    line.link.close()
    line.connection.detach()
    down = []
    up = []
    line = open()
  }
  let [unanswered, hasWished] = [0, false]
  function wish(command: PortalCommand) {
    unanswered += 1
    hasWished = true
    void portal.execute(command).then(() => {
      unanswered -= 1
    })
  }
  function take<Message>(messages: Message[], { fate, place }: { fate: string; place: number }): readonly Message[] {
    const taken = messages.splice(place % Math.max(1, messages.length), 1)
    if (fate === 'repeat') messages.push(...taken)
    return fate === 'lose' ? [] : taken
  }
  async function rest() {
    await desk.idle()
    await new Promise((resolve) => setImmediate(resolve))
    const screen = desk.portal('ana')
    if (screen !== undefined) truth.set(screen.version, screen)
  }
  function check() {
    const view = portal.getSnapshot()
    const screen = truth.get(view.version)
    seen[view.connection === 'live' ? 'live' : 'reconnecting'] += 1
    if (view.bell === 'ringing') seen.ringing += 1
    expect(view.bell).toBe(view.connection === 'live' && view.ringing.length > 0 ? 'ringing' : 'silent')
    // What is wished for is shown before the desk has it.
    if (view.connection === 'live' && !hasWished) expect(shown(view)).toEqual(shown(screen))
  }

  await rest()
  for (const step of steps) {
    if ('command' in step) await desk.execute(step.command)
    else if ('resync' in step) portal.refresh()
    else if ('beat' in step) vi.advanceTimersByTime(10_000)
    else if ('cut' in step) cut()
    else if ('wish' in step) wish(step.wish)
    else if (step.way === 'up') for (const message of take(up, step)) await line.connection.receive(message)
    else for (const message of take(down, step)) line.link.receive(message)
    await rest()
    check()
  }
  seen.unanswered += unanswered
  for (let beat = 0; beat < 3; beat += 1) {
    vi.advanceTimersByTime(10_000)
    for (let turn = 0; turn < 3; turn += 1) {
      await rest()
      for (const message of up.splice(0)) await line.connection.receive(message)
      for (const message of down.splice(0)) line.link.receive(message)
    }
  }
  check()
  expect(unanswered).toBe(0)
  expect(portal.getSnapshot().connection).toBe('live')
  expect(shown(portal.getSnapshot())).toEqual(shown(desk.portal('ana')))
  isOver = true
  line.link.close()
  server.close()
  await desk.close()
}

/** What both sides call by the same names. */
function shown(screen: PortalView | PortalSnapshot | undefined) {
  if (screen === undefined) return undefined
  const { availability, ringing, awaiting, chats, visitors } = screen
  return { availability, ringing, awaiting, chats, visitors }
}
