import { describe, expect, it } from 'vitest'
import {
  awaitingListOf,
  completeRoute,
  nextDueAt,
  type Policy,
  portalSnapshotOf,
  requestView,
  restoreState,
  staffView,
  supervisorAwaitingList,
  toStateSnapshot,
} from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

/** Ana has the chat r1. */
function chatOfAna(policy: Partial<Policy> = {}): DeskFixture {
  const desk = new DeskFixture(policy).present('ana', 'bo')
  desk.open('r1', { to: 'everyone' }, { workflow: 'Servers' })
  desk.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
  desk.takeEdges()
  return desk
}

const leave = (desk: DeskFixture, staffId = 'ana') => desk.execute({ type: 'disconnect', staffId, sessionId: 'tab' })
const comeBack = (desk: DeskFixture, staffId = 'ana') => desk.execute({ type: 'connect', staffId, sessionId: 'tab' })
const write = (desk: DeskFixture) => desk.execute({ type: 'visitorWrote', requestId: 'r1' })
const reply = (desk: DeskFixture) => desk.execute({ type: 'replied', requestId: 'r1' })
const accept = (desk: DeskFixture, staffId: string) => desk.execute({ type: 'accept', requestId: 'r1', staffId })
const owner = (desk: DeskFixture) => requestView(desk.state, 'r1')?.assignment?.staffId ?? null
const warnings = (desk: DeskFixture) =>
  desk.events.flatMap((event) => (event.type === 'request.unattended' ? [[event.cause, event.at, event.nextAt]] : []))
const supervisorSees = (desk: DeskFixture) =>
  supervisorAwaitingList(desk.state).map(({ requestId, reason }) => `${requestId} ${reason}`)

describe('a chat whose staff member is absent', () => {
  it('[K15] is reported at once, and listed for the supervisor as left-alone until they are back', () => {
    const desk = chatOfAna({ presenceGraceMs: 30_000 })
    const { at } = desk
    leave(desk)
    desk.pass(29_999)
    expect([warnings(desk), supervisorSees(desk)]).toEqual([[], []])
    desk.pass(1)
    expect(warnings(desk)).toEqual([['assignee-absent', at + 30_000, at + 150_000]])
    const item = { requestId: 'r1', reason: 'left-alone', since: at + 30_000, untilAt: at + 150_000 }
    expect(supervisorAwaitingList(desk.state)).toMatchObject([item])
    expect(requestView(desk.state, 'r1')).toMatchObject({ phase: 'assigned', leftAloneSince: at + 30_000 })
    expect(awaitingListOf(desk.state, 'bo')).toEqual([])
    desk.pass(60_000)
    comeBack(desk)
    expect([supervisorSees(desk), requestView(desk.state, 'r1')?.leftAloneSince]).toEqual([[], null])
    desk.pass(86_400_000)
    expect([desk.count('request.released'), owner(desk), desk.takeEdges()]).toEqual([0, 'ana', []])
    leave(desk)
    desk.pass(30_000)
    expect(warnings(desk)).toHaveLength(2)
  })

  it('[K15] is left alone for a day with reclaimAfterMs: null, and listed', () => {
    const desk = chatOfAna({ reclaimAfterMs: null, presenceGraceMs: 0 })
    const { at } = desk
    leave(desk)
    desk.pass(86_400_000)
    expect([owner(desk), warnings(desk)]).toEqual(['ana', [['assignee-absent', at, null]]])
    expect(supervisorAwaitingList(desk.state)).toMatchObject([{ reason: 'left-alone', since: at, untilAt: null }])
  })

  it('[K16] rings again after reclaimAfterMs, at its age and place, without that person, who may take it when back', () => {
    const desk = chatOfAna({ presenceGraceMs: 30_000 })
    const openedAt = desk.at
    desk.pass(10_000)
    desk.open('r2')
    desk.takeEdges()
    leave(desk)
    desk.pass(149_999)
    expect(desk.takeEdges()).toEqual(['stop r2: ana (unavailable)'])
    desk.pass(1)
    expect(desk.takeEdges()).toEqual(['ring r1: bo'])
    expect(desk.events.findLast(({ type }) => type === 'request.released')).toMatchObject({
      staffId: 'ana',
      by: 'ana',
      cause: 'assignee-absent',
      exclude: false,
      route: 'present',
    })
    expect(requestView(desk.state, 'r1')).toMatchObject({ openedAt, workflow: 'Servers', assignment: null })
    expect(awaitingListOf(desk.state, 'bo').map(({ requestId }) => requestId)).toEqual(['r1', 'r2'])
    expect(staffView(desk.state, 'ana')?.load).toBe(0)
    comeBack(desk)
    expect(desk.takeEdges()).toEqual(['ring r2: ana'])
    expect(awaitingListOf(desk.state, 'ana').map(({ reason }) => reason)).toEqual(['muted', 'ringing'])
    expect(accept(desk, 'ana')).toMatchObject({ ok: true, assignmentId: 'r1/2' })
    expect(owner(desk)).toBe('ana')
  })

  it('[K16] rings again after a snapshot was taken while it was left alone', () => {
    const desk = chatOfAna({ presenceGraceMs: 0 })
    leave(desk)
    desk.pass(60_000)
    const restored = restoreState(JSON.parse(JSON.stringify(toStateSnapshot(desk.state))))
    expect(supervisorAwaitingList(restored)).toEqual(supervisorAwaitingList(desk.state))
    expect(restored.deadlines.requests.earliestAt).toBe(desk.at + 60_000)
  })

  it('[K17] starts nothing for one who accepted while absent, until that person has come and gone', () => {
    const desk = new DeskFixture({ presenceGraceMs: 0 }).absent('ana')
    desk.open('r1')
    const opened = warnings(desk).length
    accept(desk, 'ana')
    desk.pass(86_400_000)
    expect([owner(desk), warnings(desk).length, supervisorSees(desk)]).toEqual(['ana', opened, []])
    comeBack(desk)
    leave(desk)
    expect(warnings(desk).at(-1)?.[0]).toBe('assignee-absent')
    desk.pass(120_000)
    expect(owner(desk)).toBeNull()
  })

  it('[K17] is left alone at once when a supervisor assigns it to somebody absent', () => {
    const desk = new DeskFixture().present('ana').absent('bo')
    desk.open('r1')
    desk.execute({ type: 'assign', requestId: 'r1', staffId: 'bo', by: 'sue' })
    expect([warnings(desk).map(([cause]) => cause), supervisorSees(desk)]).toEqual([
      ['assignee-absent'],
      ['r1 left-alone'],
    ])
    desk.takeEdges()
    desk.pass(120_000)
    expect(desk.takeEdges()).toEqual(['ring r1: ana'])
    desk.execute({ type: 'assign', requestId: 'r1', staffId: 'bo', by: 'bo' })
    expect(supervisorSees(desk)).toEqual([])
  })
})

describe('a chat whose visitor waits for an answer', () => {
  it('[K18] is reported after replyMs and rings again after reclaimAfterMs more, muted for the silent one', () => {
    const desk = chatOfAna({ replyMs: 30_000, reclaimAfterMs: 60_000 })
    reply(desk)
    desk.pass(1_000_000)
    const wroteAt = desk.at
    write(desk)
    desk.pass(20_000)
    write(desk)
    expect(desk.count('visitor.wrote')).toBe(1)
    desk.pass(9_999)
    expect(warnings(desk)).toEqual([])
    desk.pass(1)
    expect(warnings(desk)).toEqual([['no-reply', wroteAt + 30_000, wroteAt + 90_000]])
    expect(supervisorAwaitingList(desk.state)).toMatchObject([
      { reason: 'left-alone', since: wroteAt + 30_000, untilAt: wroteAt + 90_000 },
    ])
    expect(portalSnapshotOf(desk.state, 'ana', 1)?.chats).toMatchObject([{ leftAloneSince: wroteAt + 30_000 }])
    expect(nextDueAt(desk.state)).toBe(wroteAt + 90_000)
    desk.takeEdges()
    desk.pass(60_000)
    expect(desk.takeEdges()).toEqual(['ring r1: bo'])
    expect(awaitingListOf(desk.state, 'ana').map(({ reason }) => reason)).toEqual(['muted'])
  })

  it('[K18] is in good hands once the staff member has replied, before the report and after it', () => {
    const desk = chatOfAna({ replyMs: 30_000 })
    for (const delay of [29_999, 100_000]) {
      write(desk)
      desk.pass(delay)
      reply(desk)
      expect([supervisorSees(desk), reply(desk)]).toEqual([[], { ok: true }])
    }
    desk.pass(86_400_000)
    expect([owner(desk), warnings(desk).length, desk.count('request.replied')]).toEqual(['ana', 1, 2])
  })

  it('[K18] is not assigned, or unknown, to a message of its visitor', () => {
    const desk = new DeskFixture().present('ana')
    desk.open('r1')
    expect(write(desk)).toMatchObject({ code: 'not-assigned' })
    expect(desk.execute({ type: 'visitorWrote', requestId: 'r9' })).toMatchObject({ code: 'unknown-request' })
  })

  it('[K8] is reported and rings again at once when firstReplyMs passes, also with reclaimAfterMs: null', () => {
    const desk = chatOfAna({ firstReplyMs: 30_000, reclaimAfterMs: null })
    desk.pass(30_000)
    expect(warnings(desk)).toEqual([['no-reply', desk.at, desk.at]])
    expect(desk.takeEdges()).toEqual(['ring r1: bo'])
  })

  it('[K8] is reported once when replyMs passes before firstReplyMs', () => {
    const desk = chatOfAna({ firstReplyMs: 60_000, replyMs: 20_000, reclaimAfterMs: null })
    write(desk)
    desk.pass(60_000)
    expect(warnings(desk).map(([cause]) => cause)).toEqual(['no-reply'])
    expect(desk.takeEdges()).toEqual(['ring r1: bo'])
  })

  it('[K19] has its reply deadlines anew when it returns from a transfer, or is accepted by another', () => {
    const desk = chatOfAna({ firstReplyMs: 30_000, replyMs: 20_000, reclaimAfterMs: 10_000, transferMs: 60_000 })
    reply(desk)
    write(desk)
    desk.pass(15_000)
    const route = completeRoute({ to: { staff: 'bo' } })
    desk.execute({ type: 'transfer', requestId: 'r1', by: 'ana', route })
    desk.pass(60_000)
    expect(owner(desk)).toBe('ana')
    const returnedAt = desk.at
    desk.pass(20_000)
    expect(warnings(desk)).toEqual([['no-reply', returnedAt + 20_000, returnedAt + 30_000]])
    desk.pass(10_000)
    expect(owner(desk)).toBeNull()
    accept(desk, 'bo')
    const takenAt = desk.at
    desk.pass(20_000)
    expect(warnings(desk).at(-1)).toEqual(['no-reply', takenAt + 20_000, takenAt + 30_000])
    reply(desk)
    desk.pass(1_000_000)
    expect(owner(desk)).toBe('bo')
    write(desk)
    desk.pass(5_000)
    desk.execute({ type: 'assign', requestId: 'r1', staffId: 'ana', by: 'sue' })
    reply(desk)
    expect(desk.count('request.replied')).toBe(3)
    desk.execute({ type: 'setPolicy', policy: { ...desk.state.policy, firstReplyMs: null } })
    write(desk)
    desk.pass(5_000)
    desk.execute({ type: 'assign', requestId: 'r1', staffId: 'bo', by: 'sue' })
    const assignedAt = desk.at
    desk.pass(20_000)
    expect(warnings(desk).at(-1)).toEqual(['no-reply', assignedAt + 20_000, assignedAt + 30_000])
  })
})

describe('a chat whose visitor has left', () => {
  it('[K20] ends after endWhenVisitorLeftMs and frees the slot, unless the visitor is back', () => {
    const desk = chatOfAna({ endWhenVisitorLeftMs: 30_000 })
    const visitorId = 'v-r1'
    desk.execute({ type: 'visitorLeft', visitorId })
    desk.pass(29_999)
    desk.execute({ type: 'visitorArrived', visitorId, facts: {} })
    desk.pass(86_400_000)
    expect(owner(desk)).toBe('ana')
    desk.execute({ type: 'visitorLeft', visitorId })
    desk.pass(30_000)
    expect(desk.events.findLast(({ type }) => type === 'request.closed')).toMatchObject({
      outcome: 'ended',
      staffId: 'ana',
      reason: 'visitor-left',
    })
    expect(staffView(desk.state, 'ana')?.load).toBe(0)
  })

  it('[K20] goes on by default, and is not ended before a staff member had endWhenVisitorLeftMs with it', () => {
    const patient = chatOfAna()
    patient.execute({ type: 'visitorLeft', visitorId: 'v-r1' })
    patient.pass(86_400_000)
    expect(owner(patient)).toBe('ana')
    const desk = new DeskFixture({ endWhenVisitorLeftMs: 30_000 }).present('ana')
    desk.open('r1')
    desk.execute({ type: 'visitorLeft', visitorId: 'v-r1' })
    desk.pass(40_000)
    accept(desk, 'ana')
    desk.pass(29_999)
    expect(owner(desk)).toBe('ana')
    desk.pass(1)
    expect(desk.count('request.closed')).toBe(1)
  })

  it('[K20] does not end before visitors had visitorLeaseMs to come back after a restart', () => {
    const desk = chatOfAna({ endWhenVisitorLeftMs: 30_000, visitorLeaseMs: 60_000 })
    desk.execute({ type: 'visitorLeft', visitorId: 'v-r1' })
    desk.pass(20_000)
    desk.execute({ type: 'resume' })
    desk.pass(59_999)
    expect([desk.count('desk.resumed'), owner(desk)]).toEqual([1, 'ana'])
    desk.pass(1)
    expect(desk.count('request.closed')).toBe(1)
  })

  it('[K21] shows in every view when its visitor left', () => {
    const desk = chatOfAna()
    const views = () => [requestView(desk.state, 'r1'), ...(portalSnapshotOf(desk.state, 'ana', 1)?.chats ?? [])]
    expect(views().map((view) => view?.visitorLeftAt)).toEqual([null, null])
    desk.pass(1_000)
    desk.execute({ type: 'visitorLeft', visitorId: 'v-r1' })
    expect(views().map((view) => view?.visitorLeftAt)).toEqual([desk.at, desk.at])
    desk.execute({ type: 'visitorArrived', visitorId: 'v-r1', facts: {} })
    expect(views().map((view) => view?.visitorLeftAt)).toEqual([null, null])
  })
})
