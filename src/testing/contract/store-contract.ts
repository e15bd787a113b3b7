import { appendCases, conflictCases, timeCases } from './append-cases'
import { payloadCases, readCases } from './read-cases'
import { restoreCases } from './restore-cases'
import { snapshotCases } from './snapshot-cases'
import type { ContractCase, MakeStore } from './store-fixture'
import { heartbeatCases, subscriptionCases } from './subscription-cases'

export type { MakeStore, StoreFixture } from './store-fixture'

/** What the suite needs of a test runner: that of vitest, of `node:test`, or of any other that has these two. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown
  it(name: string, body: () => Promise<void>): unknown
}

/**
 * The contract that every `EventStore` keeps, as tests: `storeContract('my log', makeMyStore, { describe, it })`.
 * Each clause makes a log of its own, empty, and ends it.
 */
export function storeContract(name: string, makeStore: MakeStore, { describe, it }: TestRunner): void {
  describe(`the contract of logs, kept by ${name}`, () => {
    for (const { title, keepEntries = 1_000, run } of storeCases) {
      it(title, async () => {
        const fixture = await makeStore({ keepEntries })
        try {
          await run(fixture)
        } finally {
          await fixture.close()
        }
      })
    }
  })
}

/** The clauses, for who counts them or runs them in another way. */
export const storeCases: readonly ContractCase[] = [
  ...appendCases,
  ...conflictCases,
  ...timeCases,
  ...readCases,
  ...payloadCases,
  ...restoreCases,
  ...snapshotCases,
  ...subscriptionCases,
  ...heartbeatCases,
]
