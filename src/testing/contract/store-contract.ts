import { appendCases, conflictCases, timeCases } from './append-cases'
import { payloadCases, readCases } from './read-cases'
import { restoreCases, rollCases } from './restore-cases'
import { snapshotCases } from './snapshot-cases'
import type { ContractCase, MakeStore } from './store-fixture'
import { heartbeatCases, subscriptionCases, turnCases } from './subscription-cases'

export type { MakeStore, StoreFixture } from './store-fixture'

/** The two functions of a test runner: those of vitest, `node:test` or any other. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown
  it(name: string, body: () => Promise<void>): unknown
}

/**
 * Defines the tests of the contract of every `EventStore`: `storeContract('my store', makeMyStore, { describe, it })`.
 * Each case makes an empty store of its own, and closes it.
 */
export function storeContract(name: string, makeStore: MakeStore, { describe, it }: TestRunner): void {
  describe(`the contract of event stores, kept by ${name}`, () => {
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

/** The cases of the contract, to count them or to run them in another way. */
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
  ...rollCases,
  ...turnCases,
]
