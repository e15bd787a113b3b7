import type { AppendResult, EventStore, StoreBatch, StoreEntry, StoreHead } from '../../store'

/** An empty store to test. Its clock refuses early batches. */
export interface StoreFixture {
  readonly store: EventStore
  /** Opens another handle on the same history, as another node does; the same object for a store of one process. */
  openAnotherNode(): Promise<EventStore>
  /** Opens an empty store of the same kind with a history of its own, as another desk does. */
  openAnotherDesk(): Promise<EventStore>
  /** Closes everything that was opened for it. */
  close(): Promise<void>
}

export type MakeStore = (options: { readonly keepEntries: number }) => Promise<StoreFixture>

/** One case of the contract. */
export interface ContractCase {
  readonly title: string
  /** Entries that the store keeps behind its newest snapshot. Default 1000. */
  readonly keepEntries?: number
  run(fixture: StoreFixture): Promise<void>
}

export const emptyHead: StoreHead = { v: 0, h: '' }

/** Returns a batch of one event that has this name. */
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

/** Returns the appended entry. @throws Error for any other result. */
export function expectAppended(result: AppendResult): StoreEntry {
  if (result.status !== 'appended') throw new Error(`expected status "appended", got ${JSON.stringify(result)}`)
  return result.entry
}

/** Appends batches in order. */
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

/** Returns the names given to `sampleBatch`, in order. */
export function sampleNamesOf(entries: readonly StoreEntry[]): string[] {
  return entries.map(({ payload }) => String(Object(payload.events[0]).visitorId))
}

/** @throws Error that says what was expected when the two are not the same JSON. */
export function expectEqual(actual: unknown, expected: unknown, what = 'value'): void {
  const [got, wanted] = [canonicalJson(actual), canonicalJson(expected)]
  if (got !== wanted) throw new Error(`${what}: expected ${wanted}, got ${got}`)
}

/** @throws Error with this text unless the condition holds. */
export function expectTrue(condition: boolean, message: string): void {
  if (!condition) throw new Error(message)
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
export async function eventually(condition: () => boolean, subject: string, forMs = 5_000): Promise<void> {
  const until = Date.now() + forMs
  while (!condition()) {
    if (Date.now() > until) throw new Error(`${subject}: not within ${forMs} ms`)
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
