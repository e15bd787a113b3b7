import * as fc from 'fast-check'
import type { Command } from '../../../src/core'
import { anyScenario } from '../../../src/testing/arbitraries/any-scenario'
import type { Observer } from '../../../src/testing/driver/driver'
import type { AppliedEvent, Scenario, Step } from '../../../src/testing/driver/scenario'
import { formatSteps } from '../../../src/testing/driver/scenario'
import { campaignOf, fastCheckOptions, reportRuns, seed } from '../../campaign'

const size = campaignOf({ few: 150, many: 5_000, override: 'FRONTBELL_RUNS' })
export const { runs } = size
export { seed }
/** A run on mutants needs no shrunk counterexample. */
export const endOnFailure = process.env.FRONTBELL_SHRINK === 'no'

/** The time limit of a test that plays a campaign; its budget ends the campaign long before. */
export const patienceMs = size.timeout

const actionsMax = 120

/** Checks one scenario, with its steps recorded. */
type Check = (scenario: Scenario, record: Recorder) => void

/** Checks random scenarios. A failure has the shrunk scenario's steps as text, and the seed that repeats it. */
export function campaign(subject: string, check: Check): void {
  const property = fc.property(anyScenario({ actionsMax }), (scenario) => check(scenario, new Recorder()))
  const details = fc.check(property, { ...fastCheckOptions(size), endOnFailure })
  reportRuns(`${subject}, up to ${actionsMax} commands`, details.numRuns, size)
  if (details.failed) throw report(subject, details, check)
}

/** A property that does not hold, with the steps of the counterexample; `cause` is what the check threw. */
export class CampaignError extends Error {
  override readonly name = 'CampaignError'
}

/** Records the steps of a scenario for the report of a failure. */
export class Recorder {
  readonly steps: Step[] = []
  #command: Command | null = null
  #applied: AppliedEvent[] = []

  /** Returns the observer with recording. */
  over(observer: Observer): Observer {
    return {
      ...observer,
      beforeCommand: (command) => {
        this.#command = command
        this.#applied = []
        observer.beforeCommand?.(command)
      },
      afterEvent: (applied, model) => {
        this.#applied.push(applied)
        observer.afterEvent?.(applied, model)
      },
      afterStep: (step, model) => {
        this.#command = null
        this.steps.push(step)
        observer.afterStep?.(step, model)
      },
    }
  }

  story(): string {
    const unfinished =
      this.#command === null ? [] : [{ command: this.#command, outcome: { ok: true } as const, applied: this.#applied }]
    return formatSteps([...this.steps, ...unfinished])
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
