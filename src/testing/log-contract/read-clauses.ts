import type { Clause } from './clause'
import { appendAll, namesOf } from './entries'
import { same } from './expectations'

export const readClauses: readonly Clause[] = [
  {
    title: '[L8] reading an empty log gives nothing',
    async holds({ log }) {
      same(await log.read(0, 10), [])
    },
  },
  {
    title: '[L8] reading begins right after the version given, oldest first',
    async holds({ log }) {
      await appendAll(log, ['a', 'b', 'c', 'd'])
      same(namesOf(await log.read(2, 10)), ['c', 'd'])
    },
  },
  {
    title: '[L8] reading gives at most as many entries as asked for, and the rest afterwards',
    async holds({ log }) {
      await appendAll(log, ['a', 'b', 'c', 'd', 'e'])
      same(namesOf(await log.read(0, 2)), ['a', 'b'])
      same(namesOf(await log.read(2, 2)), ['c', 'd'])
      same(namesOf(await log.read(4, 2)), ['e'])
    },
  },
  {
    title: '[L8] reading after the head gives nothing',
    async holds({ log }) {
      await appendAll(log, ['a', 'b'])
      same(await log.read(2, 10), [])
      same(await log.read(99, 10), [])
    },
  },
  {
    title: '[L8] reading changes nothing and gives the same again',
    async holds({ log }) {
      await appendAll(log, ['a', 'b'])
      same(await log.read(0, 10), await log.read(0, 10))
    },
  },
  {
    title: '[L8] two hundred entries are read back in pieces as they were written',
    async holds({ log, another }) {
      const entries = await appendAll(
        log,
        Array.from({ length: 200 }, (_, i) => `entry-${i}`),
      )
      const other = await another()
      const pieces = await Promise.all([0, 64, 128, 192].map((after) => other.read(after, 64)))
      same(pieces.flat(), entries)
    },
  },
]
