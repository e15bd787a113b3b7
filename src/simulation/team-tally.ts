import { RequestTally } from './request-tally'
import type { TeamFigures } from './simulation-result'
import { StaffTime } from './staff-time'

interface HourTally {
  readonly requests: RequestTally
  readonly time: StaffTime
}

/** A team: the requests whose route first names it, and the time of its members. */
export class TeamTally {
  readonly team: string | null
  readonly requests = new RequestTally()
  readonly time = new StaffTime()
  readonly #hours = Array.from(
    { length: 24 },
    (): HourTally => ({ requests: new RequestTally(), time: new StaffTime() }),
  )

  constructor(team: string | null) {
    this.team = team
  }

  hour(hour: number): HourTally {
    return this.#hours[hour] as HourTally
  }

  figures(): TeamFigures {
    return {
      team: this.team,
      ...this.requests.figures(),
      ...this.time.figures(),
      byHour: this.#hours.map(({ requests, time }, hour) => ({ hour, ...requests.figures(), ...time.figures() })),
    }
  }
}
