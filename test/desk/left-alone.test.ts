import { expect, it } from 'vitest'
import type { ManualClock } from '../../src'
import { openStaffedDesk, openTestDesk } from './test-desk'

const hourMs = 3_600_000

/** Lets time pass in steps, in which Bo's page sends its heartbeats and Ana's does not. */
async function passWithoutAna(
  desk: { heartbeat(staffId: string, sessionId: string): unknown },
  clock: ManualClock,
  ms: number,
) {
  for (const until = clock.now() + ms; clock.now() < until; clock.advance(Math.min(30_000, until - clock.now())))
    await desk.heartbeat('bo', 'bo-tab')
}

it('[K15, K16] reports a chat whose staff member’s tab has died, lists it and rings it for the others', async () => {
  const { desk, clock, edges } = await openStaffedDesk(['ana', 'bo'])
  await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  await desk.accept('r1', 'ana')
  const causes: string[] = []
  desk.on('request.unattended', ({ cause, requestId, visitorId }) => causes.push(`${requestId} ${visitorId} ${cause}`))
  edges.length = 0
  await passWithoutAna(desk, clock, 120_000)
  await desk.idle()
  expect(desk.staff('ana')?.isPresent).toBe(false)
  expect(causes).toEqual(['r1 v1 assignee-absent'])
  expect(desk.awaiting()).toMatchObject([{ requestId: 'r1', reason: 'left-alone', untilAt: 240_000 }])
  await passWithoutAna(desk, clock, 120_000)
  await desk.idle()
  expect(edges).toEqual(['ring r1 → bo'])
  await desk.close()
})

it('[K16] has a chat open for a day, listed as waiting, when nobody else comes', async () => {
  const { desk, clock } = await openStaffedDesk(['ana'])
  await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  await desk.accept('r1', 'ana')
  clock.advance(24 * hourMs)
  await desk.idle()
  expect(desk.awaiting()).toMatchObject([{ requestId: 'r1', reason: 'waiting' }])
  await desk.connect('ana', 'ana-tab')
  expect(await desk.accept('r1', 'ana')).toMatchObject({ ok: true, already: false })
  await desk.close()
})

it('[K18] takes visitorWrote from a host, and reports a visitor who gets no answer', async () => {
  const { desk, clock } = await openTestDesk({
    staff: [{ id: 'ana' }],
    policy: { sessionLeaseMs: null, replyMs: 30_000 },
  })
  await desk.connect('ana', 'tab')
  await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  expect(await desk.visitorWrote('r1')).toMatchObject({ ok: false, code: 'not-assigned' })
  await desk.accept('r1', 'ana')
  expect(await desk.visitorWrote('r1', { commandId: 'c1' })).toEqual({ ok: true })
  clock.advance(30_000)
  await desk.idle()
  expect(desk.awaiting()).toMatchObject([{ reason: 'left-alone', since: 30_000, untilAt: 150_000 }])
  expect(desk.portal('ana')?.chats).toMatchObject([{ leftAloneSince: 30_000 }])
  await desk.replied('r1')
  expect(desk.awaiting()).toEqual([])
  await desk.close()
})

it('[N8] lets a chat go on whose firstReplyMs was switched off, and leaves mutes alone by remindAfterMs: null', async () => {
  const policy = { sessionLeaseMs: null, firstReplyMs: 30_000, remindAfterMs: 60_000 }
  const { desk, clock, edges } = await openStaffedDesk(['ana'], { policy })
  for (const requestId of ['r1', 'r2']) await desk.requestChat({ requestId, visitorId: requestId })
  await desk.accept('r1', 'ana')
  await desk.mute('r2', 'ana')
  edges.length = 0
  await desk.setPolicy({ firstReplyMs: null, remindAfterMs: null })
  clock.advance(hourMs)
  await desk.idle()
  expect(desk.request('r1')?.assignment?.staffId).toBe('ana')
  expect(edges).toEqual([])
  await desk.close()
})
