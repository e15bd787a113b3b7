import type { StoreBatch } from '../../store'
import type { ContractCase } from './store-fixture'
import {
  appendAll,
  delay,
  emptyHead,
  eventually,
  expectAppended,
  expectEqual,
  expectTrue,
  headAt,
  lastEntry,
  sampleBatch,
} from './store-fixture'

export const subscriptionCases: readonly ContractCase[] = [
  {
    title: '[L16] a subscriber is notified after an append by another node',
    async run({ store, openAnotherNode }) {
      const other = await openAnotherNode()
      let notified = 0
      const unsubscribe = store.subscribe(() => {
        notified += 1
      })
      await untilCountIsStable(() => notified)
      const before = notified
      await appendAll(other, ['a'])
      await eventually(() => notified > before, 'a notification')
      unsubscribe()
    },
  },
  {
    title: '[L16] an entry can be read as soon as a subscriber is notified of it',
    async run({ store, openAnotherNode }) {
      const other = await openAnotherNode()
      const seen: number[] = []
      const unsubscribe = other.subscribe(() => {
        void other.head().then(({ v }) => seen.push(v))
      })
      await untilCountIsStable(() => seen.length)
      await appendAll(store, ['a', 'b'])
      await eventually(() => seen.includes(2), 'the head of the notification')
      unsubscribe()
    },
  },
  {
    title: '[L16] an unsubscribed listener is not notified',
    async run({ store, openAnotherNode }) {
      let [notified, notifiedOther] = [0, 0]
      const unsubscribe = store.subscribe(() => {
        notified += 1
      })
      const unsubscribeOther = (await openAnotherNode()).subscribe(() => {
        notifiedOther += 1
      })
      await untilCountIsStable(() => notified + notifiedOther)
      unsubscribe()
      const [before, beforeOther] = [notified, notifiedOther]
      await appendAll(store, ['a'])
      await eventually(() => notifiedOther > beforeOther, 'a notification of the remaining subscriber')
      expectEqual(notified, before)
      unsubscribeOther()
    },
  },
  {
    title: '[L17] a bell listener that throws mutes no other and fails no append',
    async run({ store }) {
      let notified = 0
      const unsubscribes = [
        store.subscribe(() => {
          throw new Error('a broken listener')
        }),
        store.subscribe(() => {
          notified += 1
        }),
      ]
      await untilCountIsStable(() => notified)
      const before = notified
      await appendAll(store, ['a'])
      await eventually(() => notified > before, 'a notification of the other listener')
      for (const unsubscribe of unsubscribes) unsubscribe()
    },
  },
  {
    title: '[L18] the barrier resolves with the entries appended before it',
    async run({ store }) {
      const entries = await appendAll(store, ['a'])
      await store.barrier()
      expectEqual(await store.head(), headAt(lastEntry(entries)))
    },
  },
  {
    title: '[L19] closing one node unsubscribes the store open on the others',
    async run({ store, openAnotherNode }) {
      const other = await openAnotherNode()
      const last = lastEntry(await appendAll(store, ['a']))
      await store.close()
      expectEqual(expectAppended(await other.append(headAt(last), sampleBatch('b'))).v, 2)
    },
  },
  {
    title: '[L19] closing twice has no further effect',
    async run({ store }) {
      await store.close()
      await store.close()
    },
  },
  {
    title: '[L20] stores of different desks share nothing',
    async run({ store, openAnotherDesk }) {
      const other = await openAnotherDesk()
      await appendAll(store, ['a', 'b'])
      expectEqual(await other.head(), { v: 0, h: '' })
      const entries = await appendAll(other, ['x'])
      expectEqual(await other.read(0, 10), entries)
      expectEqual((await store.head()).v, 2)
    },
  },
]

/** Waits until the count is stable: a subscription notifies once when its connection is open. */
export async function untilCountIsStable(count: () => number): Promise<void> {
  for (let quiet = 0, last = count(); quiet < 5; quiet = count() === last ? quiet + 1 : 0) {
    last = count()
    await delay(20)
  }
}

/** For stores that have heartbeats. */
export const heartbeatCases: readonly ContractCase[] = [
  {
    title: '[L32] a node that has sent a heartbeat is alive for another one',
    async run({ store, openAnotherNode }) {
      if (store.heartbeat === undefined) return
      const other = await openAnotherNode()
      await store.heartbeat({ node: 'one', forMs: 60_000, others: [] })
      const liveness = await other.heartbeat?.({ node: 'two', forMs: 60_000, others: ['one', 'three'] })
      expectEqual(liveness?.alive, ['one'])
    },
  },
  {
    title: '[L32] a heartbeat expires',
    async run({ store }) {
      if (store.heartbeat === undefined) return
      await store.heartbeat({ node: 'one', forMs: 1, others: [] })
      await delay(50)
      expectEqual((await store.heartbeat({ node: 'two', forMs: 60_000, others: ['one'] })).alive, [])
    },
  },
  {
    title: '[L32] a heartbeat that is sent again lasts from then on',
    async run({ store }) {
      if (store.heartbeat === undefined) return
      await store.heartbeat({ node: 'one', forMs: 1, others: [] })
      await store.heartbeat({ node: 'one', forMs: 60_000, others: [] })
      await delay(50)
      expectEqual((await store.heartbeat({ node: 'two', forMs: 60_000, others: ['one'] })).alive, ['one'])
    },
  },
  {
    title: '[L32] heartbeats of different desks are not mixed up',
    async run({ store, openAnotherDesk }) {
      if (store.heartbeat === undefined) return
      await store.heartbeat({ node: 'one', forMs: 60_000, others: [] })
      const liveness = await (await openAnotherDesk()).heartbeat?.({ node: 'two', forMs: 60_000, others: ['one'] })
      expectEqual(liveness?.alive, [])
    },
  },
  {
    title: '[L33] a heartbeat returns the time of the clock that stamps entries, and writes no entry',
    async run({ store }) {
      if (store.heartbeat === undefined) return
      const before = await store.heartbeat({ node: 'one', forMs: 60_000, others: [] })
      expectEqual(await store.head(), emptyHead)
      const entry = expectAppended(await store.append(emptyHead, sampleBatch('a')))
      const after = await store.heartbeat({ node: 'one', forMs: 60_000, others: [] })
      expectTrue(before.t <= entry.t && entry.t <= after.t, `expected ${before.t} ≤ ${entry.t} ≤ ${after.t}`)
    },
  },
  {
    title: '[L16] a notification with a version names one that can be read',
    async run({ store, openAnotherNode }) {
      const other = await openAnotherNode()
      const versions: number[] = []
      const unsubscribe = other.subscribe((version) => void versions.push(version ?? 0))
      await delay(50)
      const last = lastEntry(await appendAll(store, ['a', 'b']))
      await delay(50)
      unsubscribe()
      expectTrue(Math.max(0, ...versions) <= last.v, `expected at most version ${last.v}, got ${versions}`)
    },
  },
]

const turnMs = 1_000

/** Turns of writers, which the backend measures by its own clock. */
export const turnCases: readonly ContractCase[] = [
  {
    title: '[L35] a writer that has lost has the turn, and others are deferred until it has appended',
    async run({ store, openAnotherNode }) {
      const near = await openAnotherNode()
      const first = lastEntry(await appendAll(near, ['a']))
      const head = headAt(first)
      const lost = await store.append(emptyHead, batchOf('far', 'b', turnMs))
      expectEqual(lost, { status: 'conflict', missed: [first], hasTurn: true })
      const deferred = await near.append(head, batchOf('near', 'c'))
      expectTrue(deferred.status === 'deferred', `expected deferred, got ${deferred.status}`)
      const forMs = deferred.status === 'deferred' ? deferred.forMs : 0
      expectTrue(forMs > 0 && forMs <= turnMs, `expected 1 to ${turnMs} ms, got ${forMs}`)
      expectEqual(await near.head(), head)
      const second = expectAppended(await store.append(head, batchOf('far', 'b', turnMs)))
      expectEqual(expectAppended(await near.append(headAt(second), batchOf('near', 'c'))).v, 3)
    },
  },
  {
    title: '[L35] a writer that asks for no turn has none',
    async run({ store }) {
      const head = headAt(lastEntry(await appendAll(store, ['a'])))
      expectEqual((await store.append(emptyHead, batchOf('far', 'b'))).status, 'conflict')
      expectEqual(expectAppended(await store.append(head, batchOf('near', 'c'))).v, 2)
    },
  },
  {
    title: '[L35] a turn that is not used ends by itself',
    async run({ store }) {
      const head = headAt(lastEntry(await appendAll(store, ['a'])))
      await store.append(emptyHead, batchOf('far', 'b', 30))
      await delay(60)
      expectEqual(expectAppended(await store.append(head, batchOf('near', 'c'))).v, 2)
    },
  },
  {
    title: '[L35] of two writers that ask, the one that has waited longer is next, after a pause',
    async run({ store, openAnotherNode }) {
      const other = await openAnotherNode()
      const first = lastEntry(await appendAll(store, ['a']))
      const ask = async (writer: string) => {
        const result = await other.append(emptyHead, batchOf(writer, writer, turnMs))
        return result.status === 'conflict' && result.hasTurn === true
      }
      expectEqual([await ask('far'), await ask('farther')], [true, false])
      expectAppended(await store.append(headAt(first), batchOf('far', 'b', turnMs)))
      expectEqual(await ask('farther'), false, 'a turn in the pause')
      await delay(80)
      expectEqual([await ask('far'), await ask('farther'), await ask('far')], [false, true, false])
    },
  },
]

function batchOf(src: string, name: string, forMs?: number): StoreBatch {
  const { payload, notBeforeAt } = sampleBatch(name)
  return { payload: { ...payload, src }, notBeforeAt, ...(forMs === undefined ? {} : { turnMs: forMs }) }
}
