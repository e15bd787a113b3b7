import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { manualClock, openDesk, type PortalSnapshot } from '../../src'
import { serveDesk } from '../../src/host'
import { createPortal, type FromPortal, type PortalView, type ToPortal } from '../../src/portal'

const seed = Number(process.env.FRONTBELL_SEED ?? Date.now() % 1_000_000_000)
const runs = Number(process.env.FRONTBELL_PORTAL_RUNS ?? 250)

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
/** What the line does with the messages that lie on it: delivers the n-th, twice, or loses it. */
const anyFate = fc.record({
  fate: fc.constantFrom('deliver', 'deliver', 'deliver', 'repeat', 'lose'),
  place: fc.nat(3),
})
const anyStep = fc.oneof(
  { weight: 5, arbitrary: fc.record({ command: anyCommand }) },
  { weight: 6, arbitrary: anyFate },
  { weight: 2, arbitrary: fc.constantFrom({ cut: true }, { resync: true }, { beat: true }, { beat: true }) },
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
    const seen = { live: 0, reconnecting: 0, ringing: 0 }
    const story = fc.array(anyStep, { minLength: 20, maxLength: 60, size: 'max' })
    await fc.assert(
      fc.asyncProperty(story, (steps) => play(steps as Step[], seen)),
      { seed, numRuns: runs },
    )
    expect(Math.min(seen.live, seen.reconnecting, seen.ringing)).toBeGreaterThan(runs * 3)
  })
})

type Step =
  | { command: never }
  | { fate: 'deliver' | 'repeat' | 'lose'; place: number }
  | { cut: true }
  | { resync: true }
  | { beat: true }

async function play(steps: readonly Step[], seen: { live: number; reconnecting: number; ringing: number }) {
  const desk = await openDesk({ clock: manualClock(0), staff: [{ id: 'ana', capacity: 2 }, { id: 'bo' }] })
  await desk.connect('bo', 'tab')
  const server = serveDesk(desk, { flushMs: 0 })
  const portal = createPortal('ana')
  const truth = new Map<number, PortalSnapshot>()
  let down: ToPortal[] = []
  let up: FromPortal[] = []
  let line = open()

  function open() {
    const link = portal.open((message) => up.push(message))
    const send = (message: ToPortal) => void down.push(message)
    const connection = server.attach({ staffId: 'ana', send, ended: () => cut() })
    return { link, connection }
  }
  function cut() {
    line.link.close()
    line.connection.detach()
    down = []
    up = []
    line = open()
  }
  async function rest() {
    for (const message of up.splice(0)) await line.connection.receive(message)
    await desk.idle()
    await new Promise((resolve) => setImmediate(resolve))
    const screen = desk.portal('ana')
    if (screen !== undefined) truth.set(screen.version, screen)
  }
  function check() {
    const view = portal.getSnapshot()
    const screen = truth.get(view.version)
    seen[view.link === 'live' ? 'live' : 'reconnecting'] += 1
    if (view.bell === 'ringing') seen.ringing += 1
    expect(view.bell).toBe(view.link === 'live' && view.ringing.length > 0 ? 'ringing' : 'silent')
    if (view.link === 'live') expect(shown(view)).toEqual(shown(screen))
  }

  await rest()
  for (const step of steps) {
    if ('command' in step) await desk.execute(step.command)
    else if ('resync' in step) portal.refresh()
    else if ('beat' in step) vi.advanceTimersByTime(10_000)
    else if ('cut' in step) cut()
    else {
      const [message] = down.splice(step.place % Math.max(1, down.length), 1)
      if (message !== undefined && step.fate !== 'lose') line.link.receive(message)
      if (message !== undefined && step.fate === 'repeat') down.push(message)
    }
    await rest()
    check()
  }
  for (let beat = 0; beat < 2; beat += 1) {
    vi.advanceTimersByTime(10_000)
    await rest()
    for (const message of down.splice(0)) line.link.receive(message)
    await rest()
    for (const message of down.splice(0)) line.link.receive(message)
  }
  check()
  expect(portal.getSnapshot().link).toBe('live')
  expect(shown(portal.getSnapshot())).toEqual(shown(desk.portal('ana')))
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
