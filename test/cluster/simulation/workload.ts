import type { CommandInput, Policy, RouteInput } from '../../../src'
import type { Clients } from './clients'
import type { RandomStream } from './random-stream'

export const staffIds = ['ana', 'bo', 'cy', 'di', 'ed'] as const
const visitors = Array.from({ length: 8 }, (_, index) => `visitor-${index}`)
const sessions = ['tab', 'phone'] as const

/** Short enough that deadlines come while the history lasts. */
export const policy: Partial<Policy> = {
  remindAfterMs: 1_500,
  unattendedAfterMs: 3_000,
  sessionLeaseMs: 6_000,
  presenceGraceMs: 700,
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

export function randomRoute(chance: RandomStream): RouteInput {
  return chance.pick(routes)
}

export const roster = staffIds.map((id, index) => ({ id, teams: index < 2 ? ['servers'] : ['billing'] }))

/** Something that somebody does. */
export function issueRandomCommand(people: Clients, chance: RandomStream): void {
  const drawn = chance.integerBelow(100)
  const isTwice = chance.bernoulli(0.06)
  if (drawn < 22) return openRequest(people, chance, isTwice)
  if (drawn < 40) return raceToAccept(people, chance)
  people.send(randomCommand(drawn, people, chance), isTwice)
}

function openRequest(people: Clients, chance: RandomStream, isTwice: boolean): void {
  const visitorId = chance.pick(visitors)
  const requestId = chance.bernoulli(0.5) ? `r${people.commands.length}` : undefined
  people.send({ type: 'requestChat', visitorId, ...(requestId === undefined ? {} : { requestId }) }, isTwice)
}

/** Several people press the button for the same request at once. */
function raceToAccept(people: Clients, chance: RandomStream): void {
  const requestId = randomRequestId(people, chance)
  for (const staffId of staffIds) if (chance.bernoulli(0.6)) people.send({ type: 'accept', requestId, staffId })
}

function randomCommand(drawn: number, people: Clients, chance: RandomStream): CommandInput {
  const staffId = chance.pick(staffIds)
  const requestId = randomRequestId(people, chance)
  const sessionId = chance.pick(sessions)
  if (drawn < 52) return { type: 'connect', staffId, sessionId }
  if (drawn < 56) return { type: 'heartbeat', staffId, sessionId }
  if (drawn < 60) return { type: 'disconnect', staffId, sessionId }
  if (drawn < 70) return { type: 'mute', requestId, staffId }
  if (drawn < 74) return { type: 'snooze', requestId, staffId, forMs: 200 + chance.integerBelow(900) }
  if (drawn < 77) return { type: 'decline', requestId, staffId }
  if (drawn < 80) return { type: 'unmute', requestId, staffId }
  if (drawn < 88) return { type: 'end', requestId }
  if (drawn < 91) return { type: 'release', requestId, by: staffId }
  if (drawn < 94) return { type: 'transfer', requestId, by: staffId, to: 'everyone' }
  if (drawn < 96)
    return { type: 'setAvailability', staffId, availability: chance.bernoulli(0.4) ? 'away' : 'available' }
  if (drawn < 98) return { type: 'visitorLeft', visitorId: chance.pick(visitors) }
  return { type: 'cancel', requestId }
}

/** Mostly a request that is known, the latest first. */
function randomRequestId(people: Clients, chance: RandomStream): string {
  const { requests } = people
  const back = Math.floor(chance.next() ** 2 * Math.min(requests.length, 8))
  return requests[requests.length - 1 - back] ?? 'r0'
}
