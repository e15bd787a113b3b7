import { describe, expect, it, vi } from 'vitest'
import { createPortal, type ToPortal } from '../../src/portal'
import { anaOnTheLine, item, patch, request, screen } from './screens'

describe('the screen', () => {
  it('[P2] changes nothing for a message that comes again or late', () => {
    const { portal, line } = anaOnTheLine()
    line.receive(screen(1))
    line.receive(patch(1, 2, [], [item('r1')]))
    line.receive(patch(2, 3, ['r1'], []))
    const view = portal.getSnapshot()
    line.receive(patch(1, 2, [], [item('r1')]))
    line.receive(screen(1))
    line.receive(screen(3, [item('r9')]))
    expect(portal.getSnapshot()).toBe(view)
    expect(view).toMatchObject({ version: 3, bell: 'silent', ringing: [] })
  })

  it('[P3] silences the bell and asks for a whole screen when a message is missing', () => {
    const { portal, line, sent } = anaOnTheLine()
    line.receive(screen(1, [item('r1')]))
    expect(portal.getSnapshot()).toMatchObject({ link: 'live', bell: 'ringing' })
    line.receive(patch(2, 3, [], []))
    expect(portal.getSnapshot()).toMatchObject({ link: 'reconnecting', bell: 'silent' })
    expect(sent).toEqual([{ type: 'resync' }])
    line.receive(patch(1, 2, [], []))
    expect(portal.getSnapshot()).toMatchObject({ link: 'reconnecting', bell: 'silent' })
    line.receive(screen(3, [item('r1')]))
    expect(portal.getSnapshot()).toMatchObject({ link: 'live', bell: 'ringing' })
  })

  it('[P4] silences the bell at once when the transport drops, and keeps showing what was known', () => {
    const { portal, line } = anaOnTheLine()
    line.receive(screen(1, [item('r1')]))
    line.close()
    expect(portal.getSnapshot()).toMatchObject({ link: 'reconnecting', bell: 'silent' })
    expect(portal.getSnapshot().awaiting).toHaveLength(1)
  })

  it('[P5] takes the first screen of a connection whatever its version, as the server may have begun anew', () => {
    const { portal, line } = anaOnTheLine()
    line.receive(screen(500, [item('r1')]))
    line.close()
    const again = portal.open(() => {})
    again.receive(patch(2, 3, [], []))
    again.receive(screen(3, [item('r2')]))
    expect(portal.getSnapshot()).toMatchObject({ version: 3, link: 'live', bell: 'ringing' })
    expect(portal.getSnapshot().ringing.map(({ requestId }) => requestId)).toEqual(['r2'])
  })

  it('[P6] ignores what still comes through an earlier connection', () => {
    const { portal, line } = anaOnTheLine()
    line.receive(screen(1))
    const again = portal.open(() => {})
    again.receive(screen(2))
    line.receive(screen(3, [item('r1')]))
    line.close()
    expect(portal.getSnapshot()).toMatchObject({ version: 2, link: 'live', bell: 'silent' })
  })

  it('[P7] is the same reference until something changes, and a message that changes nothing tells nobody', () => {
    const { portal, line } = anaOnTheLine()
    const heard = vi.fn()
    const leave = portal.subscribe(heard)
    const { getSnapshot } = portal
    expect(getSnapshot()).toBe(getSnapshot())
    line.receive(screen(1))
    line.receive(screen(1))
    expect(heard).toHaveBeenCalledTimes(1)
    leave()
    line.receive(screen(2, [item('r1')]))
    expect(heard).toHaveBeenCalledTimes(1)
  })

  it('[P10] asks for a whole screen when the page becomes visible again', () => {
    let tell = () => {}
    const page = { visibilityState: 'hidden', addEventListener: (_: string, listener: () => void) => (tell = listener) }
    const { sent } = anaOnTheLine({ page })
    tell()
    expect(sent).toEqual([])
    page.visibilityState = 'visible'
    tell()
    expect(sent).toEqual([{ type: 'resync' }])
  })

  it('[P12] knows the server’s time on a device whose clock is an hour wrong', () => {
    const { portal, line } = anaOnTheLine({ now: () => 1_000 })
    line.receive({ ...screen(1), sentAt: 3_601_000 })
    expect(portal.now()).toBe(3_601_000)
  })

  it('[P13] leaves out the screen of somebody else and whatever is no message', () => {
    const { portal, line } = anaOnTheLine()
    const before = portal.getSnapshot()
    line.receive({ ...screen(1, [item('r1')]), staffId: 'bo' })
    for (const junk of [null, 7, {}, { type: 'nonsense' }]) line.receive(junk as unknown as ToPortal)
    expect(portal.getSnapshot()).toBe(before)
  })

  it('[P14] reports what one listener throws and tells the others', () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { portal, line } = anaOnTheLine()
    const heard = vi.fn()
    portal.subscribe(() => {
      throw new Error('listener')
    })
    portal.subscribe(heard)
    line.receive(screen(1))
    expect(heard).toHaveBeenCalledTimes(1)
    expect(reported).toHaveBeenCalledTimes(1)
    reported.mockRestore()
  })

  it('[P15] falls silent when the server says goodbye', () => {
    const { portal, line } = anaOnTheLine()
    line.receive(screen(1, [item('r1')]))
    line.receive({ type: 'closed', reason: 'staff-removed' })
    expect(portal.getSnapshot()).toMatchObject({ link: 'closed', bell: 'silent' })
  })
})

describe('what is asked', () => {
  it('[P8] shows a mute at once and takes it back when the desk refuses', async () => {
    const { portal, line, sent } = anaOnTheLine()
    line.receive(screen(1, [item('r1')]))
    const outcome = portal.ask({ type: 'mute', requestId: 'r1' })
    expect(portal.getSnapshot()).toMatchObject({ bell: 'silent', awaiting: [{ requestId: 'r1', why: 'muted' }] })
    expect(sent).toEqual([{ type: 'command', id: '1', command: { type: 'mute', requestId: 'r1' } }])
    const refusal = { ok: false, code: 'taken', message: 'Bo was faster.', by: 'bo' } as const
    line.receive({ type: 'answer', id: '1', version: 1, outcome: refusal })
    expect(await outcome).toEqual(refusal)
    expect(portal.getSnapshot()).toMatchObject({ bell: 'ringing', awaiting: [{ requestId: 'r1', why: 'ringing' }] })
  })

  it('[P8] shows an accept as a chat at once, until the screen says so itself', async () => {
    const { portal, line } = anaOnTheLine()
    line.receive(screen(1, [item('r1'), item('r2')]))
    const outcome = portal.ask({ type: 'accept', requestId: 'r1' })
    const shown = () => {
      const { ringing, chats } = portal.getSnapshot()
      return { ringing: ringing.map(({ requestId }) => requestId), chats: chats.map(({ requestId }) => requestId) }
    }
    expect(shown()).toEqual({ ringing: ['r2'], chats: ['r1'] })
    line.receive({ type: 'answer', id: '1', version: 2, outcome: { ok: true } })
    expect(await outcome).toEqual({ ok: true })
    expect(shown()).toEqual({ ringing: ['r2'], chats: ['r1'] })
    const chats = { out: [], put: [[0, request('r1')]] as const }
    line.receive({ type: 'patch', since: 1, version: 2, at: 2, awaiting: { out: ['r1'], put: [] }, chats })
    expect(shown()).toEqual({ ringing: ['r2'], chats: ['r1'] })
  })

  it('[P9] is answered offline without a connection, and connection-lost when it drops before the answer', async () => {
    expect(await createPortal('ana').ask({ type: 'accept', requestId: 'r1' })).toMatchObject({ code: 'offline' })
    const { portal, line } = anaOnTheLine()
    line.receive(screen(1, [item('r1')]))
    const outcome = portal.ask({ type: 'accept', requestId: 'r1' })
    line.close()
    expect(await outcome).toMatchObject({ ok: false, code: 'connection-lost' })
    expect(portal.getSnapshot().awaiting).toHaveLength(1)
  })

  it('[P11] tells each notice of a visitor once', () => {
    const { portal, line } = anaOnTheLine()
    const visitor = { visitorId: 'v1', facts: {}, arrivedAt: 0 }
    const heard = vi.fn()
    const leave = portal.onVisitor(heard)
    for (const version of [4, 4, 3, 9]) line.receive({ type: 'visitor', version, visitor })
    expect(heard.mock.calls).toEqual([[visitor], [visitor]])
    leave()
    line.receive({ type: 'visitor', version: 10, visitor })
    expect(heard).toHaveBeenCalledTimes(2)
  })
})
