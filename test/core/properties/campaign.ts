import * as fc from 'fast-check'
import type { Command } from '../../../src/core'
import { anyScenario } from '../../../src/testing/arbitraries/any-scenario'
import type { Observer } from '../../../src/testing/driver/driver'
import type { Scenario, Step } from '../../../src/testing/driver/scenario'
import { formatSteps } from '../../../src/testing/driver/scenario'

/** `FRONTBELL_SEED` repeats a campaign, `FRONTBELL_RUNS` makes it longer or shorter. The seed is printed either way. */
export const seed = Number(process.env.FRONTBELL_SEED ?? Date.now() % 1_000_000_000)
export const runs = Number(process.env.FRONTBELL_RUNS ?? 5_000)
/** With planted faults nobody reads the story: it is enough to know that there is one. */
export const endOnFailure = process.env.FRONTBELL_SHRINK === 'no'

/** A campaign takes as long as it takes on a busy machine; a test's usual limit is not about it. */
export const patienceMs = Math.max(120_000, runs * 120)

const movesMax = 120

/** Plays one scenario with the given witness. */
type Check = (scenario: Scenario, record: Recorder) => void

/** Plays random scenarios; a failure comes back shrunk, as a story, with the seed that repeats it. */
export function campaign(subject: string, check: Check): void {
  console.log(`${subject}: ${runs} sequences of up to ${movesMax} commands, FRONTBELL_SEED=${seed}`)
  const property = fc.property(anyScenario({ movesMax }), (scenario) => check(scenario, new Recorder()))
  const details = fc.check(property, { seed, numRuns: runs, endOnFailure })
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
