import type { Workload } from './erlang-c'

/** The same with visitors who give up after an exponential time. */
export interface ErlangA {
  readonly waitShare: number
  readonly abandonedShare: number
  /** Over all arrivals, those who give up too. */
  readonly meanWaitMs: number
}

const least = 1e-18

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
  for (let waiting = 0; weight > least * (above + below) || arrival > leaving(waiting); waiting += 1) {
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
