import type { DomainEvent, EventOf, EventType, Refusal, RouteInput, StopReason, Target } from 'frontbell'
import type { Command, DeskState } from 'frontbell/core'
import { decide, evolve } from 'frontbell/core'

export const targets: readonly Target[] = [
  'everyone',
  { team: 'servers', skills: { linux: 3 }, not: { staff: ['ana', 'bo'] } },
  // @ts-expect-error not a target
  'nobody',
  // @ts-expect-error no such key of a target
  { department: 'servers' },
  // @ts-expect-error a skill level is a number
  { skills: { linux: 'expert' } },
]

export const routes: readonly RouteInput[] = [
  { to: 'everyone' },
  {
    to: { team: 'servers' },
    ring: { concurrentOffers: 1, order: 'longest-idle', offerTimeoutMs: 20_000 },
    tone: 'soft',
  },
  { steps: [{ to: { team: 'servers' } }, { to: 'everyone', afterMs: 60_000, mode: 'replace' }], whenExhausted: 'hold' },
  // @ts-expect-error ring is `all` or an object
  { to: 'everyone', ring: 'first' },
  // @ts-expect-error no such order
  { to: 'everyone', ring: { order: 'favourites' } },
]

/** A switch over every event type compiles only while it names them all. */
export function familyOf(type: EventType): string {
  const [family] = type.split('.')
  return family ?? type
}

export function accepted(event: EventOf<'request.accepted'>): string {
  // @ts-expect-error events are read-only
  event.at = 0
  // @ts-expect-error only a mute has `untilAt`
  event.untilAt
  return event.assignmentId
}

export function foldDecision(state: DeskState, command: Command): readonly DomainEvent[] {
  // @ts-expect-error a command needs `at`: the core reads no clock
  decide(state, { type: 'accept', requestId: 'r1', staffId: 'ana' })
  // @ts-expect-error the core is synchronous
  decide(state, command).then
  const { events } = decide(state, command)
  for (const event of events) evolve(state, event)
  return events
}

export function refusalDetail(refusal: Refusal): string | undefined {
  if (refusal.code === 'taken') return refusal.by
  // @ts-expect-error only `taken` has a `by`
  return refusal.by
}

export const reasons: readonly StopReason[] = [
  'accepted',
  'muted',
  // @ts-expect-error no such reason
  'answered-elsewhere',
]
