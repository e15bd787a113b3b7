import type { LogFixture } from './log-fixture'

/** One promise of the contract: a sentence, and how to see that it holds. */
export interface Clause {
  readonly title: string
  /** How many entries the log keeps behind its newest snapshot; many where the clause does not say. */
  readonly keepEntries?: number
  holds(fixture: LogFixture): Promise<void>
}
