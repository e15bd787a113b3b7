import * as fc from 'fast-check'
import { anyScenario } from '../../../src/testing/arbitraries/any-scenario'
import type { Scenario } from '../../../src/testing/playing/scenario'
import type { Turn } from '../../../src/testing/playing/turn'
import { tell } from '../../../src/testing/story/tell'

/** `FRONTBELL_SEED` repeats a campaign, `FRONTBELL_RUNS` makes it longer or shorter. The seed is printed either way. */
export const seed = Number(process.env.FRONTBELL_SEED ?? Date.now() % 1_000_000_000)
export const runs = Number(process.env.FRONTBELL_RUNS ?? 5_000)

const movesMax = 120

/** Plays random scenarios; a failure comes back shrunk, as a story, with the seed that repeats it. */
export function campaign(subject: string, check: (scenario: Scenario, turns: Turn[]) => void): void {
  console.log(`${subject}: ${runs} sequences of up to ${movesMax} commands, FRONTBELL_SEED=${seed}`)
  const property = fc.property(anyScenario({ movesMax }), (scenario) => check(scenario, []))
  const details = fc.check(property, { seed, numRuns: runs, interruptAfterTimeLimit: 170_000 })
  if (!details.failed) return
  throw new Error(report(subject, details, check))
}

function report(
  subject: string,
  details: fc.RunDetails<[Scenario]>,
  check: (scenario: Scenario, turns: Turn[]) => void,
): string {
  const scenario = details.counterexample?.[0]
  const turns: Turn[] = []
  let cause: unknown = details.errorInstance
  try {
    if (scenario !== undefined) check(scenario, turns)
  } catch (error) {
    cause = error
  }
  return [
    `${subject}: FRONTBELL_SEED=${details.seed}, sequence ${details.numRuns}, after ${details.numShrinks} shrinks`,
    String(cause instanceof Error ? cause.message : cause),
    `policy ${JSON.stringify(scenario?.policy)}`,
    tell(turns),
  ].join('\n')
}
