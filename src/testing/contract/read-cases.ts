import type { StorePayload } from '../../store'
import type { ContractCase } from './store-fixture'
import { appendAll, emptyHead, expectAppended, expectEqual, sampleBatch, sampleNamesOf } from './store-fixture'

export const readCases: readonly ContractCase[] = [
  {
    title: '[L8] reading an empty store gives nothing',
    async run({ store }) {
      expectEqual(await store.read(0, 10), [])
    },
  },
  {
    title: '[L8] reading begins right after the version given, oldest first',
    async run({ store }) {
      await appendAll(store, ['a', 'b', 'c', 'd'])
      expectEqual(sampleNamesOf(await store.read(2, 10)), ['c', 'd'])
    },
  },
  {
    title: '[L8] reading gives at most as many entries as asked for, and the rest afterwards',
    async run({ store }) {
      await appendAll(store, ['a', 'b', 'c', 'd', 'e'])
      expectEqual(sampleNamesOf(await store.read(0, 2)), ['a', 'b'])
      expectEqual(sampleNamesOf(await store.read(2, 2)), ['c', 'd'])
      expectEqual(sampleNamesOf(await store.read(4, 2)), ['e'])
    },
  },
  {
    title: '[L8] reading after the head gives nothing',
    async run({ store }) {
      await appendAll(store, ['a', 'b'])
      expectEqual(await store.read(2, 10), [])
      expectEqual(await store.read(99, 10), [])
    },
  },
  {
    title: '[L8] reading changes nothing and gives the same again',
    async run({ store }) {
      await appendAll(store, ['a', 'b'])
      expectEqual(await store.read(0, 10), await store.read(0, 10))
    },
  },
  {
    title: '[L8] two hundred entries are read back in pieces as they were written',
    async run({ store, openAnotherNode }) {
      const entries = await appendAll(
        store,
        Array.from({ length: 200 }, (_, i) => `entry-${i}`),
      )
      const other = await openAnotherNode()
      const pieces = await Promise.all([0, 64, 128, 192].map((after) => other.read(after, 64)))
      expectEqual(pieces.flat(), entries)
    },
  },
]

const names: readonly (readonly [string, string])[] = [
  ['of every script and direction', 'Zoë 日本語 עברית Ελλάδα 👩🏽‍💻'],
  ['of quotes, backslashes and line breaks', `"'\\\n\r\t\u2028 %s $1 :x {a} ]]> --`],
  ['of a NUL and a lone surrogate', '\u0000 and \ud800'],
]

export const payloadCases: readonly ContractCase[] = [
  ...names.map(
    ([what, text]): ContractCase => ({
      title: `[L9] a text ${what} comes back as it was written`,
      run: ({ store }) => comesBack(store, sampleBatch(text).payload),
    }),
  ),
  {
    title: '[L9] numbers, null and nested values come back as they were written',
    async run({ store }) {
      const outcome = { big: Number.MAX_SAFE_INTEGER, small: -1.5e-7, none: null, list: [[], {}], yes: true, 7: 'key' }
      await comesBack(store, { schema: 1, commands: [{ id: 'c', outcome }], events: [] })
    },
  },
  {
    title: '[L9] a batch without events, which records only commands, is an entry',
    async run({ store }) {
      await comesBack(store, { schema: 1, commands: [], events: [] })
    },
  },
  {
    title: '[L9] a payload of 300 kilobytes comes back as it was written',
    async run({ store }) {
      await comesBack(store, sampleBatch('é'.repeat(150_000)).payload)
    },
  },
  {
    title: '[L9] keys that name a prototype come back as plain keys',
    async run({ store }) {
      const outcome: unknown = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}')
      await comesBack(store, { schema: 1, commands: [{ id: 'c', outcome }], events: [] })
      expectEqual(Object(Object.create(null)).polluted, undefined)
    },
  },
]

async function comesBack(store: Parameters<ContractCase['run']>[0]['store'], payload: StorePayload): Promise<void> {
  const entry = expectAppended(await store.append(emptyHead, { payload, notBeforeAt: null }))
  const [read] = await store.read(0, 1)
  expectEqual(JSON.stringify(entry.payload), JSON.stringify(payload), 'the payload answered')
  expectEqual(JSON.stringify(read?.payload), JSON.stringify(payload), 'the payload read')
}
