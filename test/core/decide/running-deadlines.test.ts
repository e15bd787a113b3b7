import { describe, expect, it } from 'vitest'
import { completeRoute, type DomainEvent, defaultPolicy, type Policy } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

interface Deadline {
  /** Lets the deadline run from the present instant. */
  start(desk: DeskFixture): void
  /** What comes when it is due. */
  isEvent(event: DomainEvent): boolean
  /** Policies without which it would not run, or another deadline would come first. */
  readonly policy?: Partial<Policy>
}

const request = { requestId: 'r1' }
const offers = { to: { staff: ['ana'] }, ring: { order: 'listed' } } as const
const isUnattended = (event: DomainEvent, cause: string) => event.type === 'request.unattended' && event.cause === cause
const isReleased = (event: DomainEvent, cause: string) => event.type === 'request.released' && event.cause === cause
const isClosed = (event: DomainEvent, outcome: string) => event.type === 'request.closed' && event.outcome === outcome

function startChat(desk: DeskFixture): void {
  desk.open('r1')
  desk.execute({ type: 'accept', ...request, staffId: 'ana' })
}

const leave = (desk: DeskFixture) => desk.execute({ type: 'disconnect', staffId: 'ana', sessionId: 'tab' })

/** Every deadline, by the policy that gives its length. */
const deadlines: Readonly<Record<string, Deadline>> = {
  offerTimeoutMs: {
    start: (desk) => void desk.open('r1', offers),
    isEvent: ({ type }) => type === 'offer.expired',
  },
  retryDelayMs: {
    policy: { offerTimeoutMs: 1_000_000 },
    start: (desk) => {
      desk.open('r1', offers)
      desk.pass(1_000_000)
    },
    isEvent: ({ type }) => type === 'offerRound.started',
  },
  remindAfterMs: {
    start: (desk) => {
      desk.open('r1')
      desk.execute({ type: 'mute', ...request, staffId: 'ana' })
    },
    isEvent: ({ type }) => type === 'request.reminded',
  },
  unattendedAfterMs: {
    start: (desk) => void desk.open('r1'),
    isEvent: (event) => isUnattended(event, 'waited-too-long'),
  },
  sessionLeaseMs: {
    start: (desk) => void desk.execute({ type: 'connect', staffId: 'ana', sessionId: 'phone' }),
    isEvent: (event) => event.type === 'session.ended' && event.sessionId === 'phone',
  },
  presenceGraceMs: { start: leave, isEvent: ({ type }) => type === 'presence.ended' },
  visitorLeaseMs: {
    start: (desk) => void desk.execute({ type: 'visitorHeartbeat', visitorId: 'v1', sessionId: 'tab' }),
    isEvent: ({ type }) => type === 'visitorSession.ended',
  },
  abandonAfterMs: {
    start: (desk) => {
      desk.open('r1')
      desk.execute({ type: 'visitorLeft', visitorId: 'v-r1' })
    },
    isEvent: (event) => isClosed(event, 'abandoned'),
  },
  transferMs: {
    start: (desk) => {
      startChat(desk)
      desk.execute({ type: 'transfer', ...request, by: 'ana', route: completeRoute({ to: 'everyone' }) })
    },
    isEvent: ({ type }) => type === 'transfer.returned',
  },
  wrapUpMs: {
    start: (desk) => {
      startChat(desk)
      desk.execute({ type: 'end', ...request })
    },
    isEvent: ({ type }) => type === 'wrapUp.ended',
  },
  reclaimAfterMs: {
    policy: { presenceGraceMs: 0 },
    start: (desk) => {
      startChat(desk)
      leave(desk)
    },
    isEvent: (event) => isReleased(event, 'assignee-absent'),
  },
  firstReplyMs: { start: startChat, isEvent: (event) => isReleased(event, 'no-reply') },
  replyMs: {
    start: (desk) => {
      startChat(desk)
      desk.execute({ type: 'visitorWrote', ...request })
    },
    isEvent: (event) => isUnattended(event, 'no-reply'),
  },
  endWhenVisitorLeftMs: {
    start: (desk) => {
      startChat(desk)
      desk.execute({ type: 'visitorLeft', visitorId: 'v-r1' })
    },
    isEvent: (event) => isClosed(event, 'ended'),
  },
  maxWaitMs: { start: (desk) => void desk.open('r1'), isEvent: (event) => isClosed(event, 'expired') },
  visitorAlertTtlMs: {
    start: (desk) => {
      desk.execute({ type: 'visitorArrived', visitorId: 'v1', facts: {} })
      desk.execute({ type: 'visitorLeft', visitorId: 'v1' })
    },
    isEvent: ({ type }) => type === 'visitor.forgotten',
  },
}

/** The policies that `null` switches off. */
const optional = ['remindAfterMs', 'sessionLeaseMs', 'visitorLeaseMs', 'reclaimAfterMs', 'firstReplyMs', 'replyMs']
const switchable = [...optional, 'endWhenVisitorLeftMs', 'maxWaitMs']

/** A desk on which the deadline runs, with a minute to go. */
function running(name: string, ms: number | null = 60_000) {
  const { start, isEvent, policy } = deadlines[name] as Deadline
  const desk = new DeskFixture({ ...policy, [name]: ms }).present('ana')
  start(desk)
  const startedAt = desk.at
  return {
    desk,
    set: (value: number | null) =>
      desk.execute({ type: 'setPolicy', policy: { ...desk.state.policy, [name]: value } as Policy }),
    comesAt: () => (desk.events.find((event) => isEvent(event) && event.at >= startedAt)?.at ?? Number.NaN) - startedAt,
  }
}

describe('a deadline that runs while the policy changes', () => {
  it('[N8] is each that a policy gives', () => {
    const durations = Object.keys(defaultPolicy).filter((name) => name.endsWith('Ms'))
    expect(Object.keys(deadlines).sort()).toEqual(durations.sort())
  })

  it.each(Object.keys(deadlines))('[N8] comes when it would have come by the new %s', (name) => {
    const { desk, set, comesAt } = running(name)
    desk.pass(20_000)
    set(40_000)
    desk.pass(10_000)
    set(50_000)
    desk.pass(19_999)
    expect(comesAt()).toBeNaN()
    desk.pass(1)
    expect(comesAt()).toBe(50_000)
  })

  it.each(Object.keys(deadlines))(
    '[N8] comes at once when it is overdue by the new %s, and later by a longer one',
    (name) => {
      const shorter = running(name)
      shorter.desk.pass(20_000)
      shorter.set(10_000)
      expect(shorter.comesAt()).toBe(20_000)
      const longer = running(name)
      longer.desk.pass(59_999)
      longer.set(100_000)
      longer.desk.pass(40_000)
      expect(longer.comesAt()).toBeNaN()
      longer.desk.pass(1)
      expect(longer.comesAt()).toBe(100_000)
    },
  )

  it.each(switchable)('[N8] does not come with %s: null, and comes once it is switched on', (name) => {
    const { desk, set, comesAt } = running(name)
    set(null)
    desk.pass(100_000)
    expect(comesAt()).toBeNaN()
    set(60_000)
    if (!name.endsWith('LeaseMs')) return expect(comesAt()).toBe(100_000)
    desk.pass(60_000)
    expect(comesAt()).toBe(160_000)
  })

  it('[N8] leaves an offer alone whose route has an offerTimeoutMs of its own', () => {
    const desk = new DeskFixture({ offerTimeoutMs: 60_000 }).present('ana')
    desk.open('r1', { ...offers, ring: { order: 'listed', offerTimeoutMs: 30_000 } })
    desk.execute({ type: 'setPolicy', policy: { ...desk.state.policy, offerTimeoutMs: 1_000 } })
    desk.pass(29_999)
    expect(desk.count('offer.expired')).toBe(0)
    desk.pass(1)
    expect(desk.count('offer.expired')).toBe(1)
  })

  it('[N8] has the default of a policy that an earlier release did not know', () => {
    const desk = new DeskFixture({ presenceGraceMs: 0 }).present('ana')
    const { reclaimAfterMs: _, ...policy } = desk.state.policy
    desk.execute({ type: 'setPolicy', policy: { ...policy, capacity: 7 } as Policy })
    startChat(desk)
    leave(desk)
    desk.pass(119_999)
    expect(desk.count('request.released')).toBe(0)
    desk.pass(1)
    expect(desk.count('request.released')).toBe(1)
  })

  it('[N8] doubles the gaps of a long wait by the new unattendedAfterMs', () => {
    const desk = new DeskFixture({ unattendedAfterMs: 60_000 }).present('ana')
    desk.open('r1')
    const openedAt = desk.at
    desk.pass(180_000)
    desk.execute({ type: 'setPolicy', policy: { ...desk.state.policy, unattendedAfterMs: 10_000 } })
    desk.pass(100_000)
    const reports = desk.events.filter((event) => isUnattended(event, 'waited-too-long'))
    expect(reports.map(({ at }) => (at - openedAt) / 1_000)).toEqual([60, 120, 180, 220])
  })

  it('[N8] takes the report of a missing reply back that the new replyMs would not have made yet', () => {
    const { desk, set } = running('replyMs')
    desk.pass(60_000)
    set(100_000)
    desk.pass(39_999)
    expect(desk.events.filter((event) => isUnattended(event, 'no-reply'))).toHaveLength(1)
    desk.pass(1)
    expect(desk.events.filter((event) => isUnattended(event, 'no-reply'))).toHaveLength(2)
    set(null)
    desk.pass(86_400_000)
    expect(desk.count('request.released')).toBe(0)
  })
})
