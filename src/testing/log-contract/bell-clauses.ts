import type { Clause } from './clause'
import { appendAll, appendedEntry, batchOf, headOf, lastOf } from './entries'
import { eventually, pause, same } from './expectations'

export const bellClauses: readonly Clause[] = [
  {
    title: '[L16] the bell rings after an append by another node',
    async holds({ log, another }) {
      const other = await another()
      let rung = 0
      const leave = log.bell(() => {
        rung += 1
      })
      await settled(() => rung)
      const before = rung
      await appendAll(other, ['a'])
      await eventually(() => rung > before, 'the bell rings')
      leave()
    },
  },
  {
    title: '[L16] what rang the bell can be read at once',
    async holds({ log, another }) {
      const other = await another()
      const seen: number[] = []
      const leave = other.bell(() => {
        void other.head().then(({ v }) => seen.push(v))
      })
      await settled(() => seen.length)
      await appendAll(log, ['a', 'b'])
      await eventually(() => seen.includes(2), 'the head that the bell is about')
      leave()
    },
  },
  {
    title: '[L16] the bell is silent for who has left',
    async holds({ log, another }) {
      let [rung, rungOther] = [0, 0]
      const leave = log.bell(() => {
        rung += 1
      })
      const leaveOther = (await another()).bell(() => {
        rungOther += 1
      })
      await settled(() => rung + rungOther)
      leave()
      const [before, beforeOther] = [rung, rungOther]
      await appendAll(log, ['a'])
      await eventually(() => rungOther > beforeOther, 'the bell of the one who stays')
      same(rung, before)
      leaveOther()
    },
  },
  {
    title: '[L17] a bell listener that throws silences no other and fails no append',
    async holds({ log }) {
      let rung = 0
      const leaves = [
        log.bell(() => {
          throw new Error('a broken listener')
        }),
        log.bell(() => {
          rung += 1
        }),
      ]
      await settled(() => rung)
      const before = rung
      await appendAll(log, ['a'])
      await eventually(() => rung > before, 'the bell of the other')
      for (const leave of leaves) leave()
    },
  },
  {
    title: '[L18] the barrier lets through what was appended before it',
    async holds({ log }) {
      const entries = await appendAll(log, ['a'])
      await log.barrier()
      same(await log.head(), headOf(lastOf(entries)))
    },
  },
  {
    title: '[L19] closing one node leaves the others their log',
    async holds({ log, another }) {
      const other = await another()
      const last = lastOf(await appendAll(log, ['a']))
      await log.close()
      same(appendedEntry(await other.append(headOf(last), batchOf('b'))).v, 2)
    },
  },
  {
    title: '[L19] closing twice is closing once',
    async holds({ log }) {
      await log.close()
      await log.close()
    },
  },
  {
    title: '[L20] logs of different desks share nothing',
    async holds({ log, elsewhere }) {
      const other = await elsewhere()
      await appendAll(log, ['a', 'b'])
      same(await other.head(), { v: 0, h: '' })
      const entries = await appendAll(other, ['x'])
      same(await other.read(0, 10), entries)
      same((await log.head()).v, 2)
    },
  },
]

/** A bell rings once when its connection is there: waits until it is quiet after that. */
async function settled(count: () => number): Promise<void> {
  for (let quiet = 0, last = count(); quiet < 5; quiet = count() === last ? quiet + 1 : 0) {
    last = count()
    await pause(20)
  }
}
