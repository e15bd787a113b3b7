import type { LogPayload } from '../../log'
import type { Clause } from './clause'
import { appendedEntry, batchOf, start } from './entries'
import { same } from './expectations'

const names: readonly (readonly [string, string])[] = [
  ['of every script and direction', 'Zoë 日本語 עברית Ελλάδα 👩🏽‍💻'],
  ['of quotes, backslashes and line breaks', `"'\\\n\r\t\u2028 %s $1 :x {a} ]]> --`],
  ['of a NUL and a lone surrogate', '\u0000 and \ud800'],
]

export const payloadClauses: readonly Clause[] = [
  ...names.map(
    ([what, text]): Clause => ({
      title: `[L9] a text ${what} comes back as it was written`,
      holds: ({ log }) => comesBack(log, batchOf(text).payload),
    }),
  ),
  {
    title: '[L9] numbers, nothing and nested values come back as they were written',
    async holds({ log }) {
      const outcome = { big: Number.MAX_SAFE_INTEGER, small: -1.5e-7, none: null, list: [[], {}], yes: true, 7: 'key' }
      await comesBack(log, { schema: 1, commands: [{ id: 'c', outcome }], events: [] })
    },
  },
  {
    title: '[L9] a batch without events, which only remembers commands, is an entry like others',
    async holds({ log }) {
      await comesBack(log, { schema: 1, commands: [], events: [] })
    },
  },
  {
    title: '[L9] a payload of 300 kilobytes comes back as it was written',
    async holds({ log }) {
      await comesBack(log, batchOf('é'.repeat(150_000)).payload)
    },
  },
  {
    title: '[L9] keys that name a prototype come back as plain keys',
    async holds({ log }) {
      const outcome: unknown = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}')
      await comesBack(log, { schema: 1, commands: [{ id: 'c', outcome }], events: [] })
      same(Object(Object.create(null)).polluted, undefined)
    },
  },
]

async function comesBack(log: Parameters<Clause['holds']>[0]['log'], payload: LogPayload): Promise<void> {
  const entry = appendedEntry(await log.append(start, { payload, notBeforeAt: null }))
  const [read] = await log.read(0, 1)
  same(JSON.stringify(entry.payload), JSON.stringify(payload), 'the payload answered')
  same(JSON.stringify(read?.payload), JSON.stringify(payload), 'the payload read')
}
