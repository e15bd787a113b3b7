import type { NodeOnRoll } from '../../store'
import type { ContractCase } from './store-fixture'
import {
  appendAll,
  delay,
  emptyHead,
  eventually,
  expectAppended,
  expectEqual,
  expectRejection,
  expectTrue,
  headAt,
  lastEntry,
  sampleBatch,
  sampleNamesOf,
} from './store-fixture'
import { untilCountIsStable } from './subscription-cases'

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

/** For stores that know which nodes have the desk open, and which of them may hold what the backend has lost. */
export const rollCases: readonly ContractCase[] = [
  {
    title: '[L36] a node is on the roll from its first heartbeat until it leaves, and synced in one incarnation',
    async run({ store, openAnotherNode }) {
      const other = await openAnotherNode()
      const heartbeat = { node: 'one', forMs: 60_000, others: [] }
      const { roll } = (await store.heartbeat?.(heartbeat)) ?? {}
      if (roll === undefined) return
      expectEqual(roll.nodes, [])
      const nodesSeen = async () => (await other.heartbeat?.({ ...heartbeat, node: 'two' }))?.roll?.nodes
      expectEqual(await nodesSeen(), [{ node: 'one', isSynced: false }])
      await store.heartbeat?.({ ...heartbeat, syncedIn: `not ${roll.incarnation}` })
      expectEqual(await nodesSeen(), [{ node: 'one', isSynced: false }])
      const later = await store.heartbeat?.({ ...heartbeat, syncedIn: roll.incarnation })
      expectEqual(later?.roll?.incarnation, roll.incarnation)
      expectTrue((later?.roll?.ageMs ?? 0) >= roll.ageMs, 'expected an age that grows')
      expectEqual(await nodesSeen(), [{ node: 'one', isSynced: true }])
      await store.heartbeat?.({ ...heartbeat, isLeaving: true })
      const remembered = await other.heartbeat?.({ ...heartbeat, node: 'two', roll: ['one'] })
      expectEqual(remembered?.roll?.nodes, [])
    },
  },
  {
    title: '[L36] a node leaves the roll when it has been silent for 15 times as long as its heartbeat counts',
    async run({ store }) {
      const { roll } = (await store.heartbeat?.({ node: 'one', forMs: 1, others: [] })) ?? {}
      if (roll === undefined) return
      await delay(50)
      const later = await store.heartbeat?.({ node: 'two', forMs: 1, others: [] })
      expectEqual(later?.roll?.nodes, [])
    },
  },
  {
    title: '[L36] a roll that was lost is completed by those who remember it',
    async run({ store }) {
      const heartbeat = { node: 'one', forMs: 60_000, others: [], roll: ['two', 'three'] }
      const { roll } = (await store.heartbeat?.(heartbeat)) ?? {}
      if (roll === undefined) return
      const nodes = ['three', 'two'].map((node) => ({ node, isSynced: false }))
      expectEqual(roll.nodes.toSorted(byNode), nodes)
      await store.heartbeat?.({ ...heartbeat, node: 'two', syncedIn: roll.incarnation })
      const later = await store.heartbeat?.(heartbeat)
      expectEqual(later?.roll?.nodes.toSorted(byNode), [nodes[0], { node: 'two', isSynced: true }])
    },
  },
  {
    title: '[L37] the others learn at once that a node needs a snapshot, until one is saved',
    async run({ store, openAnotherNode }) {
      const heartbeat = { node: 'one', forMs: 60_000, others: [] }
      const { isSnapshotNeeded } = (await store.heartbeat?.(heartbeat)) ?? {}
      if (isSnapshotNeeded === undefined) return
      const last = lastEntry(await appendAll(store, ['a']))
      const other = await openAnotherNode()
      const versions: (number | undefined)[] = []
      const unsubscribe = other.subscribe((version) => void versions.push(version))
      await untilCountIsStable(() => versions.length)
      const before = versions.length
      expectEqual((await store.heartbeat?.({ ...heartbeat, needsSnapshot: true }))?.isSnapshotNeeded, false)
      await eventually(() => versions.length > before, 'a notification')
      expectEqual(versions.at(-1), undefined)
      unsubscribe()
      const isNeededFor = async (node: string) => (await other.heartbeat?.({ ...heartbeat, node }))?.isSnapshotNeeded
      expectEqual([await isNeededFor('two'), await isNeededFor('one')], [true, false])
      await other.saveSnapshot({ ...headAt(last), t: last.t, schema: 1, state: {} })
      expectEqual(await isNeededFor('two'), false)
    },
  },
]

function byNode(one: NodeOnRoll, other: NodeOnRoll): number {
  return one.node < other.node ? -1 : 1
}
