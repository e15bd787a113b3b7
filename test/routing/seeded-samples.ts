import fc from 'fast-check'
import { isCampaign, seed } from '../campaign'

/** Samples outside a campaign: enough to find mistakes, few enough to wait for. */
const samplesMax = 500

/** Samples that the seed decides: `count` of them in a campaign, at most 500 otherwise. */
export function sampleSeeded<Value>(name: string, arbitrary: fc.Arbitrary<Value>, count: number): Value[] {
  const numRuns = isCampaign ? count : Math.min(count, samplesMax)
  console.info(`${name}: ${numRuns} samples, FRONTBELL_SEED=${seed}`)
  return fc.sample(arbitrary, { seed, numRuns })
}
