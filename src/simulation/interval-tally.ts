import { RequestTally } from './request-tally'
import type { IntervalFigures } from './simulation-result'
import { StaffTime } from './staff-time'

/** One step of the figures over the day. */
export class IntervalTally {
  readonly index: number
  readonly at: number
  readonly requests = new RequestTally()
  readonly time = new StaffTime()
  /** How much of it has passed and counts. */
  passedMs = 0
  queueMs = 0
  maxQueueLength = 0
  /** Requests that arrived in it and still wait. */
  waiting = 0

  constructor(index: number, at: number) {
    this.index = index
    this.at = at
  }

  figures(): IntervalFigures {
    const { at, passedMs, queueMs, maxQueueLength, time } = this
    return {
      at,
      ...this.requests.figures(),
      ...time.figures(),
      queueLength: passedMs === 0 ? 0 : queueMs / passedMs,
      maxQueueLength,
      staffed: passedMs === 0 ? 0 : time.staffedMs / passedMs,
    }
  }
}
