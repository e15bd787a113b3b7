import { type Desk, manualClock, openDesk } from 'frontbell'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { SupervisorFeed } from '../../examples/live-desk/supervisor/supervisor-feed'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const staff = [
  { id: 'ana', name: 'Ana', teams: ['servers'], capacity: 2 },
  { id: 'bo', name: 'Bo', teams: ['servers'], capacity: 3 },
  { id: 'cy', name: 'Cy', teams: ['billing'], capacity: 1 },
]

describe('the feed of the supervisor', () => {
  let desk: Desk
  let feed: SupervisorFeed

  beforeEach(async () => {
    desk = await openDesk({ staff, clock: manualClock(1_000), metrics: { windowMs: 60_000 } })
    feed = new SupervisorFeed(
      desk,
      staff.map(({ id }) => id),
    )
    for (const id of ['ana', 'bo']) await desk.connect(id, 'tab-1')
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { name: 'Maya', topic: 'server', secret: 1 } })
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
  })

  it('starts with the complete state: each open request with the staff for whom it rings, and the roster', async () => {
    await desk.setAvailability('bo', 'away')
    const { order, rows, staff: staffRows, stats } = feed.reader()()
    expect(order).toEqual(['r1', 'r2'])
    expect(rows.map(({ requestId, reason, ringingStaffIds }) => ({ requestId, reason, ringingStaffIds }))).toEqual([
      { requestId: 'r1', reason: 'ringing', ringingStaffIds: ['ana'] },
      { requestId: 'r2', reason: 'ringing', ringingStaffIds: ['ana'] },
    ])
    expect(rows[0]?.facts).toEqual({ name: 'Maya', topic: 'server' })
    expect(staffRows.map(({ id, state, load, capacity }) => ({ id, state, load, capacity }))).toEqual([
      { id: 'ana', state: 'available', load: 0, capacity: 2 },
      { id: 'bo', state: 'away', load: 0, capacity: 3 },
      { id: 'cy', state: 'absent', load: 0, capacity: 1 },
    ])
    expect(stats).toMatchObject({ windowMs: 60_000, accepted: 0, serviceLevel: null, medianMs: null })
  })

  it('continues with the changes since then, separately for each page', async () => {
    const [first, second] = [feed.reader(), feed.reader()]
    first()
    expect(first()).toMatchObject({ order: null, rows: [] })
    await desk.mute('r2', 'ana')
    const change = first()
    expect(change.order).toBeNull()
    expect(change.rows.map(({ requestId, ringingStaffIds }) => [requestId, ringingStaffIds])).toEqual([['r2', ['bo']]])
    expect(second().rows.map(({ requestId }) => requestId)).toEqual(['r1', 'r2'])
  })

  it('sends the new order when a request is accepted, and the load of its staff member', async () => {
    const read = feed.reader()
    read()
    await desk.accept('r1', 'ana')
    const { order, rows, staff: staffRows, stats } = read()
    expect({ order, rows }).toEqual({ order: ['r2'], rows: [] })
    expect(staffRows.find(({ id }) => id === 'ana')?.load).toBe(1)
    expect(stats).toMatchObject({ accepted: 1, serviceLevel: 1 })
  })

  it('sends an empty order when no request is open', async () => {
    const read = feed.reader()
    read()
    for (const id of ['r1', 'r2']) await desk.cancel(id)
    expect(read()).toMatchObject({ order: [], rows: [] })
  })

  it('samples the number of open requests, of those that ring for nobody, and of chats', async () => {
    const read = feed.reader()
    for (const id of ['ana', 'bo']) await desk.mute('r2', id)
    await desk.assign('r1', 'cy', { by: 'supervisor' })
    feed.sample()
    const { samples } = read()
    // The chat is unattended as well: its staff member is absent.
    expect(samples).toMatchObject([{ open: 1, unattended: 2, chats: 1, serviceLevel: 1 }])
    expect(read().samples).toEqual([])
    expect(feed.reader()().samples).toHaveLength(1)
  })
})
