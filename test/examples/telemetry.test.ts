import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { logToPino } from '../../examples/telemetry/log-to-pino'
import { recentCommands } from '../../examples/telemetry/recent-commands'
import { traceCommands } from '../../examples/telemetry/trace-commands'
import { type CommandReport, type Desk, manualClock, openDesk } from '../../src'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const deskOfAna = () => openDesk({ staff: [{ id: 'ana' }, { id: 'bo' }], clock: manualClock(5) })

/** Executes one command of each outcome except `failed`. */
async function executeEachOutcome(desk: Desk): Promise<void> {
  await desk.requestChat({ requestId: 'r1', visitorId: 'v1', commandId: 'c1' })
  await desk.accept('r1', 'ana')
  await desk.accept('r1', 'bo')
  await desk.execute({ type: 'accept', requestId: 'r1', staffId: 7 } as never).catch(() => {})
}

describe('the report of a command', () => {
  it('[PK10] holds the outcome and the duration, and nothing of the content', async () => {
    const desk = await deskOfAna()
    const reports: CommandReport[] = []
    desk.on('command', (report) => reports.push(report))
    await executeEachOutcome(desk)
    expect(reports.map(({ type, outcome, code }) => [type, outcome, code])).toEqual([
      ['requestChat', 'done', null],
      ['accept', 'done', null],
      ['accept', 'refused', 'taken'],
      ['accept', 'invalid', 'invalid-input'],
    ])
    expect(reports[0]).toEqual({
      ...{ type: 'requestChat', commandId: 'c1', requestId: 'r1', staffId: null, outcome: 'done', code: null },
      visitorId: 'v1',
      ...{ durationMs: expect.any(Number), version: 3, at: 5 },
    })
    expect(reports.every(({ durationMs }) => durationMs >= 0)).toBe(true)
    await desk.close()
  })

  it('[PK10] reports the failure on a closed desk, which answers as without a listener', async () => {
    const desk = await deskOfAna()
    const reports: CommandReport[] = []
    desk.on('command', (report) => reports.push(report))
    await desk.close()
    expect(await desk.accept('r1', 'ana')).toMatchObject({ code: 'unavailable', reason: 'closed' })
    expect(reports.map(({ outcome, code }) => [outcome, code])).toEqual([['failed', 'unavailable']])
  })

  it('[PK11] is kept for the last hundred commands, until the list is closed', async () => {
    const desk = await deskOfAna()
    const recent = recentCommands(desk)
    for (let index = 0; index < 103; index += 1) await desk.connect('ana', `tab-${index}`, { commandId: `c${index}` })
    expect(recent.list()).toHaveLength(100)
    expect(recent.list()[0]?.commandId).toBe('c3')
    recent.close()
    await desk.disconnect('ana', 'tab-1')
    expect(recent.list().at(-1)?.commandId).toBe('c102')
    await desk.close()
  })
})

describe('the examples of telemetry', () => {
  it('[PK12] write a line of pino for each command', async () => {
    const lines: { level: number; msg: string; code: string | null }[] = []
    const desk = await deskOfAna()
    const unsubscribe = logToPino(desk, pino({}, { write: (line: string) => lines.push(JSON.parse(line)) }))
    await executeEachOutcome(desk)
    unsubscribe()
    await desk.cancel('r1')
    const commands = lines.filter(({ msg }) => msg !== 'request unattended')
    expect(commands.map(({ level, msg }) => `${level} ${msg}`)).toEqual([
      '30 requestChat done',
      '30 accept done',
      '30 accept refused',
      '40 accept invalid',
    ])
    expect(lines.filter(({ msg }) => msg === 'request unattended')).toHaveLength(1)
    await desk.close()
  })

  it('[PK12] make a span of OpenTelemetry of each command', async () => {
    const exporter = new InMemorySpanExporter()
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    const desk = await deskOfAna()
    traceCommands(desk, provider.getTracer('desk'))
    await executeEachOutcome(desk)
    await provider.forceFlush()
    const spans = exporter.getFinishedSpans()
    expect(spans.map(({ name, attributes }) => `${name} ${attributes['frontbell.outcome']}`)).toEqual([
      'frontbell requestChat done',
      'frontbell accept done',
      'frontbell accept refused',
      'frontbell accept invalid',
    ])
    expect(spans[2]?.attributes['frontbell.code']).toBe('taken')
    await desk.close()
  })
})
