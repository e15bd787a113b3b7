import { appendClauses } from './log-contract/append-clauses'
import { bellClauses } from './log-contract/bell-clauses'
import type { Clause } from './log-contract/clause'
import { conflictClauses } from './log-contract/conflict-clauses'
import type { MakeLog } from './log-contract/log-fixture'
import { payloadClauses } from './log-contract/payload-clauses'
import { readClauses } from './log-contract/read-clauses'
import { restoreClauses } from './log-contract/restore-clauses'
import { rollClauses } from './log-contract/roll-clauses'
import { snapshotClauses } from './log-contract/snapshot-clauses'
import { timeClauses } from './log-contract/time-clauses'

export type { LogFixture, MakeLog } from './log-contract/log-fixture'

/** What the suite needs of a test runner: that of vitest, of `node:test`, or of any other that has these two. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown
  it(name: string, body: () => Promise<void>): unknown
}

/**
 * The contract that every `EventLog` keeps, as tests: `logContract('my log', makeMyLog, { describe, it })`.
 * Each clause makes a log of its own, empty, and ends it.
 */
export function logContract(name: string, makeLog: MakeLog, { describe, it }: TestRunner): void {
  describe(`the contract of logs, kept by ${name}`, () => {
    for (const { title, keepEntries = 1_000, holds } of logClauses) {
      it(title, async () => {
        const fixture = await makeLog({ keepEntries })
        try {
          await holds(fixture)
        } finally {
          await fixture.end()
        }
      })
    }
  })
}

/** The clauses, for who counts them or runs them in another way. */
export const logClauses: readonly Clause[] = [
  ...appendClauses,
  ...conflictClauses,
  ...timeClauses,
  ...readClauses,
  ...payloadClauses,
  ...restoreClauses,
  ...snapshotClauses,
  ...bellClauses,
  ...rollClauses,
]
