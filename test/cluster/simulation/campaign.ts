import { campaignOf, seed as campaignSeed, reportRuns } from '../../campaign'
import { simulate } from './simulate'

const size = campaignOf({ few: 60, many: 5_000, override: 'FRONTBELL_CLUSTER_RUNS' })

/** The first of a campaign's consecutive seeds; `FRONTBELL_SEED` repeats it. */
export const firstSeed = (campaignSeed % 1_000_000) * 1_000
/** Steps of each history: messages that arrive, timers that fire, commands of clients, faults. */
export const stepsPerRun = 400
export const campaignRuns = size.runs
export const campaignTimeoutMs = size.timeout

/** Totals over the simulated histories. */
export interface CampaignResult {
  readonly runs: number
  readonly steps: number
  readonly entries: number
  readonly timers: number
  readonly answers: number
  readonly faults: Readonly<Record<string, number>>
}

/** Simulates one share of the campaign. @throws at the first history that violates an invariant, with its seed. */
export async function runCampaign(share: number, shares: number): Promise<CampaignResult> {
  const [only] = process.env.FRONTBELL_CLUSTER_SEED?.split(',').map(Number) ?? []
  const seeds = only === undefined ? seedsOf(share, shares) : [only]
  const faults: Record<string, number> = {}
  const total = { runs: 0, steps: 0, entries: 0, timers: 0, answers: 0, faults }
  const endsAt = performance.now() + size.budgetMs
  for (const seed of seeds) {
    if (performance.now() > endsAt) break
    total.runs += 1
    const simulated = await simulate({ seed, steps: stepsPerRun })
    for (const sum of ['steps', 'entries', 'timers', 'answers'] as const) total[sum] += simulated[sum]
    for (const [fault, count] of Object.entries(simulated.faults)) faults[fault] = (faults[fault] ?? 0) + count
  }
  reportRuns('several nodes', total.runs, { ...size, runs: seeds.length })
  console.log(`several nodes, seeds ${seeds[0]} to ${seeds.at(-1)}: ${JSON.stringify(total)}`)
  return total
}

function seedsOf(share: number, shares: number): number[] {
  const count = Math.ceil(campaignRuns / shares)
  return Array.from({ length: count }, (_, index) => firstSeed + share * count + index)
}
