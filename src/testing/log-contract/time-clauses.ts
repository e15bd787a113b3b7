import type { Clause } from './clause'
import { appendAll, appendedEntry, batchOf, headOf, lastOf, start } from './entries'
import { holdsTrue, same } from './expectations'

const centuryMs = 100 * 365 * 86_400_000

export const timeClauses: readonly Clause[] = [
  {
    title: '[L3] instants never fall',
    async holds({ log }) {
      const times = (await appendAll(log, ['a', 'b', 'c', 'd', 'e'])).map(({ t }) => t)
      same(
        times,
        [...times].sort((a, b) => a - b),
      )
    },
  },
  {
    title: '[L3] an instant is a whole number of milliseconds of the clock on the wall',
    async holds({ log }) {
      const { t } = appendedEntry(await log.append(start, batchOf('a')))
      holdsTrue(Number.isInteger(t) && Math.abs(t - Date.now()) < 60_000, `expected about ${Date.now()}, got ${t}`)
    },
  },
  {
    title: '[L7] a batch before its instant is refused as early, with the instant it is now',
    async holds({ log }) {
      const result = await log.append(start, batchOf('timer', { notBeforeAt: Date.now() + centuryMs }))
      holdsTrue(result.status === 'early', `expected early, got ${result.status}`)
      const now = result.status === 'early' ? result.t : 0
      holdsTrue(Math.abs(now - Date.now()) < 60_000, `expected about ${Date.now()}, got ${now}`)
      same(await log.head(), start)
    },
  },
  {
    title: '[L7] a batch whose instant has come is taken, at that instant or later',
    async holds({ log }) {
      const refused = await log.append(start, batchOf('timer', { notBeforeAt: Date.now() + centuryMs }))
      const now = refused.status === 'early' ? refused.t : Number.NaN
      const entry = appendedEntry(await log.append(start, batchOf('timer', { notBeforeAt: now })))
      holdsTrue(entry.t >= now, `expected ${now} or later, got ${entry.t}`)
    },
  },
  {
    title: '[L7] a batch with an instant long gone is taken with the present instant',
    async holds({ log }) {
      const entry = appendedEntry(await log.append(start, batchOf('timer', { notBeforeAt: 1 })))
      holdsTrue(entry.t > 1, `expected the present instant, got ${entry.t}`)
    },
  },
  {
    title: '[L7] an early batch at an old head is a conflict, so that its writer catches up first',
    async holds({ log }) {
      await appendAll(log, ['a'])
      const result = await log.append(start, batchOf('timer', { notBeforeAt: Date.now() + centuryMs }))
      same(result.status, 'conflict')
    },
  },
  {
    title: '[L7] who was refused as early appends other batches at the same head',
    async holds({ log }) {
      const last = lastOf(await appendAll(log, ['a']))
      await log.append(headOf(last), batchOf('timer', { notBeforeAt: Date.now() + centuryMs }))
      same(appendedEntry(await log.append(headOf(last), batchOf('b'))).v, 2)
    },
  },
]
