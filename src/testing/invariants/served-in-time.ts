import { ringingOf } from '../../core'
import { type Chronicle, isOpen, type RequestRecord } from '../chronicle/chronicle'
import { isMember, stepsInForce } from '../chronicle/rings'
import type { Player } from '../playing/player'

/** The longest that a generated shift is off, and the most steps of a generated route. */
const shiftOffMsMax = 45_000
const stepsMax = 4

/**
 * I11: everybody of the roster comes, stays, and accepts whatever rings. Then every request that is meant for anybody
 * is accepted within {@link servedWithinMs}. Reminders are switched on for it where they are off. Plays on from where
 * the player stands.
 */
export function servedInTime(player: Player): string | null {
  everybodyComes(player)
  const until = player.now + servedWithinMs(player.book)
  acceptAll(player)
  while (player.book.requests.some(isOpen) && player.now < until) {
    const before = player.now
    player.wait({ to: 'deadline' })
    player.settle()
    acceptAll(player)
    if (player.now === before) break
  }
  const lost = player.book.requests.find((request) => isOpen(request) && isMeantForSomebody(player.book, request))
  return lost === undefined
    ? null
    : `${lost.requestId} is still open at ${player.now}, and somebody able accepts what rings`
}

/** The last step, a reminder for each step and one more, a transfer that returns, a rest, a shift that comes on. */
export function servedWithinMs({ policy, requests }: Chronicle): number {
  const stepAfterMsMax = Math.max(0, ...requests.flatMap(({ route }) => route.steps.map(({ afterMs }) => afterMs)))
  const remindersMs = (stepsMax + 1) * (policy.remindAfterMs ?? 0)
  return stepAfterMsMax + remindersMs + policy.transferMs + policy.passGapMs + shiftOffMsMax + 1
}

function everybodyComes(player: Player): void {
  const { book } = player
  const stay = {
    sessionLeaseMs: null,
    maxWaitMs: null,
    firstReplyMs: null,
    awayOnStrikes: false,
    abandonAfterMs: 86_400_000,
  }
  const remindAfterMs = book.policy.remindAfterMs ?? 60_000
  player.do({ type: 'setPolicy', policy: { ...book.policy, ...stay, remindAfterMs, visitorsMax: 100_000 } })
  const shifts = ['day', 'night', 'always'].map((id) => ({ id, timeZone: 'UTC', weekly: [] }))
  player.do({ type: 'setShifts', shifts, times: [] })
  for (const { staff } of [...book.staff]) {
    player.do({ type: 'setStaff', staff: { ...staff, capacity: 1_000 } })
    player.do({ type: 'connect', staffId: staff.id, sessionId: 'stays' })
    player.do({ type: 'setAvailability', staffId: staff.id, availability: 'available' })
  }
  for (const { requestId, visitorId, assignment } of [...book.requests]) {
    if (assignment !== null) player.do({ type: 'replied', requestId })
    player.do({ type: 'visitorArrived', visitorId, facts: {} })
  }
}

function acceptAll(player: Player): void {
  for (const { staff } of [...player.book.staff]) {
    for (const requestId of [...ringingOf(player.state, staff.id)]) {
      player.do({ type: 'accept', requestId, staffId: staff.id })
      player.do({ type: 'end', requestId })
    }
  }
}

/** Somebody of the steps in force has not declined it, or the route widens to everyone and anybody has not. */
function isMeantForSomebody(book: Chronicle, request: RequestRecord): boolean {
  const willing = book.staff.filter(({ staff }) => !request.declinedBy.includes(staff.id))
  if (request.route.whenExhausted === 'everyone') return willing.length > 0
  return willing.some((record) => stepsInForce(request).some(({ to }) => isMember(record, to)))
}
