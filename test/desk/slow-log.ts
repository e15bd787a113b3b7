import type { AppendResult, EventLog, LogBatch, LogHead } from '../../src/log'

/** What goes wrong with an append: nothing, its way there, or its way back. */
export type Fault = 'none' | 'lost' | 'answer-lost'

/** The log behind a wire: without the synchronous seam, each call takes a turn, and appends may get lost. */
export function slowLog(log: EventLog, faultOf: () => Fault = () => 'none'): EventLog {
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
  const append = async (expected: LogHead, batch: LogBatch): Promise<AppendResult> => {
    const fault = faultOf()
    await turn()
    if (fault === 'lost') throw new Error('the wire was cut')
    const result = await log.append(expected, JSON.parse(JSON.stringify(batch)))
    await turn()
    if (fault === 'answer-lost') throw new Error('the wire was cut')
    return result
  }
  return {
    append,
    read: async (after, limit) => {
      await turn()
      return log.read(after, limit)
    },
    head: () => log.head(),
    restore: (entries) => log.restore(entries),
    saveSnapshot: (snapshot) => log.saveSnapshot(snapshot),
    loadSnapshot: () => log.loadSnapshot(),
    barrier: () => log.barrier(),
    bell: (listener) => log.bell(listener),
    close: () => log.close(),
  }
}
