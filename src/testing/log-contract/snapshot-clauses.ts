import type { LogEntry, LogSnapshot } from '../../log'
import type { Clause } from './clause'
import { appendAll, appendedEntry, batchOf, headOf, lastOf, namesOf, start } from './entries'
import { holdsTrue, rejected, same } from './expectations'

export const snapshotClauses: readonly Clause[] = [
  {
    title: '[L13] a log that was never asked to keep a snapshot has none',
    async holds({ log }) {
      same(await log.loadSnapshot(), null)
    },
  },
  {
    title: '[L13] a snapshot comes back as it was given, on every node',
    async holds({ log, another }) {
      const snapshot = snapshotAt(lastOf(await appendAll(log, ['a', 'b'])), { rings: ['Zoë'], nested: [null, 1.5] })
      await log.saveSnapshot(snapshot)
      same(await (await another()).loadSnapshot(), snapshot)
    },
  },
  {
    title: '[L13] a newer snapshot replaces an older one',
    async holds({ log }) {
      const [a, b] = await twoEntries(log)
      await log.saveSnapshot(snapshotAt(a, 'older'))
      await log.saveSnapshot(snapshotAt(b, 'newer'))
      same((await log.loadSnapshot())?.state, 'newer')
    },
  },
  {
    title: '[L13] an older snapshot that comes late does not replace a newer one',
    async holds({ log }) {
      const [a, b] = await twoEntries(log)
      await log.saveSnapshot(snapshotAt(b, 'newer'))
      await log.saveSnapshot(snapshotAt(a, 'older'))
      same((await log.loadSnapshot())?.state, 'newer')
    },
  },
  {
    title: '[L13] a snapshot of another history is refused',
    async holds({ log }) {
      const last = lastOf(await appendAll(log, ['a']))
      await rejected(log.saveSnapshot(snapshotAt({ ...last, h: 'another history' }, {})), 'log-diverged')
      same(await log.loadSnapshot(), null)
    },
  },
  {
    title: '[L13] a snapshot of a version that the log has not reached is refused',
    async holds({ log }) {
      const last = lastOf(await appendAll(log, ['a']))
      await rejected(log.saveSnapshot(snapshotAt({ ...last, v: 7 }, {})), 'log-diverged')
    },
  },
  {
    title: '[L14] entries near the newest snapshot are kept',
    keepEntries: 2,
    async holds({ log }) {
      const entries = await appendAll(log, ['a', 'b', 'c', 'd', 'e'])
      await log.saveSnapshot(snapshotAt(entryAt(entries, 4), {}))
      same(await log.read(2, 10), entries.slice(2))
    },
  },
  {
    title: '[L14] entries far behind the newest snapshot are let go, and reading shows the gap',
    keepEntries: 2,
    async holds({ log }) {
      const entries = await appendAll(log, ['a', 'b', 'c', 'd', 'e'])
      await log.saveSnapshot(snapshotAt(entryAt(entries, 4), {}))
      same(namesOf(await log.read(0, 10)), ['c', 'd', 'e'])
    },
  },
  {
    title: '[L14] the log goes on after it was trimmed',
    keepEntries: 1,
    async holds({ log, another }) {
      const last = lastOf(await appendAll(log, ['a', 'b', 'c']))
      await log.saveSnapshot(snapshotAt(last, {}))
      const next = appendedEntry(await (await another()).append(headOf(last), batchOf('d')))
      same(next.v, 4)
      same(await log.read(3, 10), [next])
    },
  },
  {
    title: '[L14] who is so far behind that its version is gone is never appended',
    keepEntries: 1,
    async holds({ log }) {
      const entries = await appendAll(log, ['a', 'b', 'c', 'd'])
      await log.saveSnapshot(snapshotAt(lastOf(entries), {}))
      const result = await log.append(headOf(entryAt(entries, 1)), batchOf('late'))
      holdsTrue(['conflict', 'diverged'].includes(result.status), `expected a refusal, got ${result.status}`)
      same((await log.head()).v, 4)
    },
  },
  {
    title: '[L15] an empty log takes a snapshot, and its head is there',
    async holds({ log, elsewhere }) {
      const snapshot = snapshotAt(lastOf(await appendAll(await elsewhere(), ['a', 'b', 'c'])), { kept: true })
      await log.saveSnapshot(snapshot)
      same(await log.head(), headOf(snapshot))
      same(await log.loadSnapshot(), snapshot)
      same(await log.append(start, batchOf('late')).then(({ status }) => status !== 'appended'), true)
    },
  },
  {
    title: '[L15] an append that expects another hash than that of the snapshot with which the log begins is diverged',
    async holds({ log, elsewhere }) {
      const last = lastOf(await appendAll(await elsewhere(), ['a', 'b']))
      await log.saveSnapshot(snapshotAt(last, {}))
      same(await log.append({ v: 2, h: 'another history' }, batchOf('c')), { status: 'diverged' })
    },
  },
  {
    title: '[L15] a log that begins with a snapshot goes on right after it',
    async holds({ log, elsewhere }) {
      const last = lastOf(await appendAll(await elsewhere(), ['a', 'b', 'c']))
      await log.saveSnapshot(snapshotAt(last, {}))
      const next = appendedEntry(await log.append(headOf(last), batchOf('d')))
      same(next.v, 4)
      same(await log.read(3, 10), [next])
    },
  },
]

function snapshotAt({ v, h, t }: Pick<LogEntry, 'v' | 'h' | 't'>, state: unknown): LogSnapshot {
  return { v, h, t, schema: 1, state }
}

function entryAt(entries: readonly LogEntry[], v: number): LogEntry {
  return lastOf(entries.filter((entry) => entry.v === v))
}

async function twoEntries(log: Parameters<typeof appendAll>[0]): Promise<[LogEntry, LogEntry]> {
  const entries = await appendAll(log, ['a', 'b'])
  return [entryAt(entries, 1), entryAt(entries, 2)]
}
