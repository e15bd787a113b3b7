import type { ContractCase } from './store-fixture'
import {
  appendAll,
  emptyHead,
  expectAppended,
  expectEqual,
  expectRejection,
  headAt,
  lastEntry,
  sampleBatch,
  sampleNamesOf,
} from './store-fixture'

export const restoreCases: readonly ContractCase[] = [
  {
    title: '[L10] entries put back into a store that lost them are there verbatim',
    async run({ store, openAnotherDesk }) {
      const entries = await appendAll(await openAnotherDesk(), ['a', 'b', 'c'])
      await store.restore(entries)
      expectEqual(await store.read(0, 10), entries)
      expectEqual(await store.head(), headAt(lastEntry(entries)))
    },
  },
  {
    title: '[L10] the store goes on after entries that were put back',
    async run({ store, openAnotherDesk }) {
      const entries = await appendAll(await openAnotherDesk(), ['a', 'b'])
      await store.restore(entries)
      const next = expectAppended(await store.append(headAt(lastEntry(entries)), sampleBatch('c')))
      expectEqual(sampleNamesOf(await store.read(0, 10)), ['a', 'b', 'c'])
      expectEqual(next.t >= lastEntry(entries).t, true, 'instants do not fall')
    },
  },
  {
    title: '[L10] putting back nothing changes nothing',
    async run({ store }) {
      await store.restore([])
      expectEqual(await store.head(), emptyHead)
    },
  },
  {
    title: '[L10] the lost end of a history is put back after the part that is left',
    async run({ store, openAnotherDesk }) {
      const entries = await appendAll(await openAnotherDesk(), ['a', 'b', 'c', 'd'])
      await store.restore(entries.slice(0, 2))
      await store.restore(entries.slice(2))
      expectEqual(await store.read(0, 10), entries)
    },
  },
  {
    title: '[L11] putting back more than is lost adds only what is',
    async run({ store, openAnotherDesk }) {
      const entries = await appendAll(await openAnotherDesk(), ['a', 'b', 'c'])
      await store.restore(entries.slice(0, 2))
      await store.restore(entries)
      expectEqual(await store.read(0, 10), entries)
    },
  },
  {
    title: '[L11] two nodes that put back the same entries at once leave them there once',
    async run({ store, openAnotherNode, openAnotherDesk }) {
      const entries = await appendAll(await openAnotherDesk(), ['a', 'b', 'c'])
      const other = await openAnotherNode()
      await Promise.all([store.restore(entries), other.restore(entries)])
      expectEqual(await store.read(0, 10), entries)
    },
  },
  {
    title: '[L11] putting back what is there already changes nothing',
    async run({ store, openAnotherNode }) {
      const entries = await appendAll(store, ['a', 'b', 'c'])
      await (await openAnotherNode()).restore(entries.slice(1))
      expectEqual(await store.read(0, 10), entries)
    },
  },
  {
    title: '[L12] entries that do not follow the head are refused',
    async run({ store }) {
      const entries = await appendAll(store, ['a'])
      const far = { ...lastEntry(entries), v: 3 }
      await expectRejection(store.restore([far]), 'store-diverged')
      expectEqual(await store.read(0, 10), entries)
    },
  },
  {
    title: '[L12] an entry that fits the chain and skips a version is refused',
    async run({ store, openAnotherDesk }) {
      const [first, second] = await appendAll(await openAnotherDesk(), ['a', 'b'])
      if (first === undefined || second === undefined) throw new Error('expected two entries')
      await store.restore([first])
      await expectRejection(store.restore([{ ...second, v: 3 }]), 'store-diverged')
      expectEqual(await store.head(), headAt(first))
    },
  },
  {
    title: '[L12] an entry whose hash does not continue the chain is refused',
    async run({ store }) {
      const last = lastEntry(await appendAll(store, ['a']))
      const forged = { ...last, v: 2, h: `${last.h.slice(1)}0`, payload: sampleBatch('forged').payload }
      await expectRejection(store.restore([forged]), 'store-diverged')
      expectEqual(sampleNamesOf(await store.read(0, 10)), ['a'])
    },
  },
  {
    title: '[L12] an entry with a changed payload is refused',
    async run({ store, openAnotherDesk }) {
      const [first, second] = await appendAll(await openAnotherDesk(), ['a', 'b'])
      if (first === undefined || second === undefined) throw new Error('expected two entries')
      await expectRejection(
        store.restore([{ ...first, payload: sampleBatch('forged').payload }, second]),
        'store-diverged',
      )
      expectEqual(await store.head(), emptyHead)
    },
  },
  {
    title: '[L12] another entry at a version long past is refused, also when the rest would fit',
    async run({ store, openAnotherDesk }) {
      const [first, ...rest] = await appendAll(await openAnotherDesk(), ['a', 'b', 'c'])
      if (first === undefined) throw new Error('expected entries')
      await store.restore([first, ...rest.slice(0, 1)])
      await expectRejection(store.restore([{ ...first, h: 'another' }, ...rest]), 'store-diverged')
      expectEqual((await store.head()).v, 2)
    },
  },
  {
    title: '[L12] an entry that contradicts the snapshot with which the store begins is refused',
    async run({ store, openAnotherDesk }) {
      const entries = await appendAll(await openAnotherDesk(), ['a', 'b', 'c'])
      const { v, h, t } = lastEntry(entries.slice(0, 2))
      await store.saveSnapshot({ v, h, t, schema: 1, state: {} })
      await expectRejection(store.restore([{ ...lastEntry(entries.slice(0, 2)), h: 'another' }]), 'store-diverged')
      await store.restore(entries.slice(2))
      expectEqual((await store.head()).v, 3)
    },
  },
  {
    title: '[L12] another entry at a version that the store holds is refused',
    async run({ store }) {
      const [first] = await appendAll(store, ['a'])
      await expectRejection(
        store.restore([{ v: 1, h: 'another', t: first?.t ?? 0, payload: sampleBatch('b').payload }]),
        'store-diverged',
      )
      expectEqual(await store.read(0, 10), [first])
    },
  },
]
