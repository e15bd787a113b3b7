import type { AppendResult, EventStore, StoreBatch, StoreHead } from '../../../src/store'

/** What goes wrong with an append: nothing, its way there, or its way back. */
export type AppendFault = 'none' | 'lost' | 'answer-lost'

/** The log behind a wire: without the synchronous seam, each call takes a turn, and appends may get lost. */
export function asynchronousStore(store: EventStore, faultOf: () => AppendFault = () => 'none'): EventStore {
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
  const append = async (expected: StoreHead, batch: StoreBatch): Promise<AppendResult> => {
    const fault = faultOf()
    await turn()
    if (fault === 'lost') throw new Error('the wire was cut')
    const result = await store.append(expected, JSON.parse(JSON.stringify(batch)))
    await turn()
    if (fault === 'answer-lost') throw new Error('the wire was cut')
    return result
  }
  return {
    append,
    read: async (after, limit) => {
      await turn()
      return store.read(after, limit)
    },
    head: () => store.head(),
    restore: (entries) => store.restore(entries),
    saveSnapshot: (snapshot) => store.saveSnapshot(snapshot),
    loadSnapshot: () => store.loadSnapshot(),
    barrier: () => store.barrier(),
    subscribe: (listener) => store.subscribe(listener),
    close: () => store.close(),
  }
}
