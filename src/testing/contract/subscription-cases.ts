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
    title: '[L16] the bell rings after an append by another node',
    async run({ store, openAnotherNode }) {
      const other = await openAnotherNode()
      let rung = 0
      const leave = store.subscribe(() => {
        rung += 1
      })
      await untilCountIsStable(() => rung)
      const before = rung
      await appendAll(other, ['a'])
      await eventually(() => rung > before, 'the bell rings')
      leave()
    },
  },
  {
    title: '[L16] what rang the bell can be read at once',
    async run({ store, openAnotherNode }) {
      const other = await openAnotherNode()
      const seen: number[] = []
      const leave = other.subscribe(() => {
        void other.head().then(({ v }) => seen.push(v))
      })
      await untilCountIsStable(() => seen.length)
      await appendAll(store, ['a', 'b'])
      await eventually(() => seen.includes(2), 'the head that the bell is about')
      leave()
    },
  },
  {
    title: '[L16] the bell is silent for who has left',
    async run({ store, openAnotherNode }) {
      let [rung, rungOther] = [0, 0]
      const leave = store.subscribe(() => {
        rung += 1
      })
      const leaveOther = (await openAnotherNode()).subscribe(() => {
        rungOther += 1
      })
      await untilCountIsStable(() => rung + rungOther)
      leave()
      const [before, beforeOther] = [rung, rungOther]
      await appendAll(store, ['a'])
      await eventually(() => rungOther > beforeOther, 'the bell of the one who stays')
      expectEqual(rung, before)
      leaveOther()
    },
  },
  {
    title: '[L17] a bell listener that throws silences no other and fails no append',
    async run({ store }) {
      let rung = 0
      const leaves = [
        store.subscribe(() => {
          throw new Error('a broken listener')
        }),
        store.subscribe(() => {
          rung += 1
        }),
      ]
      await untilCountIsStable(() => rung)
      const before = rung
      await appendAll(store, ['a'])
      await eventually(() => rung > before, 'the bell of the other')
      for (const leave of leaves) leave()
    },
  },
  {
    title: '[L18] the barrier lets through what was appended before it',
    async run({ store }) {
      const entries = await appendAll(store, ['a'])
      await store.barrier()
      expectEqual(await store.head(), headAt(lastEntry(entries)))
    },
  },
  {
    title: '[L19] closing one node leaves the others their log',
    async run({ store, openAnotherNode }) {
      const other = await openAnotherNode()
      const last = lastEntry(await appendAll(store, ['a']))
      await store.close()
      expectEqual(expectAppended(await other.append(headAt(last), sampleBatch('b'))).v, 2)
    },
  },
  {
    title: '[L19] closing twice is closing once',
    async run({ store }) {
      await store.close()
      await store.close()
    },
  },
  {
    title: '[L20] logs of different desks share nothing',
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

/** A bell rings once when its connection is there: waits until it is quiet after that. */
async function untilCountIsStable(count: () => number): Promise<void> {
  for (let quiet = 0, last = count(); quiet < 5; quiet = count() === last ? quiet + 1 : 0) {
    last = count()
    await delay(20)
  }
}

/** For logs that know signs of life. */
export const heartbeatCases: readonly ContractCase[] = [
  {
    title: '[L32] a node that has left a sign of life is found alive by another one',
    async run({ store, openAnotherNode }) {
      if (store.heartbeat === undefined) return
      const other = await openAnotherNode()
      await store.heartbeat({ node: 'one', forMs: 60_000, others: [] })
      const answer = await other.heartbeat?.({ node: 'two', forMs: 60_000, others: ['one', 'three'] })
      expectEqual(answer?.alive, ['one'])
    },
  },
  {
    title: '[L32] a sign of life ends by itself',
    async run({ store }) {
      if (store.heartbeat === undefined) return
      await store.heartbeat({ node: 'one', forMs: 1, others: [] })
      await delay(50)
      expectEqual((await store.heartbeat({ node: 'two', forMs: 60_000, others: ['one'] })).alive, [])
    },
  },
  {
    title: '[L32] a sign of life that is left again lasts from then on',
    async run({ store }) {
      if (store.heartbeat === undefined) return
      await store.heartbeat({ node: 'one', forMs: 1, others: [] })
      await store.heartbeat({ node: 'one', forMs: 60_000, others: [] })
      await delay(50)
      expectEqual((await store.heartbeat({ node: 'two', forMs: 60_000, others: ['one'] })).alive, ['one'])
    },
  },
  {
    title: '[L32] signs of life of different desks are not mixed up',
    async run({ store, openAnotherDesk }) {
      if (store.heartbeat === undefined) return
      await store.heartbeat({ node: 'one', forMs: 60_000, others: [] })
      const answer = await (await openAnotherDesk()).heartbeat?.({ node: 'two', forMs: 60_000, others: ['one'] })
      expectEqual(answer?.alive, [])
    },
  },
  {
    title: '[L33] the roll call tells the time of the clock by which entries are stamped, and writes no entry',
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
    title: '[L16] a bell that tells a version tells one that can be read',
    async run({ store, openAnotherNode }) {
      const other = await openAnotherNode()
      const told: number[] = []
      const leave = other.subscribe((version) => void told.push(version ?? 0))
      await delay(50)
      const last = lastEntry(await appendAll(store, ['a', 'b']))
      await delay(50)
      leave()
      expectTrue(Math.max(0, ...told) <= last.v, `expected at most version ${last.v}, got ${told}`)
    },
  },
]
