import { RequestTally } from './request-tally'
import type { HourFigures } from './simulation-result'
import { StaffTime } from './staff-time'

/** One hour of the day, of all days that are simulated. */
export class HourTally {
  readonly hour: number
  readonly requests = new RequestTally()
  readonly time = new StaffTime()
  passedMs = 0
  queueMs = 0

  constructor(hour: number) {
    this.hour = hour
  }

  figures(): HourFigures {
    const { hour, passedMs, queueMs } = this
    const queueLength = passedMs === 0 ? 0 : queueMs / passedMs
    return { hour, ...this.requests.figures(), ...this.time.figures(), queueLength }
  }
}
