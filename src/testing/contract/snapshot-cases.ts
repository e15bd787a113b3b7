import type { StoreEntry, StoreSnapshot } from '../../store'
import type { ContractCase } from './store-fixture'
import {
  appendAll,
  emptyHead,
  expectAppended,
  expectEqual,
  expectRejection,
  expectTrue,
  headAt,
  lastEntry,
  sampleBatch,
  sampleNamesOf,
} from './store-fixture'

export const snapshotCases: readonly ContractCase[] = [
  {
    title: '[L13] a store in which no snapshot was saved has none',
    async run({ store }) {
      expectEqual(await store.loadSnapshot(), null)
    },
  },
  {
    title: '[L13] a snapshot comes back as it was given, on every node',
    async run({ store, openAnotherNode }) {
      const snapshot = snapshotAt(lastEntry(await appendAll(store, ['a', 'b'])), {
        rings: ['Zoë'],
        nested: [null, 1.5],
      })
      await store.saveSnapshot(snapshot)
      expectEqual(await (await openAnotherNode()).loadSnapshot(), snapshot)
    },
  },
  {
    title: '[L13] a newer snapshot replaces an older one',
    async run({ store }) {
      const [a, b] = await appendTwoEntries(store)
      await store.saveSnapshot(snapshotAt(a, 'older'))
      await store.saveSnapshot(snapshotAt(b, 'newer'))
      expectEqual((await store.loadSnapshot())?.state, 'newer')
    },
  },
  {
    title: '[L13] an older snapshot that comes late does not replace a newer one',
    async run({ store }) {
      const [a, b] = await appendTwoEntries(store)
      await store.saveSnapshot(snapshotAt(b, 'newer'))
      await store.saveSnapshot(snapshotAt(a, 'older'))
      expectEqual((await store.loadSnapshot())?.state, 'newer')
    },
  },
  {
    title: '[L13] a snapshot of another history is refused',
    async run({ store }) {
      const last = lastEntry(await appendAll(store, ['a']))
      await expectRejection(store.saveSnapshot(snapshotAt({ ...last, h: 'another history' }, {})), 'store-diverged')
      expectEqual(await store.loadSnapshot(), null)
    },
  },
  {
    title: '[L13] a snapshot of a version that the store has not reached is refused',
    async run({ store }) {
      const last = lastEntry(await appendAll(store, ['a']))
      await expectRejection(store.saveSnapshot(snapshotAt({ ...last, v: 7 }, {})), 'store-diverged')
    },
  },
  {
    title: '[L14] entries near the newest snapshot are kept',
    keepEntries: 2,
    async run({ store }) {
      const entries = await appendAll(store, ['a', 'b', 'c', 'd', 'e'])
      await store.saveSnapshot(snapshotAt(entryAt(entries, 4), {}))
      expectEqual(await store.read(2, 10), entries.slice(2))
    },
  },
  {
    title: '[L14] entries far behind the newest snapshot are trimmed, and reading shows the gap',
    keepEntries: 2,
    async run({ store }) {
      const entries = await appendAll(store, ['a', 'b', 'c', 'd', 'e'])
      await store.saveSnapshot(snapshotAt(entryAt(entries, 4), {}))
      expectEqual(sampleNamesOf(await store.read(0, 10)), ['c', 'd', 'e'])
    },
  },
  {
    title: '[L14] the store goes on after it was trimmed',
    keepEntries: 1,
    async run({ store, openAnotherNode }) {
      const last = lastEntry(await appendAll(store, ['a', 'b', 'c']))
      await store.saveSnapshot(snapshotAt(last, {}))
      const next = expectAppended(await (await openAnotherNode()).append(headAt(last), sampleBatch('d')))
      expectEqual(next.v, 4)
      expectEqual(await store.read(3, 10), [next])
    },
  },
  {
    title: '[L14] an append whose expected version was trimmed is refused',
    keepEntries: 1,
    async run({ store }) {
      const entries = await appendAll(store, ['a', 'b', 'c', 'd'])
      await store.saveSnapshot(snapshotAt(lastEntry(entries), {}))
      const result = await store.append(headAt(entryAt(entries, 1)), sampleBatch('late'))
      expectTrue(['conflict', 'diverged'].includes(result.status), `expected a refusal, got ${result.status}`)
      expectEqual((await store.head()).v, 4)
    },
  },
  {
    title: '[L15] an empty store accepts a snapshot, and its head is that of the snapshot',
    async run({ store, openAnotherDesk }) {
      const snapshot = snapshotAt(lastEntry(await appendAll(await openAnotherDesk(), ['a', 'b', 'c'])), { kept: true })
      await store.saveSnapshot(snapshot)
      expectEqual(await store.head(), headAt(snapshot))
      expectEqual(await store.loadSnapshot(), snapshot)
      expectEqual(await store.append(emptyHead, sampleBatch('late')).then(({ status }) => status !== 'appended'), true)
    },
  },
  {
    title:
      '[L15] an append that expects another hash than that of the snapshot with which the store begins is diverged',
    async run({ store, openAnotherDesk }) {
      const last = lastEntry(await appendAll(await openAnotherDesk(), ['a', 'b']))
      await store.saveSnapshot(snapshotAt(last, {}))
      expectEqual(await store.append({ v: 2, h: 'another history' }, sampleBatch('c')), { status: 'diverged' })
    },
  },
  {
    title: '[L15] a store that begins with a snapshot goes on right after it',
    async run({ store, openAnotherDesk }) {
      const last = lastEntry(await appendAll(await openAnotherDesk(), ['a', 'b', 'c']))
      await store.saveSnapshot(snapshotAt(last, {}))
      const next = expectAppended(await store.append(headAt(last), sampleBatch('d')))
      expectEqual(next.v, 4)
      expectEqual(await store.read(3, 10), [next])
    },
  },
]

function snapshotAt({ v, h, t }: Pick<StoreEntry, 'v' | 'h' | 't'>, state: unknown): StoreSnapshot {
  return { v, h, t, schema: 1, state }
}

function entryAt(entries: readonly StoreEntry[], v: number): StoreEntry {
  return lastEntry(entries.filter((entry) => entry.v === v))
}

async function appendTwoEntries(store: Parameters<typeof appendAll>[0]): Promise<[StoreEntry, StoreEntry]> {
  const entries = await appendAll(store, ['a', 'b'])
  return [entryAt(entries, 1), entryAt(entries, 2)]
}
