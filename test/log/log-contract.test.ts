import { describe, expect, it } from 'vitest'
import type {
  AppendResult,
  EventLog,
  LogBatch,
  LogEntry,
  LogHead,
  LogSnapshot,
  RollAnswer,
  RollCall,
} from '../../src/log'
import { memoryLog } from '../../src/log'
import { logClauses } from '../../src/testing/log-contract'

/** A memory log that breaks one promise. Each break must be seen by a clause of the rule that it breaks. */
const breaks: readonly (readonly [rule: string, what: string, broken: (log: EventLog) => Partial<EventLog>])[] = [
  ['[L1]', 'begins with version 0', (log) => ({ head: async () => shifted(await log.head(), -1) })],
  ['[L2]', 'gives every entry the same hash', (log) => ({ append: (...given) => rehashed(log.append(...given)) })],
  ['[L3]', 'believes the clock of whoever writes', (log) => ({ append: (...given) => atOne(log.append(...given)) })],
  ['[L4]', 'takes every append', (log) => ({ append: async (_, batch) => log.append(await log.head(), batch) })],
  ['[L5]', 'leaves out the first entry missed', (log) => ({ append: (...given) => cut(log.append(...given)) })],
  ['[L6]', 'looks at versions only', (log) => ({ append: (at, batch) => anyHash(log, at, batch) })],
  [
    '[L7]',
    'takes what is early',
    (log) => ({ append: (at, batch) => log.append(at, { ...batch, notBeforeAt: null }) }),
  ],
  ['[L8]', 'reads one entry late', (log) => ({ read: (after, limit) => log.read(after + 1, limit) })],
  ['[L9]', 'cuts long texts', (log) => ({ read: async (after, limit) => shortened(await log.read(after, limit)) })],
  ['[L10]', 'forgets the last entry put back', (log) => ({ restore: (entries) => log.restore(entries.slice(0, -1)) })],
  ['[L11]', 'refuses what it has', (log) => ({ restore: (entries) => restoreStrictly(log, entries) })],
  ['[L12]', 'ignores what does not fit', (log) => ({ restore: (entries) => log.restore(entries).catch(() => {}) })],
  ['[L13]', 'believes any snapshot', (log) => believing(log)],
  [
    '[L14]',
    'hides the gap',
    (log) => ({ read: async (after, limit) => renumbered(await log.read(after, limit), after) }),
  ],
  [
    '[L15]',
    'forgets where a snapshot stands',
    (log) => ({ head: async () => ({ v: (await log.read(0, 9)).length, h: '' }) }),
  ],
  ['[L16]', 'goes on ringing for who has left', (log) => ({ bell: (listener) => endlessly(log.bell(listener)) })],
  ['[L17]', 'lets a listener fail the append', (log) => failingBells(log)],
  ['[L18]', 'has no way through the barrier', () => ({ barrier: () => Promise.reject(new Error('shut')) })],
  ['[L19]', 'cannot be closed twice', () => closingOnce()],
  ['[L20]', 'is the same for every desk', () => ({})],
  [
    '[L32]',
    'takes everybody for gone',
    (log) => ({ rollCall: async (call) => ({ ...(await roll(log, call)), alive: [] }) }),
  ],
  ['[L33]', 'has a clock that stands', (log) => ({ rollCall: async (call) => ({ ...(await roll(log, call)), t: 0 }) })],
]

describe('the contract of logs', () => {
  it('has at least forty clauses, each under the rule it checks', () => {
    expect(logClauses.length).toBeGreaterThanOrEqual(40)
    expect(logClauses.filter(({ title }) => !/^\[L\d+\] [a-z]/.test(title))).toEqual([])
    expect(new Set(logClauses.map(({ title }) => title)).size).toBe(logClauses.length)
  })

  for (const [rule, what, broken] of breaks) {
    it(`${rule} is broken by a log that ${what}`, async () => {
      const clauses = logClauses.filter(({ title }) => title.startsWith(rule))
      const kept = await Promise.all(clauses.map((clause) => isKept(clause, broken, rule === '[L20]')))
      expect(kept).toContain(false)
    })
  }
})

async function isKept(
  clause: (typeof logClauses)[number],
  broken: (log: EventLog) => Partial<EventLog>,
  isOneForAll: boolean,
): Promise<boolean> {
  const make = (): EventLog => {
    const log: EventLog = memoryLog({ now: Date.now, keepEntries: clause.keepEntries ?? 1_000 })
    return over(log, broken(log))
  }
  const log = make()
  const elsewhere = async () => (isOneForAll ? log : make())
  const held = clause.holds({ log, another: async () => log, elsewhere, end: async () => {} })
  return held.then(
    () => true,
    () => false,
  )
}

/** The log with some of its methods replaced. */
function over(log: EventLog, replaced: Partial<EventLog>): EventLog {
  return {
    read: (...given) => log.read(...given),
    append: (...given) => log.append(...given),
    head: () => log.head(),
    restore: (entries) => log.restore(entries),
    saveSnapshot: (snapshot) => log.saveSnapshot(snapshot),
    loadSnapshot: () => log.loadSnapshot(),
    barrier: () => log.barrier(),
    bell: (listener) => log.bell(listener),
    rollCall: (call) => roll(log, call),
    close: () => log.close(),
    ...replaced,
  }
}

async function roll(log: EventLog, call: RollCall): Promise<RollAnswer> {
  return (await log.rollCall?.(call)) ?? { t: 0, alive: [] }
}

function shifted({ v, h }: LogHead, by: number): LogHead {
  return { v: v + by, h }
}

async function changed(
  appending: Promise<AppendResult>,
  by: (entry: LogEntry) => Partial<LogEntry>,
): Promise<AppendResult> {
  const result = await appending
  return result.status === 'appended' ? { ...result, entry: { ...result.entry, ...by(result.entry) } } : result
}

const rehashed = (appending: Promise<AppendResult>) => changed(appending, () => ({ h: '' }))
const atOne = (appending: Promise<AppendResult>) => changed(appending, ({ v }) => ({ t: 10 - v }))

async function cut(appending: Promise<AppendResult>): Promise<AppendResult> {
  const result = await appending
  return result.status === 'conflict' ? { ...result, missed: result.missed.slice(1) } : result
}

async function anyHash(log: EventLog, at: LogHead, batch: LogBatch): Promise<AppendResult> {
  const [entry] = at.v === 0 ? [] : await log.read(at.v - 1, 1)
  return log.append({ v: at.v, h: entry?.h ?? at.h }, batch)
}

function shortened(entries: readonly LogEntry[]): LogEntry[] {
  return entries.map((entry) => {
    const events = JSON.parse(JSON.stringify(entry.payload.events), (_, part: unknown) =>
      typeof part === 'string' ? part.slice(0, 1_000) : part,
    )
    return { ...entry, payload: { ...entry.payload, events } }
  })
}

async function restoreStrictly(log: EventLog, entries: readonly LogEntry[]): Promise<void> {
  const { v } = await log.head()
  if (entries.some((entry) => entry.v <= v)) throw new Error('it is there already')
  await log.restore(entries)
}

function believing(log: EventLog): Partial<EventLog> {
  let kept: LogSnapshot | null = null
  return {
    async saveSnapshot(snapshot) {
      kept = snapshot
      await log.saveSnapshot(snapshot).catch(() => {})
    },
    loadSnapshot: async () => kept,
  }
}

function renumbered(entries: readonly LogEntry[], after: number): LogEntry[] {
  return entries.map((entry, index) => ({ ...entry, v: after + index + 1 })).slice(0, 1)
}

function failingBells(log: EventLog): Partial<EventLog> {
  const listeners: (() => void)[] = []
  return {
    bell(listener) {
      listeners.push(listener)
      return () => {}
    },
    async append(...given) {
      const result = await log.append(...given)
      for (const listener of listeners) listener()
      return result
    },
  }
}

function endlessly(_: () => void): () => void {
  return () => {}
}

function closingOnce(): Partial<EventLog> {
  let isClosed = false
  return {
    async close() {
      if (isClosed) throw new Error('closed')
      isClosed = true
    },
  }
}
