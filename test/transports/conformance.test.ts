import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Page, type ServedExample, serveExample, waitUntil, waitUntilEqual } from './served-example'
import { transports } from './transports'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe.each(transports.map((transport) => [transport.name, transport] as const))('over %s', (_, transport) => {
  let office: ServedExample
  beforeEach(async () => {
    office = await serveExample(transport)
  })
  afterEach(() => office.close())

  const pages = (...names: string[]) => Promise.all(names.map((name) => office.page(name)))

  it('[V21] a page shows the whole screen when it is opened long after the ring began', async () => {
    await office.ask('r1', { topic: 'server' })
    await office.ask('r2')
    const [ana] = await pages('ana')
    await waitUntilEqual(ana as Page, office.desk)
    expect(ana?.view()).toMatchObject({ bell: 'ringing', ringing: [{ requestId: 'r1' }, { requestId: 'r2' }] })
  })

  it('[V22] a ring starts on every page and stops on all when it is over', async () => {
    const all = await pages('ana', 'bo', 'cem')
    await office.ask('r1')
    await waitUntil(() => all.every(({ view }) => view().bell === 'ringing'))
    await office.desk.cancel('r1')
    await waitUntil(() => all.every(({ view }) => view().bell === 'silent'))
    for (const page of all) await waitUntilEqual(page, office.desk)
  })

  it('[V23] a mute silences one person on all their pages and nobody else, also after a new connection', async () => {
    const all = await pages('ana', 'ana', 'bo')
    const [ana, again, bo] = all as [Page, Page, Page]
    await office.ask('r1')
    await waitUntil(() => all.every(({ view }) => view().bell === 'ringing'))
    expect(await ana.portal.execute({ type: 'mute', requestId: 'r1' })).toMatchObject({ ok: true })
    await waitUntil(() => again.view().bell === 'silent')
    ana.leave()
    const [back] = await pages('ana')
    expect(back?.view()).toMatchObject({ bell: 'silent', awaiting: [{ requestId: 'r1', reason: 'muted' }] })
    expect(bo.view().bell).toBe('ringing')
  })

  it('[V24] fifty accepts at once from five people have one winner, and the others hear who was faster', async () => {
    const all = await pages('ana', 'bo', 'cem', 'dee', 'eve')
    await office.ask('r1')
    await waitUntil(() => all.every(({ view }) => view().bell === 'ringing'))
    const asked = Array.from({ length: 50 }, (_, n) => all[n % 5]?.portal.execute({ type: 'accept', requestId: 'r1' }))
    expect(all.map(({ view }) => view().chats.length)).toEqual([1, 1, 1, 1, 1])
    const outcomes = await Promise.all(asked)
    const winner = office.desk.request('r1')?.assignment?.staffId ?? ''
    const place = all.findIndex(({ view }) => view().staffId === winner)
    for (const [n, outcome] of outcomes.entries()) {
      if (n % 5 === place) expect(outcome).toMatchObject({ ok: true })
      else expect(outcome).toMatchObject({ code: 'taken', by: winner, message: `${winner.toUpperCase()} was faster.` })
    }
    for (const page of all) await waitUntilEqual(page, office.desk)
    expect(all.map(({ view }) => view().chats.length)).toEqual([0, 1, 2, 3, 4].map((n) => Number(n === place)))
  })

  it('[V25] an accept on one page silences the other page of the same person', async () => {
    const [ana, again] = (await pages('ana', 'ana')) as [Page, Page]
    await office.ask('r1')
    await waitUntil(() => again.view().bell === 'ringing' && ana.view().bell === 'ringing')
    await ana.portal.execute({ type: 'accept', requestId: 'r1' })
    await waitUntil(() => again.view().bell === 'silent' && again.view().chats.length === 1)
  })

  it('[V26] a page falls silent when its line is cut, and shows what it missed when it is back', async () => {
    const [ana, bo] = (await pages('ana', 'bo')) as [Page, Page]
    await office.ask('r1')
    await waitUntil(() => ana.view().bell === 'ringing')
    ana.line.cut()
    await waitUntil(() => ana.view().connection === 'reconnecting')
    expect(ana.view()).toMatchObject({ bell: 'silent', awaiting: [{ requestId: 'r1' }] })
    expect(await ana.portal.execute({ type: 'accept', requestId: 'r1' })).toMatchObject({ code: 'offline' })
    await waitUntil(() => office.desk.staff('ana')?.isPresent === false)
    await bo.portal.execute({ type: 'accept', requestId: 'r1' })
    await office.ask('r2')
    ana.line.mend()
    await waitUntilEqual(ana, office.desk)
    expect(ana.view()).toMatchObject({ bell: 'ringing', ringing: [{ requestId: 'r2' }] })
  })

  it('[V27] a page on a line that died unnoticed falls silent, its person is gone, and both come back', async () => {
    const [ana] = (await pages('ana')) as [Page]
    await office.ask('r1')
    await waitUntil(() => ana.view().bell === 'ringing')
    ana.line.stall()
    await waitUntil(() => ana.view().bell === 'silent')
    expect(ana.view().connection).toBe('reconnecting')
    await waitUntil(() => office.desk.staff('ana')?.isPresent === false)
    ana.line.mend()
    await waitUntilEqual(ana, office.desk)
    await waitUntil(() => ana.view().bell === 'ringing' && office.desk.staff('ana')?.isPresent === true)
  })

  it('[V28] a server that dies leaves pages silent, and the one that follows fills them anew', async () => {
    const all = (await pages('ana', 'bo')) as [Page, Page]
    await office.ask('r1')
    await waitUntil(() => all.every(({ view }) => view().bell === 'ringing'))
    await office.running.kill()
    await waitUntil(() => all.every(({ view }) => view().connection === 'reconnecting' && view().bell === 'silent'))
    await office.desk.cancel('r1')
    office.running = await transport.start({ port: 0, desk: office.desk, pingIntervalMs: 200 })
    for (const { line } of all) line.leadTo(office.running.url)
    for (const page of all) await waitUntilEqual(page, office.desk)
    await office.ask('r2')
    await waitUntil(() => all.every(({ view }) => view().bell === 'ringing' && view().ringing[0]?.requestId === 'r2'))
  })

  it('[V29] what is sent in another name is refused, on a connection that stays', async () => {
    const [ana, bo] = (await pages('ana', 'bo')) as [Page, Page]
    await office.ask('r1')
    await waitUntil(() => bo.view().bell === 'ringing' && ana.view().bell === 'ringing')
    for (const type of ['accept', 'mute', 'decline'] as const) {
      const forged = { type, requestId: 'r1', staffId: 'bo' }
      expect(await ana.portal.execute(forged)).toMatchObject({ ok: false, code: 'invalid' })
    }
    const junk = ['junk', { type: 'snapshot' }, ['accept'], { type: 'command', id: 'x' }]
    for (const command of junk) expect(await ana.portal.execute(command as never)).toMatchObject({ code: 'invalid' })
    expect(office.desk.ringing('bo')).toEqual(['r1'])
    await bo.portal.execute({ type: 'accept', requestId: 'r1' })
    expect(await ana.portal.execute({ type: 'end', requestId: 'r1' })).toMatchObject({
      code: 'taken',
      message: 'BO has it.',
    })
    expect(office.desk.request('r1')?.assignment?.staffId).toBe('bo')
    await waitUntilEqual(ana, office.desk)
  })

  it('[V30] nobody is let in without a ticket, with a forged one, or who is not on the roster', async () => {
    const [ana] = (await pages('ana')) as [Page]
    const forged = `bo.${Date.now() + 60_000}.${'A'.repeat(43)}`
    const shut = [
      office.stranger({ ticket: async () => forged }, 'bo'),
      office.stranger({ ticket: async () => '' }, 'bo'),
      office.stranger({}, 'mallory'),
    ]
    await office.ask('r1')
    await waitUntil(() => ana.view().bell === 'ringing')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(shut.map((portal) => portal.getSnapshot().connection)).toEqual(['connecting', 'connecting', 'connecting'])
    expect(office.desk.staff('bo')?.isPresent).toBe(false)
  })

  it('[V31] a person who is removed is sent away, and falls silent', async () => {
    const [ana, bo] = (await pages('ana', 'bo')) as [Page, Page]
    await office.ask('r1')
    await waitUntil(() => ana.view().bell === 'ringing')
    await office.desk.removeStaff('ana')
    await waitUntil(() => ana.view().connection === 'closed')
    expect(ana.view().bell).toBe('silent')
    await waitUntilEqual(bo, office.desk)
  })

  it('[V32] the notice of a visitor comes once to those who are available', async () => {
    const [ana, bo] = (await pages('ana', 'bo')) as [Page, Page]
    await bo.portal.execute({ type: 'setAvailability', availability: 'away' })
    const heard: string[] = []
    ana.portal.onVisitor(({ visitorId }) => heard.push(`ana ${visitorId}`))
    bo.portal.onVisitor(({ visitorId }) => heard.push(`bo ${visitorId}`))
    await office.desk.visitorArrived({ visitorId: 'v1', facts: { page: '/pricing' } })
    await waitUntil(() => [ana, bo].every(({ view }) => view().visitors.length === 1))
    await waitUntil(() => heard.length > 0)
    expect(heard).toEqual(['ana v1'])
  })

  it('[V33] a reader who stopped has no backlog when it reads on, and shows the truth', async () => {
    await office.close()
    office = await serveExample(transport, 60_000)
    const [ana, bo] = (await pages('ana', 'bo')) as [Page, Page]
    const note = 'x'.repeat(16_000)
    const ids = Array.from({ length: 60 }, (_, n) => `r${n}`)
    for (const id of ids) await office.ask(id, { note })
    await waitUntilEqual(ana, office.desk)
    await waitUntilEqual(bo, office.desk)
    ana.line.stall()
    const before = { ana: ana.line.received, bo: bo.line.received }
    for (let round = 0; round < 41; round += 1) {
      for (const id of ids) await office.desk.execute(acceptedOrTaken(round, id))
      await waitUntilEqual(bo, office.desk)
    }
    await office.ask('last')
    ana.line.mend()
    await waitUntilEqual(ana, office.desk)
    await waitUntilEqual(bo, office.desk)
    const [missed, followed] = [ana.line.received - before.ana, bo.line.received - before.bo]
    expect(followed).toBeGreaterThan(12_000_000)
    expect(missed).toBeLessThan(followed * 0.75)
  })
})

/** What everybody sees: a request that goes to Cem, and comes back. */
function acceptedOrTaken(round: number, requestId: string) {
  if (round % 2 === 1) return { type: 'release', requestId, by: 'cem' } as const
  return { type: 'assign', requestId, staffId: 'cem', by: 'test' } as const
}
