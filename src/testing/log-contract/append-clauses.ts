import type { Clause } from './clause'
import { appendAll, appendedEntry, batchOf, headOf, lastOf, namesOf, start } from './entries'
import { holdsTrue, same } from './expectations'

export const appendClauses: readonly Clause[] = [
  {
    title: '[L1] an empty log has its head before the first entry',
    async holds({ log }) {
      same(await log.head(), start)
    },
  },
  {
    title: '[L1] the first entry has version 1',
    async holds({ log }) {
      same(appendedEntry(await log.append(start, batchOf('a'))).v, 1)
    },
  },
  {
    title: '[L1] versions follow each other without a gap',
    async holds({ log }) {
      const entries = await appendAll(log, ['a', 'b', 'c', 'd'])
      same(
        entries.map(({ v }) => v),
        [1, 2, 3, 4],
      )
    },
  },
  {
    title: '[L1] the head is the position of the newest entry',
    async holds({ log }) {
      const entries = await appendAll(log, ['a', 'b'])
      same(await log.head(), headOf(lastOf(entries)))
    },
  },
  {
    title: '[L2] every entry has a hash of its own',
    async holds({ log }) {
      const hashes = (await appendAll(log, ['a', 'a', 'a'])).map(({ h }) => h)
      same(new Set(hashes).size, 3)
      holdsTrue(!hashes.includes(''), 'expected no empty hash')
    },
  },
  {
    title: '[L8] an entry that was answered is read as it was answered',
    async holds({ log }) {
      const entries = await appendAll(log, ['a', 'b'])
      same(await log.read(0, 10), entries)
    },
  },
  {
    title: '[L8] an entry that was answered is read at once on another node',
    async holds({ log, another }) {
      const other = await another()
      for (const name of ['a', 'b', 'c']) {
        const entry = appendedEntry(await log.append(await other.head(), batchOf(name)))
        same(await other.read(entry.v - 1, 1), [entry])
      }
    },
  },
  {
    title: '[L4] two nodes append in turn, each at the head that the other left',
    async holds({ log, another }) {
      const other = await another()
      for (const name of ['a', 'b', 'c', 'd']) {
        const [writer, reader] = name < 'c' ? [log, other] : [other, log]
        appendedEntry(await writer.append(await reader.head(), batchOf(name)))
      }
      same(namesOf(await log.read(0, 10)), ['a', 'b', 'c', 'd'])
    },
  },
]
