import * as fc from 'fast-check'
import type { Command } from '../../../src/core'
import { anyScenario } from '../../../src/testing/arbitraries/any-scenario'
import type { Observer } from '../../../src/testing/driver/driver'
import type { Scenario, Step } from '../../../src/testing/driver/scenario'
import { formatSteps } from '../../../src/testing/driver/scenario'
import { campaignOf, fastCheckOptions, reportRuns, seed } from '../../campaign'

const size = campaignOf({ few: 150, many: 5_000, budgetMs: 300_000, override: 'FRONTBELL_RUNS' })
export const { runs } = size
export { seed }
/** With planted faults nobody reads the story: it is enough to know that there is one. */
export const endOnFailure = process.env.FRONTBELL_SHRINK === 'no'

/** The time limit of a test that plays a campaign; its budget ends the campaign long before. */
export const patienceMs = size.timeout

const movesMax = 120

/** Plays one scenario with the given witness. */
type Check = (scenario: Scenario, record: Recorder) => void

/** Plays random scenarios; a failure comes back shrunk, as a story, with the seed that repeats it. */
export function campaign(subject: string, check: Check): void {
  const property = fc.property(anyScenario({ movesMax }), (scenario) => check(scenario, new Recorder()))
  const details = fc.check(property, { ...fastCheckOptions(size), endOnFailure })
  reportRuns(`${subject}, up to ${movesMax} commands`, details.numRuns, size)
  if (details.failed) throw report(subject, details, check)
}

/** A broken property with its story; `cause` is what the check threw at the end of it. */
export class CampaignError extends Error {
  override readonly name = 'CampaignError'
}

/** Keeps what was played, so that a failure can be told; passes everything on. */
export class Recorder {
  readonly turns: Step[] = []
  #asked: Command | null = null
  #steps: Step['steps'][number][] = []

  /** The same witness, and what it sees is kept. */
  over(witness: Observer): Observer {
    return {
      ...witness,
      beforeTurn: (command) => {
        this.#asked = command
        this.#steps = []
        witness.beforeTurn?.(command)
      },
      afterEvent: (step, book) => {
        this.#steps.push(step)
        witness.afterEvent?.(step, book)
      },
      afterTurn: (turn, book) => {
        this.#asked = null
        this.turns.push(turn)
        witness.afterTurn?.(turn, book)
      },
    }
  }

  story(): string {
    const unfinished =
      this.#asked === null ? [] : [{ command: this.#asked, outcome: { ok: true } as const, steps: this.#steps }]
    return formatSteps([...this.turns, ...unfinished])
  }
}

function report(subject: string, details: fc.RunDetails<[Scenario]>, check: Check): CampaignError {
  const scenario = details.counterexample?.[0]
  const recorder = new Recorder()
  let cause: unknown = details.errorInstance
  try {
    if (scenario !== undefined) check(scenario, recorder)
  } catch (error) {
    cause = error
  }
  const lines = [
    `${subject}: FRONTBELL_SEED=${details.seed}, sequence ${details.numRuns}, after ${details.numShrinks} shrinks`,
    String(cause instanceof Error ? cause.message : cause),
    `policy ${JSON.stringify(scenario?.policy)}`,
    recorder.story(),
  ]
  return new CampaignError(lines.join('\n'), { cause })
}
