import type { ContractCase } from './store-fixture'
import {
  appendAll,
  emptyHead,
  expectAppended,
  expectEqual,
  expectTrue,
  headAt,
  lastEntry,
  sampleBatch,
  sampleNamesOf,
} from './store-fixture'

export const appendCases: readonly ContractCase[] = [
  {
    title: '[L1] an empty store has its head before the first entry',
    async run({ store }) {
      expectEqual(await store.head(), emptyHead)
    },
  },
  {
    title: '[L1] the first entry has version 1',
    async run({ store }) {
      expectEqual(expectAppended(await store.append(emptyHead, sampleBatch('a'))).v, 1)
    },
  },
  {
    title: '[L1] versions follow each other without a gap',
    async run({ store }) {
      const entries = await appendAll(store, ['a', 'b', 'c', 'd'])
      expectEqual(
        entries.map(({ v }) => v),
        [1, 2, 3, 4],
      )
    },
  },
  {
    title: '[L1] the head is the position of the newest entry',
    async run({ store }) {
      const entries = await appendAll(store, ['a', 'b'])
      expectEqual(await store.head(), headAt(lastEntry(entries)))
    },
  },
  {
    title: '[L2] every entry has a hash of its own',
    async run({ store }) {
      const hashes = (await appendAll(store, ['a', 'a', 'a'])).map(({ h }) => h)
      expectEqual(new Set(hashes).size, 3)
      expectTrue(!hashes.includes(''), 'expected no empty hash')
    },
  },
  {
    title: '[L8] an entry that was answered is read as it was answered',
    async run({ store }) {
      const entries = await appendAll(store, ['a', 'b'])
      expectEqual(await store.read(0, 10), entries)
    },
  },
  {
    title: '[L8] an entry that was answered is read at once on another node',
    async run({ store, openAnotherNode }) {
      const other = await openAnotherNode()
      for (const name of ['a', 'b', 'c']) {
        const entry = expectAppended(await store.append(await other.head(), sampleBatch(name)))
        expectEqual(await other.read(entry.v - 1, 1), [entry])
      }
    },
  },
  {
    title: '[L4] two nodes append in turn, each at the head that the other left',
    async run({ store, openAnotherNode }) {
      const other = await openAnotherNode()
      for (const name of ['a', 'b', 'c', 'd']) {
        const [writer, reader] = name < 'c' ? [store, other] : [other, store]
        expectAppended(await writer.append(await reader.head(), sampleBatch(name)))
      }
      expectEqual(sampleNamesOf(await store.read(0, 10)), ['a', 'b', 'c', 'd'])
    },
  },
]

export const conflictCases: readonly ContractCase[] = [
  {
    title: '[L4] of two appends at the same head the first is appended and the second is a conflict',
    async run({ store, openAnotherNode }) {
      const other = await openAnotherNode()
      expectEqual((await store.append(emptyHead, sampleBatch('first'))).status, 'appended')
      expectEqual((await other.append(emptyHead, sampleBatch('second'))).status, 'conflict')
      expectEqual(sampleNamesOf(await store.read(0, 10)), ['first'])
    },
  },
  {
    title: '[L4] of thirty appends at once exactly one is appended',
    async run({ store, openAnotherNode }) {
      const stores = [store, await openAnotherNode(), await openAnotherNode()]
      const race = Array.from({ length: 30 }, (_, i) => stores[i % 3]?.append(emptyHead, sampleBatch(`racer-${i}`)))
      const statuses = (await Promise.all(race)).map((result) => result?.status)
      expectEqual(statuses.filter((status) => status === 'appended').length, 1, 'winners')
      expectEqual(statuses.filter((status) => status === 'conflict').length, 29, 'conflicts')
      expectEqual((await store.head()).v, 1)
    },
  },
  {
    title: '[L5] a conflict brings the entries missed, oldest first, right after the version expected',
    async run({ store }) {
      const [first, ...missed] = await appendAll(store, ['a', 'b', 'c'])
      const result = await store.append(headAt(first ?? emptyHead), sampleBatch('late'))
      expectEqual(result, { status: 'conflict', missed })
    },
  },
  {
    title: '[L5] a conflict at the very start brings all entries',
    async run({ store }) {
      const missed = await appendAll(store, ['a', 'b'])
      expectEqual(await store.append(emptyHead, sampleBatch('late')), { status: 'conflict', missed })
    },
  },
  {
    title: '[L5] a node that applies the missed entries of a conflict appends next',
    async run({ store, openAnotherNode }) {
      const other = await openAnotherNode()
      await appendAll(store, ['a', 'b'])
      const result = await other.append(emptyHead, sampleBatch('late'))
      expectTrue(result.status === 'conflict', `expected a conflict, got ${result.status}`)
      const caughtUp = result.status === 'conflict' ? lastEntry(result.missed) : emptyHead
      expectEqual((await other.append(headAt(caughtUp), sampleBatch('again'))).status, 'appended')
    },
  },
  {
    title: '[L6] an append that expects a version the store has not reached is diverged',
    async run({ store }) {
      const [first] = await appendAll(store, ['a'])
      expectEqual(await store.append({ v: 5, h: first?.h ?? '' }, sampleBatch('ahead')), { status: 'diverged' })
    },
  },
  {
    title: '[L6] an append to an empty store that expects entries is diverged',
    async run({ store }) {
      expectEqual(await store.append({ v: 1, h: 'somewhere' }, sampleBatch('ahead')), { status: 'diverged' })
      expectEqual(await store.head(), emptyHead)
    },
  },
  {
    title: '[L6] an append that expects another hash at the head is diverged',
    async run({ store }) {
      const entries = await appendAll(store, ['a', 'b'])
      expectEqual(await store.append({ v: 2, h: entries[0]?.h ?? '' }, sampleBatch('foreign')), { status: 'diverged' })
    },
  },
  {
    title: '[L6] an append that expects another hash at an older version is diverged, not a conflict',
    async run({ store }) {
      await appendAll(store, ['a', 'b', 'c'])
      expectEqual(await store.append({ v: 2, h: 'another history' }, sampleBatch('foreign')), { status: 'diverged' })
    },
  },
  {
    title: '[L6] a refused append leaves the store as it was',
    async run({ store }) {
      const entries = await appendAll(store, ['a', 'b'])
      await store.append(emptyHead, sampleBatch('conflict'))
      await store.append({ v: 9, h: 'x' }, sampleBatch('ahead'))
      await store.append({ v: 2, h: 'x' }, sampleBatch('foreign'))
      expectEqual(await store.read(0, 10), entries)
      expectEqual(await store.head(), headAt(lastEntry(entries)))
    },
  },
  {
    title: '[L4] the same append sent twice is appended once',
    async run({ store }) {
      const twice = await Promise.all([
        store.append(emptyHead, sampleBatch('a')),
        store.append(emptyHead, sampleBatch('a')),
      ])
      expectEqual(twice.map(({ status }) => status).sort(), ['appended', 'conflict'])
      expectEqual(sampleNamesOf(await store.read(0, 10)), ['a'])
    },
  },
  {
    title: '[L4] three nodes that each retry after conflicts lose no entry and double none',
    async run({ store, openAnotherNode }) {
      const nodes = [store, await openAnotherNode(), await openAnotherNode()]
      await Promise.all(
        nodes.map(async (node, n) => {
          for (let i = 0; i < 8; ) {
            const result = await node.append(await node.head(), sampleBatch(`${n}-${i}`))
            if (result.status === 'appended') i += 1
          }
        }),
      )
      const names = sampleNamesOf(await store.read(0, 100))
      expectEqual([...names].sort(), [0, 1, 2].flatMap((n) => Array.from({ length: 8 }, (_, i) => `${n}-${i}`)).sort())
      expectEqual((await store.head()).v, 24)
    },
  },
]

const centuryMs = 100 * 365 * 86_400_000

export const timeCases: readonly ContractCase[] = [
  {
    title: '[L3] instants never fall',
    async run({ store }) {
      const times = (await appendAll(store, ['a', 'b', 'c', 'd', 'e'])).map(({ t }) => t)
      expectEqual(
        times,
        [...times].sort((a, b) => a - b),
      )
    },
  },
  {
    title: '[L3] an instant is a whole number of milliseconds of wall-clock time',
    async run({ store }) {
      const { t } = expectAppended(await store.append(emptyHead, sampleBatch('a')))
      expectTrue(Number.isInteger(t) && Math.abs(t - Date.now()) < 60_000, `expected about ${Date.now()}, got ${t}`)
    },
  },
  {
    title: '[L7] a batch before its instant is refused as early, with the instant it is now',
    async run({ store }) {
      const result = await store.append(emptyHead, sampleBatch('timer', { notBeforeAt: Date.now() + centuryMs }))
      expectTrue(result.status === 'early', `expected early, got ${result.status}`)
      const now = result.status === 'early' ? result.t : 0
      expectTrue(Math.abs(now - Date.now()) < 60_000, `expected about ${Date.now()}, got ${now}`)
      expectEqual(await store.head(), emptyHead)
    },
  },
  {
    title: '[L7] a batch whose instant has come is appended, at that instant or later',
    async run({ store }) {
      const refused = await store.append(emptyHead, sampleBatch('timer', { notBeforeAt: Date.now() + centuryMs }))
      const now = refused.status === 'early' ? refused.t : Number.NaN
      const entry = expectAppended(await store.append(emptyHead, sampleBatch('timer', { notBeforeAt: now })))
      expectTrue(entry.t >= now, `expected ${now} or later, got ${entry.t}`)
    },
  },
  {
    title: '[L7] a batch with an instant long gone is appended with the present instant',
    async run({ store }) {
      const entry = expectAppended(await store.append(emptyHead, sampleBatch('timer', { notBeforeAt: 1 })))
      expectTrue(entry.t > 1, `expected the present instant, got ${entry.t}`)
    },
  },
  {
    title: '[L7] an early batch at an old head is a conflict, so that its writer catches up first',
    async run({ store }) {
      await appendAll(store, ['a'])
      const result = await store.append(emptyHead, sampleBatch('timer', { notBeforeAt: Date.now() + centuryMs }))
      expectEqual(result.status, 'conflict')
    },
  },
  {
    title: '[L7] a node that was refused as early appends other batches at the same head',
    async run({ store }) {
      const last = lastEntry(await appendAll(store, ['a']))
      await store.append(headAt(last), sampleBatch('timer', { notBeforeAt: Date.now() + centuryMs }))
      expectEqual(expectAppended(await store.append(headAt(last), sampleBatch('b'))).v, 2)
    },
  },
]
