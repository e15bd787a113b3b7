import type { CDPSession } from 'playwright-core'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** Processor time in milliseconds of every task that the renderers' main threads ran meanwhile. */
export async function mainThreadTasks(session: CDPSession, run: () => Promise<void>): Promise<readonly number[]> {
  const events: TraceEvent[] = []
  const collect = ({ value }: { readonly value: readonly unknown[] }) => {
    events.push(...(value as readonly TraceEvent[]))
  }
  session.on('Tracing.dataCollected', collect)
  const includedCategories = ['toplevel', 'devtools.timeline', '__metadata']
  await session.send('Tracing.start', { traceConfig: { includedCategories }, transferMode: 'ReportEvents' })
  try {
    await run()
  } finally {
    const complete = new Promise((done) => session.once('Tracing.tracingComplete', done))
    await session.send('Tracing.end')
    await complete
    session.off('Tracing.dataCollected', collect)
  }
  const mains = new Set(events.filter(isRendererMain).map(threadOf))
  return events
    .filter((event) => mains.has(threadOf(event)) && event.ph === 'X' && event.name.endsWith('RunTask'))
    .map(({ tdur = 0 }) => tdur / 1_000)
}

function isRendererMain({ name, args }: TraceEvent): boolean {
  return name === 'thread_name' && args?.name === 'CrRendererMain'
}

function threadOf({ pid, tid }: TraceEvent): string {
  return `${pid} ${tid}`
}
