import { describe, expect, it } from 'vitest'
import type {
  AppendResult,
  EventStore,
  NodeHeartbeat,
  NodeLiveness,
  StoreBatch,
  StoreEntry,
  StoreHead,
  StoreSnapshot,
} from '../../src/store'
import { memoryStore } from '../../src/store'
import { storeCases } from '../../src/testing/contract/store-contract'

/** A memory store that breaks one rule. A case of that rule must detect it. */
const mutants: readonly (readonly [rule: string, what: string, broken: (store: EventStore) => Partial<EventStore>])[] =
  [
    ['[L1]', 'begins with version 0', (store) => ({ head: async () => shifted(await store.head(), -1) })],
    [
      '[L2]',
      'gives every entry the same hash',
      (store) => ({ append: (...given) => rehashed(store.append(...given)) }),
    ],
    ['[L3]', 'takes the time from its writers', (store) => ({ append: (...given) => atOne(store.append(...given)) })],
    [
      '[L4]',
      'accepts every append',
      (store) => ({ append: async (_, batch) => store.append(await store.head(), batch) }),
    ],
    ['[L5]', 'leaves out the first entry missed', (store) => ({ append: (...given) => cut(store.append(...given)) })],
    ['[L6]', 'compares versions only', (store) => ({ append: (at, batch) => anyHash(store, at, batch) })],
    [
      '[L7]',
      'accepts an early batch',
      (store) => ({ append: (at, batch) => store.append(at, { ...batch, notBeforeAt: null }) }),
    ],
    ['[L8]', 'reads one entry late', (store) => ({ read: (after, limit) => store.read(after + 1, limit) })],
    [
      '[L9]',
      'cuts long texts',
      (store) => ({ read: async (after, limit) => shortened(await store.read(after, limit)) }),
    ],
    [
      '[L10]',
      'drops the last entry put back',
      (store) => ({ restore: (entries) => store.restore(entries.slice(0, -1)) }),
    ],
    ['[L11]', 'refuses entries that it holds', (store) => ({ restore: (entries) => restoreStrictly(store, entries) })],
    [
      '[L12]',
      'ignores entries that do not follow',
      (store) => ({ restore: (entries) => store.restore(entries).catch(() => {}) }),
    ],
    ['[L13]', 'accepts any snapshot', (store) => acceptingSnapshots(store)],
    [
      '[L14]',
      'hides the gap',
      (store) => ({ read: async (after, limit) => renumbered(await store.read(after, limit), after) }),
    ],
    [
      '[L15]',
      'loses the position of a snapshot',
      (store) => ({ head: async () => ({ v: (await store.read(0, 9)).length, h: '' }) }),
    ],
    [
      '[L16]',
      'notifies a listener that has unsubscribed',
      (store) => ({ subscribe: (listener) => endlessly(store.subscribe(listener)) }),
    ],
    ['[L17]', 'lets a listener fail the append', (store) => failingSubscription(store)],
    ['[L18]', 'never passes the barrier', () => ({ barrier: () => Promise.reject(new Error('not passed')) })],
    ['[L19]', 'cannot be closed twice', () => closingOnce()],
    ['[L20]', 'is the same for every desk', () => ({})],
    [
      '[L32]',
      'takes every node for dead',
      (store) => ({ heartbeat: async (call) => ({ ...(await heartbeat(store, call)), alive: [] }) }),
    ],
    [
      '[L33]',
      'has a clock that stands still',
      (store) => ({ heartbeat: async (call) => ({ ...(await heartbeat(store, call)), t: 0 }) }),
    ],
    [
      '[L35]',
      'gives no turn',
      (store) => ({ append: (at, { payload, notBeforeAt }) => store.append(at, { payload, notBeforeAt }) }),
    ],
    [
      '[L35]',
      'gives every writer the turn at once',
      (store) => ({ append: async (at, batch) => alwaysWithTurn(await store.append(at, batch)) }),
    ],
  ]

describe('the contract of stores', () => {
  it('has at least forty cases, each under the rule it checks', () => {
    expect(storeCases.length).toBeGreaterThanOrEqual(40)
    expect(storeCases.filter(({ title }) => !/^\[L\d+\] [a-z]/.test(title))).toEqual([])
    expect(new Set(storeCases.map(({ title }) => title)).size).toBe(storeCases.length)
  })

  for (const [rule, what, broken] of mutants) {
    it(`${rule} is broken by a store that ${what}`, async () => {
      const cases = storeCases.filter(({ title }) => title.startsWith(rule))
      const passed = await Promise.all(cases.map((each) => passes(each, broken, rule === '[L20]')))
      expect(passed).toContain(false)
    })
  }
})

async function passes(
  contractCase: (typeof storeCases)[number],
  broken: (store: EventStore) => Partial<EventStore>,
  isShared: boolean,
): Promise<boolean> {
  const make = (): EventStore => {
    const store: EventStore = memoryStore({ now: Date.now, keepEntries: contractCase.keepEntries ?? 1_000 })
    return overridden(store, broken(store))
  }
  const store = make()
  const openAnotherDesk = async () => (isShared ? store : make())
  const result = contractCase.run({
    store,
    openAnotherNode: async () => store,
    openAnotherDesk,
    close: async () => {},
  })
  return result.then(
    () => true,
    () => false,
  )
}

/** Returns the store with some of its methods replaced. */
function overridden(store: EventStore, replaced: Partial<EventStore>): EventStore {
  return {
    read: (...given) => store.read(...given),
    append: (...given) => store.append(...given),
    head: () => store.head(),
    restore: (entries) => store.restore(entries),
    saveSnapshot: (snapshot) => store.saveSnapshot(snapshot),
    loadSnapshot: () => store.loadSnapshot(),
    barrier: () => store.barrier(),
    subscribe: (listener) => store.subscribe(listener),
    heartbeat: (call) => heartbeat(store, call),
    close: () => store.close(),
    ...replaced,
  }
}

async function heartbeat(store: EventStore, call: NodeHeartbeat): Promise<NodeLiveness> {
  return (await store.heartbeat?.(call)) ?? { t: 0, alive: [] }
}

function shifted({ v, h }: StoreHead, by: number): StoreHead {
  return { v: v + by, h }
}

async function changed(
  appending: Promise<AppendResult>,
  by: (entry: StoreEntry) => Partial<StoreEntry>,
): Promise<AppendResult> {
  const result = await appending
  return result.status === 'appended' ? { ...result, entry: { ...result.entry, ...by(result.entry) } } : result
}

const rehashed = (appending: Promise<AppendResult>) => changed(appending, () => ({ h: '' }))
const atOne = (appending: Promise<AppendResult>) => changed(appending, ({ v }) => ({ t: 10 - v }))

function alwaysWithTurn(result: AppendResult): AppendResult {
  return result.status === 'conflict' ? { ...result, hasTurn: true } : result
}

async function cut(appending: Promise<AppendResult>): Promise<AppendResult> {
  const result = await appending
  return result.status === 'conflict' ? { ...result, missed: result.missed.slice(1) } : result
}

async function anyHash(store: EventStore, at: StoreHead, batch: StoreBatch): Promise<AppendResult> {
  const [entry] = at.v === 0 ? [] : await store.read(at.v - 1, 1)
  return store.append({ v: at.v, h: entry?.h ?? at.h }, batch)
}

function shortened(entries: readonly StoreEntry[]): StoreEntry[] {
  return entries.map((entry) => {
    const events = JSON.parse(JSON.stringify(entry.payload.events), (_, part: unknown) =>
      typeof part === 'string' ? part.slice(0, 1_000) : part,
    )
    return { ...entry, payload: { ...entry.payload, events } }
  })
}

async function restoreStrictly(store: EventStore, entries: readonly StoreEntry[]): Promise<void> {
  const { v } = await store.head()
  if (entries.some((entry) => entry.v <= v)) throw new Error('it is there already')
  await store.restore(entries)
}

function acceptingSnapshots(store: EventStore): Partial<EventStore> {
  let kept: StoreSnapshot | null = null
  return {
    async saveSnapshot(snapshot) {
      kept = snapshot
      await store.saveSnapshot(snapshot).catch(() => {})
    },
    loadSnapshot: async () => kept,
  }
}

function renumbered(entries: readonly StoreEntry[], after: number): StoreEntry[] {
  return entries.map((entry, index) => ({ ...entry, v: after + index + 1 })).slice(0, 1)
}

function failingSubscription(store: EventStore): Partial<EventStore> {
  const listeners: (() => void)[] = []
  return {
    subscribe(listener) {
      listeners.push(listener)
      return () => {}
    },
    async append(...given) {
      const result = await store.append(...given)
      for (const listener of listeners) listener()
      return result
    },
  }
}

function endlessly(_: () => void): () => void {
  return () => {}
}

function closingOnce(): Partial<EventStore> {
  let isClosed = false
  return {
    async close() {
      if (isClosed) throw new Error('closed')
      isClosed = true
    },
  }
}
