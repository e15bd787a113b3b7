/** A queue without end: Poisson arrivals, exponential service, first come first served, no visitor gives up. */
export interface ErlangC {
  /** Share of arrivals that have to wait. 1 when there is more work than staff. */
  readonly waitShare: number
  /** Over all arrivals; `Infinity` when there is more work than staff. */
  readonly meanWaitMs: number
}

export interface Workload {
  /** Staff, each with one request at a time. */
  readonly people: number
  readonly perHour: number
  readonly handlingMs: number
}

/** M/M/n (Erlang, 1917), by the recursion of Erlang B, which neither over- nor underflows. */
export function erlangC({ people, perHour, handlingMs }: Workload): ErlangC {
  const offered = (perHour * handlingMs) / 3_600_000
  if (offered >= people) return { waitShare: 1, meanWaitMs: Number.POSITIVE_INFINITY }
  let blocked = 1
  for (let n = 1; n <= people; n += 1) blocked = (offered * blocked) / (n + offered * blocked)
  const waitShare = blocked / (1 - (offered / people) * (1 - blocked))
  return { waitShare, meanWaitMs: (waitShare * handlingMs) / (people - offered) }
}

/** Erlang C with visitors who give up after an exponential time. */
export interface ErlangA {
  readonly waitShare: number
  readonly abandonedShare: number
  /** Over all arrivals, those who give up too. */
  readonly meanWaitMs: number
}

const negligibleWeight = 1e-18

/** M/M/n+M (Palm, 1957): the chances of each length of the queue, one from the other, until they are nothing. */
export function erlangA({ people, perHour, handlingMs, patienceMs }: Workload & { patienceMs: number }): ErlangA {
  const arrival = perHour / 3_600_000
  let weight = 1
  let below = 0
  for (let busy = 0; busy < people; busy += 1) {
    below += weight
    weight *= (arrival * handlingMs) / (busy + 1)
    if (weight > 1e200) [weight, below] = [weight / 1e200, below / 1e200]
  }
  let above = 0
  let queue = 0
  for (let waiting = 0; weight > negligibleWeight * (above + below) || arrival > leaving(waiting); waiting += 1) {
    above += weight
    queue += waiting * weight
    weight *= arrival / leaving(waiting + 1)
  }
  const meanQueue = queue / (above + below)
  return {
    waitShare: above / (above + below),
    abandonedShare: meanQueue / patienceMs / arrival,
    meanWaitMs: meanQueue / arrival,
  }

  function leaving(waiting: number): number {
    return people / handlingMs + waiting / patienceMs
  }
}
