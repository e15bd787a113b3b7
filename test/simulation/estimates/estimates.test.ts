import { beforeAll, describe, expect, it } from 'vitest'
import { QueuePositions } from '../../../src/core'
import { isCampaign } from '../../campaign'
import { acceptGaps } from './accept-gaps'
import { type EstimatePoint, type Estimator, type Observation, observeWaits } from './observed-waits'

const requests = isCampaign ? 12_000 : 1_500
const seeds = isCampaign ? [1, 2, 3] : [1]

const points: readonly EstimatePoint[] = [
  { staff: 1, capacity: 1, load: 0.5 },
  { staff: 1, capacity: 3, load: 0.5 },
  { staff: 1, capacity: 1, load: 0.95 },
  { staff: 3, capacity: 1, load: 0.6 },
  { staff: 3, capacity: 3, load: 0.7 },
  { staff: 3, capacity: 1, load: 0.9 },
  { staff: 8, capacity: 1, load: 0.5 },
  { staff: 8, capacity: 3, load: 0.9 },
  { staff: 8, capacity: 1, load: 0.95 },
  { staff: 20, capacity: 1, load: 0.7 },
  { staff: 20, capacity: 3, load: 0.85 },
  { staff: 20, capacity: 3, load: 0.95 },
]

function queuePositions(): Estimator {
  const positions = new QueuePositions()
  return {
    record: (state, event) => positions.record(state, event),
    estimateMs: (_, requestId) => positions.position(requestId)?.estimateMs ?? null,
  }
}

function observe(point: EstimatePoint, estimatorOf: () => Estimator): Observation[] {
  return seeds.map((seed) => observeWaits({ ...point, requests, seed }, estimatorOf()))
}

/** Estimate over wait, of all and of those that waited. */
function ratiosOf(observations: readonly Observation[]): number[] {
  return observations
    .flatMap(({ all, waited }) => [all, waited])
    .map(({ meanEstimateMs, meanWaitMs }) => meanEstimateMs / meanWaitMs)
}

function isWithinHalfAndTwice(ratio: number): boolean {
  return ratio >= 0.5 && ratio <= 2
}

describe('estimates at the opening of requests, beside the waits that followed', { timeout: 600_000 }, () => {
  it.each(points)('[Q5] are between half and twice the wait: $staff staff of capacity $capacity at $load', (point) => {
    const observations = observe(point, queuePositions)
    for (const { waited } of observations) expect(waited.count).toBeGreaterThan(10)
    for (const ratio of ratiosOf(observations)) expect(ratio).toSatisfy(isWithinHalfAndTwice)
  })

  it.each<EstimatePoint>([
    { staff: 1, capacity: 1, load: 0.6, answerMs: 15_000 },
    { staff: 3, capacity: 1, load: 0.9, answerMs: 15_000 },
    { staff: 8, capacity: 3, load: 0.8, answerMs: 15_000 },
    { staff: 3, capacity: 1, load: 1.3, patience: 1 },
  ])('[Q5] are so too where staff take their time, and where visitors give up: $staff staff at $load', (point) => {
    for (const ratio of ratiosOf(observe(point, queuePositions))) expect(ratio).toSatisfy(isWithinHalfAndTwice)
  })

  describe('from accepts of requests that did not wait', () => {
    let failing: readonly EstimatePoint[] = []
    beforeAll(() => {
      failing = points.filter((point) =>
        ratiosOf(observe(point, acceptGaps)).some((each) => !isWithinHalfAndTwice(each)),
      )
    }, 600_000)

    it('[Q5] are too low at most of these points: the negative control', () => {
      expect(failing.length).toBeGreaterThan(points.length / 2)
      expect(failing).toContainEqual({ staff: 3, capacity: 1, load: 0.6 })
    })
  })
})
