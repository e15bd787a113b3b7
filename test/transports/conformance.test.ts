import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type Page,
  pingIntervalMs,
  type ServedExample,
  serveExample,
  waitUntil,
  waitUntilEqual,
} from './served-example'
import { transports } from './transports'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe.each(transports.map((transport) => [transport.name, transport] as const))('over %s', (_, transport) => {
  let example: ServedExample
  beforeEach(async () => {
    example = await serveExample(transport)
  })
  afterEach(() => example.close())

  const pages = (...names: string[]) => Promise.all(names.map((name) => example.page(name)))

  it('[V21] a page shows the whole state when it is opened long after the ring started', async () => {
    await example.requestChat('r1', { topic: 'server' })
    await example.requestChat('r2')
    const [ana] = await pages('ana')
    await waitUntilEqual(ana as Page, example.desk)
    expect(ana?.view()).toMatchObject({ bell: 'ringing', ringing: [{ requestId: 'r1' }, { requestId: 'r2' }] })
  })

  it('[V22] a ring starts on every page and stops on all when it is over', async () => {
    const all = await pages('ana', 'bo', 'cem')
    await example.requestChat('r1')
    await waitUntil(() => all.every(({ view }) => view().bell === 'ringing'))
    await example.desk.cancel('r1')
    await waitUntil(() => all.every(({ view }) => view().bell === 'silent'))
    for (const page of all) await waitUntilEqual(page, example.desk)
  })

  it('[V23] a mute silences one staff member on all their pages and no other, also after a reconnect', async () => {
    const all = await pages('ana', 'ana', 'bo')
    const [ana, again, bo] = all as [Page, Page, Page]
    await example.requestChat('r1')
    await waitUntil(() => all.every(({ view }) => view().bell === 'ringing'))
    expect(await ana.portal.execute({ type: 'mute', requestId: 'r1' })).toMatchObject({ ok: true })
    await waitUntil(() => again.view().bell === 'silent')
    ana.leave()
    const [back] = await pages('ana')
    expect(back?.view()).toMatchObject({ bell: 'silent', awaiting: [{ requestId: 'r1', reason: 'muted' }] })
    expect(bo.view().bell).toBe('ringing')
  })

  it('[V24] fifty concurrent accepts from five staff members have one winner, whose name the others are given', async () => {
    const all = await pages('ana', 'bo', 'cem', 'dee', 'eve')
    await example.requestChat('r1')
    await waitUntil(() => all.every(({ view }) => view().bell === 'ringing'))
    const accepts = Array.from({ length: 50 }, (_, n) =>
      all[n % 5]?.portal.execute({ type: 'accept', requestId: 'r1' }),
    )
    expect(all.map(({ view }) => view().chats.length)).toEqual([1, 1, 1, 1, 1])
    const outcomes = await Promise.all(accepts)
    const winner = example.desk.request('r1')?.assignment?.staffId ?? ''
    const winnerIndex = all.findIndex(({ view }) => view().staffId === winner)
    for (const [n, outcome] of outcomes.entries()) {
      if (n % 5 === winnerIndex) expect(outcome).toMatchObject({ ok: true })
      else expect(outcome).toMatchObject({ code: 'taken', by: winner, message: `${winner.toUpperCase()} was faster.` })
    }
    for (const page of all) await waitUntilEqual(page, example.desk)
    expect(all.map(({ view }) => view().chats.length)).toEqual([0, 1, 2, 3, 4].map((n) => Number(n === winnerIndex)))
  })

  it('[V25] an accept on one page silences the other page of the same staff member', async () => {
    const [ana, again] = (await pages('ana', 'ana')) as [Page, Page]
    await example.requestChat('r1')
    await waitUntil(() => again.view().bell === 'ringing' && ana.view().bell === 'ringing')
    await ana.portal.execute({ type: 'accept', requestId: 'r1' })
    await waitUntil(() => again.view().bell === 'silent' && again.view().chats.length === 1)
  })

  it('[V26] a page falls silent when its connection is cut, and shows what it missed after a reconnect', async () => {
    const [ana, bo] = (await pages('ana', 'bo')) as [Page, Page]
    await example.requestChat('r1')
    await waitUntil(() => ana.view().bell === 'ringing')
    ana.line.cut()
    await waitUntil(() => ana.view().connection === 'reconnecting')
    expect(ana.view()).toMatchObject({ bell: 'silent', awaiting: [{ requestId: 'r1' }] })
    expect(await ana.portal.execute({ type: 'accept', requestId: 'r1' })).toMatchObject({ code: 'offline' })
    await waitUntil(() => example.desk.staff('ana')?.isPresent === false)
    await bo.portal.execute({ type: 'accept', requestId: 'r1' })
    await example.requestChat('r2')
    ana.line.restore()
    await waitUntilEqual(ana, example.desk)
    expect(ana.view()).toMatchObject({ bell: 'ringing', ringing: [{ requestId: 'r2' }] })
  })

  it('[V27] a page on a stalled connection falls silent, its staff member becomes absent, and both recover', async () => {
    await example.close()
    example = await serveExample(transport, 200)
    const [ana] = (await pages('ana')) as [Page]
    await example.requestChat('r1')
    await waitUntil(() => ana.view().bell === 'ringing')
    ana.line.stall()
    await waitUntil(() => ana.view().bell === 'silent')
    expect(ana.view().connection).toBe('reconnecting')
    await waitUntil(() => example.desk.staff('ana')?.isPresent === false)
    ana.line.restore()
    await waitUntilEqual(ana, example.desk)
    await waitUntil(() => ana.view().bell === 'ringing' && example.desk.staff('ana')?.isPresent === true)
  })

  it('[V28] a killed server leaves pages silent, and its successor fills them again', async () => {
    const all = (await pages('ana', 'bo')) as [Page, Page]
    await example.requestChat('r1')
    await waitUntil(() => all.every(({ view }) => view().bell === 'ringing'))
    await example.running.kill()
    await waitUntil(() => all.every(({ view }) => view().connection === 'reconnecting' && view().bell === 'silent'))
    await example.desk.cancel('r1')
    example.running = await transport.start({ port: 0, desk: example.desk, pingIntervalMs })
    for (const { line } of all) line.redirect(example.running.url)
    for (const page of all) await waitUntilEqual(page, example.desk)
    await example.requestChat('r2')
    await waitUntil(() => all.every(({ view }) => view().bell === 'ringing' && view().ringing[0]?.requestId === 'r2'))
  })

  it('[V29] a forged sender is refused, on a connection that stays open', async () => {
    const [ana, bo] = (await pages('ana', 'bo')) as [Page, Page]
    await example.requestChat('r1')
    await waitUntil(() => bo.view().bell === 'ringing' && ana.view().bell === 'ringing')
    for (const type of ['accept', 'mute', 'decline'] as const) {
      const forged = { type, requestId: 'r1', staffId: 'bo' }
      expect(await ana.portal.execute(forged)).toMatchObject({ ok: false, code: 'invalid' })
    }
    const junk = ['junk', { type: 'snapshot' }, ['accept'], { type: 'command', id: 'x' }]
    for (const command of junk) expect(await ana.portal.execute(command as never)).toMatchObject({ code: 'invalid' })
    expect(example.desk.ringing('bo')).toEqual(['r1'])
    await bo.portal.execute({ type: 'accept', requestId: 'r1' })
    expect(await ana.portal.execute({ type: 'end', requestId: 'r1' })).toMatchObject({
      code: 'taken',
      message: 'BO has it.',
    })
    expect(example.desk.request('r1')?.assignment?.staffId).toBe('bo')
    await waitUntilEqual(ana, example.desk)
  })

  it('[V30] a connection without a ticket, with a forged one, or of an unknown staff member is refused', async () => {
    const [ana] = (await pages('ana')) as [Page]
    const forged = `bo.${Date.now() + 60_000}.${'A'.repeat(43)}`
    const refused = [
      example.unauthenticatedPortal({ ticket: async () => forged }, 'bo'),
      example.unauthenticatedPortal({ ticket: async () => '' }, 'bo'),
      example.unauthenticatedPortal({}, 'mallory'),
    ]
    await example.requestChat('r1')
    await waitUntil(() => ana.view().bell === 'ringing')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(refused.map((portal) => portal.getSnapshot().connection)).toEqual(['connecting', 'connecting', 'connecting'])
    expect(example.desk.staff('bo')?.isPresent).toBe(false)
  })

  it('[V31] a removed staff member is disconnected, and falls silent', async () => {
    const [ana, bo] = (await pages('ana', 'bo')) as [Page, Page]
    await example.requestChat('r1')
    await waitUntil(() => ana.view().bell === 'ringing')
    await example.desk.removeStaff('ana')
    await waitUntil(() => ana.view().connection === 'closed')
    expect(ana.view().bell).toBe('silent')
    await waitUntilEqual(bo, example.desk)
  })

  it('[V32] a visitor notification arrives once at available staff members', async () => {
    const [ana, bo] = (await pages('ana', 'bo')) as [Page, Page]
    await bo.portal.execute({ type: 'setAvailability', availability: 'away' })
    const announced: string[] = []
    ana.portal.onVisitor(({ visitorId }) => announced.push(`ana ${visitorId}`))
    bo.portal.onVisitor(({ visitorId }) => announced.push(`bo ${visitorId}`))
    await example.desk.visitorArrived({ visitorId: 'v1', facts: { page: '/pricing' } })
    await waitUntil(() => [ana, bo].every(({ view }) => view().visitors.length === 1))
    await waitUntil(() => announced.length > 0)
    expect(announced).toEqual(['ana v1'])
  })

  it('[V33] a reader that stalled has no backlog when it continues, and shows the current state', async () => {
    const [ana, bo] = (await pages('ana', 'bo')) as [Page, Page]
    const note = 'x'.repeat(16_000)
    const ids = Array.from({ length: 60 }, (_, n) => `r${n}`)
    for (const id of ids) await example.requestChat(id, { note })
    await waitUntilEqual(ana, example.desk)
    await waitUntilEqual(bo, example.desk)
    ana.line.stall()
    const before = { ana: ana.line.received, bo: bo.line.received }
    for (let round = 0; round < 41; round += 1) {
      for (const id of ids) await example.desk.execute(assignOrRelease(round, id))
      await waitUntilEqual(bo, example.desk)
    }
    await example.requestChat('last')
    ana.line.restore()
    await waitUntilEqual(ana, example.desk)
    await waitUntilEqual(bo, example.desk)
    const [stalledBytes, steadyBytes] = [ana.line.received - before.ana, bo.line.received - before.bo]
    expect(steadyBytes).toBeGreaterThan(12_000_000)
    expect(stalledBytes).toBeLessThan(steadyBytes * 0.75)
  })
})

/** A change that all screens show: a request that is assigned to Cem, and released again. */
function assignOrRelease(round: number, requestId: string) {
  if (round % 2 === 1) return { type: 'release', requestId, by: 'cem' } as const
  return { type: 'assign', requestId, staffId: 'cem', by: 'test' } as const
}
