import type { Clause } from './clause'
import { appendAll, appendedEntry, batchOf, headOf, lastOf, namesOf, start } from './entries'
import { rejected, same } from './expectations'

export const restoreClauses: readonly Clause[] = [
  {
    title: '[L10] entries put back into a log that lost them are there verbatim',
    async holds({ log, elsewhere }) {
      const entries = await appendAll(await elsewhere(), ['a', 'b', 'c'])
      await log.restore(entries)
      same(await log.read(0, 10), entries)
      same(await log.head(), headOf(lastOf(entries)))
    },
  },
  {
    title: '[L10] the log goes on after entries that were put back',
    async holds({ log, elsewhere }) {
      const entries = await appendAll(await elsewhere(), ['a', 'b'])
      await log.restore(entries)
      const next = appendedEntry(await log.append(headOf(lastOf(entries)), batchOf('c')))
      same(namesOf(await log.read(0, 10)), ['a', 'b', 'c'])
      same(next.t >= lastOf(entries).t, true, 'instants do not fall')
    },
  },
  {
    title: '[L10] putting back nothing changes nothing',
    async holds({ log }) {
      await log.restore([])
      same(await log.head(), start)
    },
  },
  {
    title: '[L10] the lost end of a history is put back after the part that is left',
    async holds({ log, elsewhere }) {
      const entries = await appendAll(await elsewhere(), ['a', 'b', 'c', 'd'])
      await log.restore(entries.slice(0, 2))
      await log.restore(entries.slice(2))
      same(await log.read(0, 10), entries)
    },
  },
  {
    title: '[L11] putting back more than is lost adds only what is',
    async holds({ log, elsewhere }) {
      const entries = await appendAll(await elsewhere(), ['a', 'b', 'c'])
      await log.restore(entries.slice(0, 2))
      await log.restore(entries)
      same(await log.read(0, 10), entries)
    },
  },
  {
    title: '[L11] two nodes that put back the same entries at once leave them there once',
    async holds({ log, another, elsewhere }) {
      const entries = await appendAll(await elsewhere(), ['a', 'b', 'c'])
      const other = await another()
      await Promise.all([log.restore(entries), other.restore(entries)])
      same(await log.read(0, 10), entries)
    },
  },
  {
    title: '[L11] putting back what is there already changes nothing',
    async holds({ log, another }) {
      const entries = await appendAll(log, ['a', 'b', 'c'])
      await (await another()).restore(entries.slice(1))
      same(await log.read(0, 10), entries)
    },
  },
  {
    title: '[L12] entries that do not follow the head are refused',
    async holds({ log }) {
      const entries = await appendAll(log, ['a'])
      const far = { ...lastOf(entries), v: 3 }
      await rejected(log.restore([far]), 'log-diverged')
      same(await log.read(0, 10), entries)
    },
  },
  {
    title: '[L12] an entry that fits the chain and skips a version is refused',
    async holds({ log, elsewhere }) {
      const [first, second] = await appendAll(await elsewhere(), ['a', 'b'])
      if (first === undefined || second === undefined) throw new Error('expected two entries')
      await log.restore([first])
      await rejected(log.restore([{ ...second, v: 3 }]), 'log-diverged')
      same(await log.head(), headOf(first))
    },
  },
  {
    title: '[L12] an entry whose hash does not continue the chain is refused',
    async holds({ log }) {
      const last = lastOf(await appendAll(log, ['a']))
      const forged = { ...last, v: 2, h: `${last.h.slice(1)}0`, payload: batchOf('forged').payload }
      await rejected(log.restore([forged]), 'log-diverged')
      same(namesOf(await log.read(0, 10)), ['a'])
    },
  },
  {
    title: '[L12] an entry with a changed payload is refused',
    async holds({ log, elsewhere }) {
      const [first, second] = await appendAll(await elsewhere(), ['a', 'b'])
      if (first === undefined || second === undefined) throw new Error('expected two entries')
      await rejected(log.restore([{ ...first, payload: batchOf('forged').payload }, second]), 'log-diverged')
      same(await log.head(), start)
    },
  },
  {
    title: '[L12] another entry at a version long past is refused, also when the rest would fit',
    async holds({ log, elsewhere }) {
      const [first, ...rest] = await appendAll(await elsewhere(), ['a', 'b', 'c'])
      if (first === undefined) throw new Error('expected entries')
      await log.restore([first, ...rest.slice(0, 1)])
      await rejected(log.restore([{ ...first, h: 'another' }, ...rest]), 'log-diverged')
      same((await log.head()).v, 2)
    },
  },
  {
    title: '[L12] an entry that contradicts the snapshot with which the log begins is refused',
    async holds({ log, elsewhere }) {
      const entries = await appendAll(await elsewhere(), ['a', 'b', 'c'])
      const { v, h, t } = lastOf(entries.slice(0, 2))
      await log.saveSnapshot({ v, h, t, schema: 1, state: {} })
      await rejected(log.restore([{ ...lastOf(entries.slice(0, 2)), h: 'another' }]), 'log-diverged')
      await log.restore(entries.slice(2))
      same((await log.head()).v, 3)
    },
  },
  {
    title: '[L12] another entry at a version that the log holds is refused',
    async holds({ log }) {
      const [first] = await appendAll(log, ['a'])
      await rejected(
        log.restore([{ v: 1, h: 'another', t: first?.t ?? 0, payload: batchOf('b').payload }]),
        'log-diverged',
      )
      same(await log.read(0, 10), [first])
    },
  },
]
