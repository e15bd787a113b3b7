import { describe, expect, it } from 'vitest'
import { type CommandInput, type CommandReport, InvalidInputError, manualClock, openDesk } from '../../src'

async function reportOf(command: unknown): Promise<CommandReport> {
  const desk = await openDesk({ clock: manualClock(0), staff: [{ id: 'ana' }] })
  await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  const reports: CommandReport[] = []
  desk.on('command', (report) => reports.push(report))
  await desk.execute(command as CommandInput).catch(() => {})
  await desk.close()
  expect(reports).toHaveLength(1)
  return reports[0] as CommandReport
}

describe('the notification of a command', () => {
  it.each(['type', 'commandId', 'requestId', 'visitorId', 'staffId'] as const)(
    '[PK13] holds the first 256 characters of its %s, however many there are',
    async (name) => {
      const command = { type: 'accept', requestId: 'r9', staffId: 'ana' }
      const whole = `${'x'.repeat(255)}y`
      for (const text of [whole, `${whole}z`, `${whole}${'z'.repeat(100_000)}`]) {
        expect((await reportOf({ ...command, [name]: text }))[name]).toBe(whole)
      }
    },
  )

  it('[PK13] holds null for an id that is no text, and runs no getter', async () => {
    const command = {
      type: 'accept',
      requestId: 7,
      staffId: { id: 'ana' },
      get commandId(): string {
        throw new Error('read')
      },
    }
    expect(await reportOf(command)).toMatchObject({
      requestId: null,
      staffId: null,
      commandId: null,
      outcome: 'invalid',
    })
    expect(await reportOf(null)).toMatchObject({ type: null, requestId: null, outcome: 'invalid' })
  })

  it('[PK13] names the visitor of the request that it is about', async () => {
    expect(await reportOf({ type: 'cancel', requestId: 'r1' })).toMatchObject({ requestId: 'r1', visitorId: 'v1' })
    expect(await reportOf({ type: 'cancel', requestId: 'r2' })).toMatchObject({ requestId: 'r2', visitorId: null })
  })

  it.each<[unknown, Partial<CommandReport>]>([
    [
      { type: 'cancel', requestId: 'r1', commandId: 'c1' },
      { commandId: 'c1', outcome: 'done', code: null },
    ],
    [
      { type: 'cancel', requestId: 'r2' },
      { commandId: null, outcome: 'refused', code: 'unknown-request' },
    ],
    [
      { type: 'cancel', requestId: '' },
      { requestId: '', outcome: 'invalid', code: 'invalid-input' },
    ],
    ['cancel', { type: null, outcome: 'invalid', code: 'invalid-input' }],
  ])('[PK10] holds what became of %j, and how long it took', async (command, expected) => {
    const report = await reportOf(command)
    expect(report).toMatchObject(expected)
    expect(report.durationMs).toBeGreaterThanOrEqual(0)
    expect(report.durationMs).toBeLessThan(performance.now())
  })

  it('[PK10] changes nothing of what malformed input is answered', async () => {
    const desk = await openDesk({ clock: manualClock(0), staff: [{ id: 'ana' }] })
    const trap = new Error('trap')
    const sprung = () => {
      throw trap
    }
    const hostile = Object.defineProperty({ type: 'cancel' }, 'requestId', { get: sprung, enumerable: true })
    const failures = async () => [
      await desk.execute({ type: 'cancel' } as never).catch((error: unknown) => error),
      await desk.execute(hostile as never).catch((error: unknown) => error),
    ]
    const before = await failures()
    expect(before).toEqual([expect.any(InvalidInputError), expect.objectContaining({ cause: trap })])
    desk.on('command', () => {})
    expect(await failures()).toEqual(before)
  })

  it('[PK10] holds that a closed desk failed to execute it', async () => {
    const desk = await openDesk({ clock: manualClock(0), staff: [{ id: 'ana' }] })
    const reports: CommandReport[] = []
    desk.on('command', (report) => reports.push(report))
    await desk.close()
    await desk.accept('r1', 'ana')
    expect(reports).toMatchObject([{ type: 'accept', outcome: 'failed', code: 'unavailable' }])
  })
})
