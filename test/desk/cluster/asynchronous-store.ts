import type { AppendResult, EventStore, StoreBatch, StoreHead } from '../../../src/store'

/** What is lost of an append: nothing, the call, or the answer. */
export type AppendFault = 'none' | 'lost' | 'answer-lost'

/** A store that is asynchronous only: each call takes a turn of the event loop, and appends may get lost. */
export function asynchronousStore(store: EventStore, faultOf: () => AppendFault = () => 'none'): EventStore {
  const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
  const append = async (expected: StoreHead, batch: StoreBatch): Promise<AppendResult> => {
    const fault = faultOf()
    await nextTurn()
    if (fault === 'lost') throw new Error('the connection was cut')
    const result = await store.append(expected, JSON.parse(JSON.stringify(batch)))
    await nextTurn()
    if (fault === 'answer-lost') throw new Error('the connection was cut')
    return result
  }
  return {
    append,
    read: async (after, limit) => {
      await nextTurn()
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
