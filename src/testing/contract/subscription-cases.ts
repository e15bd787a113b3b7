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
async function untilCountIsStable(count: () => number): Promise<void> {
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
