import type { AppendResult, EventStore, StoreBatch, StoreEntry, StoreHead } from '../../store'

/** An empty log to try, with a clock that refuses what is early. */
export interface StoreFixture {
  readonly store: EventStore
  /** Another handle on the same history, as another node has it; the same object where a log lives in one process. */
  openAnotherNode(): Promise<EventStore>
  /** An empty log of the same kind with a history of its own, as another desk has it. */
  openAnotherDesk(): Promise<EventStore>
  /** Ends what was started for it. */
  close(): Promise<void>
}

export type MakeStore = (options: { readonly keepEntries: number }) => Promise<StoreFixture>

/** One promise of the contract: a sentence, and how to see that it holds. */
export interface ContractCase {
  readonly title: string
  /** How many entries the log keeps behind its newest snapshot; many where the clause does not say. */
  readonly keepEntries?: number
  run(fixture: StoreFixture): Promise<void>
}

export const emptyHead: StoreHead = { v: 0, h: '' }

/** A batch of one event that is told apart by its name. */
export function sampleBatch(name: string, more: Partial<StoreBatch> = {}): StoreBatch {
  return {
    payload: {
      schema: 1,
      commands: [{ id: `command-${name}`, outcome: { ok: true } }],
      events: [{ type: 'visitor.left', visitorId: name, abandonAt: null, at: 1 }],
    },
    notBeforeAt: null,
    ...more,
  }
}

/** The entry that an append gave. @throws Error when it gave another answer. */
export function expectAppended(result: AppendResult): StoreEntry {
  if (result.status !== 'appended') throw new Error(`expected status "appended", got ${JSON.stringify(result)}`)
  return result.entry
}

/** Appends one batch after another, each right after the one before. */
export async function appendAll(
  store: EventStore,
  names: readonly string[],
  after: StoreHead = emptyHead,
): Promise<StoreEntry[]> {
  const entries: StoreEntry[] = []
  for (const name of names) {
    entries.push(expectAppended(await store.append(entries.at(-1) ?? after, sampleBatch(name))))
  }
  return entries
}

export function headAt({ v, h }: StoreHead): StoreHead {
  return { v, h }
}

export function lastEntry(entries: readonly StoreEntry[]): StoreEntry {
  const last = entries.at(-1)
  if (last === undefined) throw new Error('expected at least one entry, got none')
  return last
}

/** Names of the entries' visitors, in order: what `batchOf` was given. */
export function sampleNamesOf(entries: readonly StoreEntry[]): string[] {
  return entries.map(({ payload }) => String(Object(payload.events[0]).visitorId))
}

/** @throws Error that says what was expected when the two are not the same JSON. */
export function expectEqual(actual: unknown, expected: unknown, what = 'value'): void {
  const [came, awaited] = [canonicalJson(actual), canonicalJson(expected)]
  if (came !== awaited) throw new Error(`${what}: expected ${awaited}, got ${came}`)
}

/** @throws Error with this text unless the condition holds. */
export function expectTrue(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise)
}

/** @throws Error unless the promise is rejected with an error of this code. */
export async function expectRejection(promise: Promise<unknown>, code: string): Promise<void> {
  let failure: unknown
  try {
    await promise
  } catch (thrown) {
    failure = thrown
  }
  if (failure === undefined) throw new Error(`expected a rejection with code "${code}", and it was resolved`)
  expectEqual(Object(failure).code, code, `code of the rejection (${String(failure)})`)
}

/** Waits until the condition holds. @throws Error when it does not within the time. */
export async function eventually(condition: () => boolean, what: string, forMs = 5_000): Promise<void> {
  const until = Date.now() + forMs
  while (!condition()) {
    if (Date.now() > until) throw new Error(`${what}: not within ${forMs} ms`)
    await delay(5)
  }
}

export function delay(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs))
}

/** JSON with keys in order, so that two texts are equal exactly when the values are. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
