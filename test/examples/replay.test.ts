import { openDesk } from 'frontbell'
import { describe, expect, it, vi } from 'vitest'
import { ChatTranscripts } from '../../examples/live-desk/chat/chat-transcripts'
import { readDeskFiles } from '../../examples/live-desk/desk-files'
import { replayDay } from '../../examples/live-desk/replay'
import { root } from '../repository-checks/source-file'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('the replay of a day', () => {
  it('rings, accepts and ends chats, and does not act for the staff member who is not simulated', async () => {
    const files = readDeskFiles(`${root}examples/live-desk`)
    const desk = await openDesk({ ...files, policy: { remindAfterMs: 200 } })
    const [own = '', ...staffIds] = files.staff.map(({ id }) => id)
    const counted = { rings: 0, accepted: 0, ended: 0, byOwn: 0 }
    desk.on('ring', () => {
      counted.rings += 1
    })
    desk.on('request.accepted', ({ staffId }) => {
      counted.accepted += 1
      if (staffId === own) counted.byOwn += 1
    })
    desk.on('request.closed', () => {
      counted.ended += 1
    })
    const stop = replayDay(
      { desk, transcripts: new ChatTranscripts() },
      { speed: 20_000, fromHour: 8, staffIds, reactMs: { min: 1, max: 10 } },
    )
    await expect.poll(() => counted.ended, { timeout: 20_000 }).toBeGreaterThan(100)
    await expect.poll(() => desk.portal(own)?.visitors.length, { timeout: 20_000 }).toBeLessThan(20)
    stop()
    expect(counted.rings).toBeGreaterThan(100)
    expect(counted.accepted).toBeGreaterThanOrEqual(counted.ended)
    expect(counted.byOwn).toBe(0)
    await desk.close()
  })
})
