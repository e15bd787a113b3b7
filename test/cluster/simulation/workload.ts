import type { CommandInput, Policy, RouteInput } from '../../../src'
import type { Clients } from './clients'
import type { RandomStream } from './random-stream'

export const staffIds = ['ana', 'bo', 'cy', 'di', 'ed'] as const
const visitors = Array.from({ length: 8 }, (_, index) => `visitor-${index}`)
const sessions = ['tab', 'phone'] as const

/** Short enough that deadlines are due within the simulation. */
export const policy: Partial<Policy> = {
  remindAfterMs: 1_500,
  unattendedAfterMs: 3_000,
  sessionLeaseMs: 6_000,
  presenceGraceMs: 700,
  visitorLeaseMs: 4_000,
  abandonAfterMs: 1_200,
  transferMs: 900,
  wrapUpMs: 300,
  retryDelayMs: 300,
  capacity: 3,
}

const routes: readonly RouteInput[] = [
  { to: 'everyone' },
  { to: 'everyone', ring: { concurrentOffers: 1, order: 'longest-idle', offerTimeoutMs: 800 } },
  { to: 'everyone', ring: { concurrentOffers: 2, order: 'round-robin', offerTimeoutMs: 600 } },
  { steps: [{ to: { team: 'servers' } }, { to: 'everyone', afterMs: 700 }] },
]

export function randomRoute(random: RandomStream): RouteInput {
  return random.pick(routes)
}

export const roster = staffIds.map((id, index) => ({ id, teams: index < 2 ? ['servers'] : ['billing'] }))

/** Sends a random command of a visitor or staff member. */
export function issueRandomCommand(clients: Clients, random: RandomStream): void {
  const drawn = random.integerBelow(100)
  const isDuplicated = random.bernoulli(0.06)
  if (drawn < 22) return openRequest(clients, random, isDuplicated)
  if (drawn < 40) return raceToAccept(clients, random)
  clients.send(randomCommand(drawn, clients, random), isDuplicated)
}

function openRequest(clients: Clients, random: RandomStream, isDuplicated: boolean): void {
  const visitorId = random.pick(visitors)
  const requestId = random.bernoulli(0.5) ? `r${clients.commands.length}` : undefined
  clients.send({ type: 'requestChat', visitorId, ...(requestId === undefined ? {} : { requestId }) }, isDuplicated)
}

/** Several staff members accept the same request at once. */
function raceToAccept(clients: Clients, random: RandomStream): void {
  const requestId = randomRequestId(clients, random)
  for (const staffId of staffIds) if (random.bernoulli(0.6)) clients.send({ type: 'accept', requestId, staffId })
}

function randomCommand(drawn: number, clients: Clients, random: RandomStream): CommandInput {
  const staffId = random.pick(staffIds)
  const requestId = randomRequestId(clients, random)
  const sessionId = random.pick(sessions)
  if (drawn < 52) return { type: 'connect', staffId, sessionId }
  if (drawn < 56) return { type: 'heartbeat', staffId, sessionId }
  if (drawn < 60) return { type: 'disconnect', staffId, sessionId }
  if (drawn < 70) return { type: 'mute', requestId, staffId }
  if (drawn < 74) return { type: 'snooze', requestId, staffId, forMs: 200 + random.integerBelow(900) }
  if (drawn < 77) return { type: 'decline', requestId, staffId }
  if (drawn < 80) return { type: 'unmute', requestId, staffId }
  if (drawn < 88) return { type: 'end', requestId }
  if (drawn < 91) return { type: 'release', requestId, by: staffId }
  if (drawn < 94) return { type: 'transfer', requestId, by: staffId, to: 'everyone' }
  if (drawn < 96)
    return { type: 'setAvailability', staffId, availability: random.bernoulli(0.4) ? 'away' : 'available' }
  if (drawn < 98) return randomVisitorCommand(random, sessionId)
  return { type: 'cancel', requestId }
}

function randomVisitorCommand(random: RandomStream, sessionId: string): CommandInput {
  const visitorId = random.pick(visitors)
  if (random.bernoulli(0.4)) return { type: 'visitorLeft', visitorId }
  if (random.bernoulli(0.4)) return { type: 'visitorLeft', visitorId, sessionId }
  return { type: random.bernoulli(0.5) ? 'visitorHeartbeat' : 'visitorArrived', visitorId, sessionId }
}

/** Returns the id of a known request, mostly one of the latest. */
function randomRequestId(clients: Clients, random: RandomStream): string {
  const { requests } = clients
  const back = Math.floor(random.next() ** 2 * Math.min(requests.length, 8))
  return requests[requests.length - 1 - back] ?? 'r0'
}
