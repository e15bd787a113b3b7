/**
 * How much random testing one run of the tests does. `npm test` plays a few sequences of each kind, so that a person
 * waits minutes; `FRONTBELL_CAMPAIGN=ci` plays all of them.
 */
export const isCampaign = process.env.FRONTBELL_CAMPAIGN === 'ci'

/** `FRONTBELL_SEED` repeats a run. Printed by each campaign. */
export const seed = Number(process.env.FRONTBELL_SEED ?? Date.now() % 1_000_000_000)

export interface CampaignSize {
  /** Sequences without a campaign, and with one. */
  readonly few: number
  readonly many: number
  /** After this long a campaign stops and reports how many it played; it does not fail. */
  readonly budgetMs?: number
  /** An environment variable that overrides the count, for longer runs by hand. */
  readonly override?: string
}

export interface Campaign {
  readonly runs: number
  readonly budgetMs: number
  /** The time limit for the test: beyond the budget only the last sequence and its shrinking remain. */
  readonly timeout: number
}

/** The bounds of one campaign: a count, a time budget, and a time limit that the budget keeps far away. */
export function campaignOf({ few, many, budgetMs = 80_000, override }: CampaignSize): Campaign {
  const given = override === undefined ? undefined : process.env[override]
  const runs = given === undefined ? (isCampaign ? many : few) : Number(given)
  const budget = given === undefined ? (isCampaign ? budgetMs : 20_000) : Number.POSITIVE_INFINITY
  return { runs, budgetMs: budget, timeout: Number.isFinite(budget) ? budget + 120_000 : 86_400_000 }
}

/** The options of fast-check for a campaign; what did not fit into its budget is reported by `reportRuns`. */
export function fastCheckOptions({ runs, budgetMs }: Campaign) {
  const limit = Number.isFinite(budgetMs) ? { interruptAfterTimeLimit: budgetMs, markInterruptAsFailure: false } : {}
  return { seed, numRuns: runs, ...limit }
}

/** Says how many sequences of a campaign were played (fewer when one failed or the time budget ended it). */
export function reportRuns(subject: string, played: number, { runs }: Campaign): void {
  const cut = played < runs ? `, of ${runs}` : ''
  console.log(`${subject}: ${played} sequences${cut}, FRONTBELL_SEED=${seed}`)
}
