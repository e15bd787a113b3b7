import type { Clause } from './clause'
import { appendAll, batchOf, headOf, lastOf, namesOf, start } from './entries'
import { holdsTrue, same } from './expectations'

export const conflictClauses: readonly Clause[] = [
  {
    title: '[L4] of two appends at the same head the first is taken and the second is a conflict',
    async holds({ log, another }) {
      const other = await another()
      same((await log.append(start, batchOf('first'))).status, 'appended')
      same((await other.append(start, batchOf('second'))).status, 'conflict')
      same(namesOf(await log.read(0, 10)), ['first'])
    },
  },
  {
    title: '[L4] of thirty appends at once exactly one is taken',
    async holds({ log, another }) {
      const logs = [log, await another(), await another()]
      const race = Array.from({ length: 30 }, (_, i) => logs[i % 3]?.append(start, batchOf(`racer-${i}`)))
      const statuses = (await Promise.all(race)).map((result) => result?.status)
      same(statuses.filter((status) => status === 'appended').length, 1, 'winners')
      same(statuses.filter((status) => status === 'conflict').length, 29, 'conflicts')
      same((await log.head()).v, 1)
    },
  },
  {
    title: '[L5] a conflict brings the entries missed, oldest first, right after the version expected',
    async holds({ log }) {
      const [first, ...missed] = await appendAll(log, ['a', 'b', 'c'])
      const result = await log.append(headOf(first ?? start), batchOf('late'))
      same(result, { status: 'conflict', missed })
    },
  },
  {
    title: '[L5] a conflict at the very start brings all entries',
    async holds({ log }) {
      const missed = await appendAll(log, ['a', 'b'])
      same(await log.append(start, batchOf('late')), { status: 'conflict', missed })
    },
  },
  {
    title: '[L5] who takes in the missed entries of a conflict appends next',
    async holds({ log, another }) {
      const other = await another()
      await appendAll(log, ['a', 'b'])
      const result = await other.append(start, batchOf('late'))
      holdsTrue(result.status === 'conflict', `expected a conflict, got ${result.status}`)
      const caughtUp = result.status === 'conflict' ? lastOf(result.missed) : start
      same((await other.append(headOf(caughtUp), batchOf('again'))).status, 'appended')
    },
  },
  {
    title: '[L6] an append that expects a version the log has not reached is diverged',
    async holds({ log }) {
      const [first] = await appendAll(log, ['a'])
      same(await log.append({ v: 5, h: first?.h ?? '' }, batchOf('ahead')), { status: 'diverged' })
    },
  },
  {
    title: '[L6] an append to an empty log that expects entries is diverged',
    async holds({ log }) {
      same(await log.append({ v: 1, h: 'somewhere' }, batchOf('ahead')), { status: 'diverged' })
      same(await log.head(), start)
    },
  },
  {
    title: '[L6] an append that expects another hash at the head is diverged',
    async holds({ log }) {
      const entries = await appendAll(log, ['a', 'b'])
      same(await log.append({ v: 2, h: entries[0]?.h ?? '' }, batchOf('foreign')), { status: 'diverged' })
    },
  },
  {
    title: '[L6] an append that expects another hash at an older version is diverged, not a conflict',
    async holds({ log }) {
      await appendAll(log, ['a', 'b', 'c'])
      same(await log.append({ v: 2, h: 'another history' }, batchOf('foreign')), { status: 'diverged' })
    },
  },
  {
    title: '[L6] a refused append leaves the log as it was',
    async holds({ log }) {
      const entries = await appendAll(log, ['a', 'b'])
      await log.append(start, batchOf('conflict'))
      await log.append({ v: 9, h: 'x' }, batchOf('ahead'))
      await log.append({ v: 2, h: 'x' }, batchOf('foreign'))
      same(await log.read(0, 10), entries)
      same(await log.head(), headOf(lastOf(entries)))
    },
  },
  {
    title: '[L4] the same append sent twice is taken once',
    async holds({ log }) {
      const twice = await Promise.all([log.append(start, batchOf('a')), log.append(start, batchOf('a'))])
      same(twice.map(({ status }) => status).sort(), ['appended', 'conflict'])
      same(namesOf(await log.read(0, 10)), ['a'])
    },
  },
  {
    title: '[L4] three nodes that each retry after conflicts lose no entry and double none',
    async holds({ log, another }) {
      const nodes = [log, await another(), await another()]
      await Promise.all(
        nodes.map(async (node, n) => {
          for (let i = 0; i < 8; ) {
            const result = await node.append(await node.head(), batchOf(`${n}-${i}`))
            if (result.status === 'appended') i += 1
          }
        }),
      )
      const names = namesOf(await log.read(0, 100))
      same([...names].sort(), [0, 1, 2].flatMap((n) => Array.from({ length: 8 }, (_, i) => `${n}-${i}`)).sort())
      same((await log.head()).v, 24)
    },
  },
]
