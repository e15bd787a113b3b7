import type { Clause } from './clause'
import { appendAll, appendedEntry, batchOf, lastOf, start } from './entries'
import { holdsTrue, pause, same } from './expectations'

/** For logs that know signs of life. */
export const rollClauses: readonly Clause[] = [
  {
    title: '[L32] a node that has left a sign of life is found alive by another one',
    async holds({ log, another }) {
      if (log.rollCall === undefined) return
      const other = await another()
      await log.rollCall({ node: 'one', forMs: 60_000, others: [] })
      const answer = await other.rollCall?.({ node: 'two', forMs: 60_000, others: ['one', 'three'] })
      same(answer?.alive, ['one'])
    },
  },
  {
    title: '[L32] a sign of life ends by itself',
    async holds({ log }) {
      if (log.rollCall === undefined) return
      await log.rollCall({ node: 'one', forMs: 1, others: [] })
      await pause(50)
      same((await log.rollCall({ node: 'two', forMs: 60_000, others: ['one'] })).alive, [])
    },
  },
  {
    title: '[L32] a sign of life that is left again lasts from then on',
    async holds({ log }) {
      if (log.rollCall === undefined) return
      await log.rollCall({ node: 'one', forMs: 1, others: [] })
      await log.rollCall({ node: 'one', forMs: 60_000, others: [] })
      await pause(50)
      same((await log.rollCall({ node: 'two', forMs: 60_000, others: ['one'] })).alive, ['one'])
    },
  },
  {
    title: '[L32] signs of life of different desks are not mixed up',
    async holds({ log, elsewhere }) {
      if (log.rollCall === undefined) return
      await log.rollCall({ node: 'one', forMs: 60_000, others: [] })
      const answer = await (await elsewhere()).rollCall?.({ node: 'two', forMs: 60_000, others: ['one'] })
      same(answer?.alive, [])
    },
  },
  {
    title: '[L33] the roll call tells the time of the clock by which entries are stamped, and writes no entry',
    async holds({ log }) {
      if (log.rollCall === undefined) return
      const before = await log.rollCall({ node: 'one', forMs: 60_000, others: [] })
      same(await log.head(), start)
      const entry = appendedEntry(await log.append(start, batchOf('a')))
      const after = await log.rollCall({ node: 'one', forMs: 60_000, others: [] })
      holdsTrue(before.t <= entry.t && entry.t <= after.t, `expected ${before.t} ≤ ${entry.t} ≤ ${after.t}`)
    },
  },
  {
    title: '[L16] a bell that tells a version tells one that can be read',
    async holds({ log, another }) {
      const other = await another()
      const told: number[] = []
      const leave = other.bell((version) => void told.push(version ?? 0))
      await pause(50)
      const last = lastOf(await appendAll(log, ['a', 'b']))
      await pause(50)
      leave()
      holdsTrue(Math.max(0, ...told) <= last.v, `expected at most version ${last.v}, got ${told}`)
    },
  },
]
