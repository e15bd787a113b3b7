/** A queue without end: Poisson arrivals, exponential service, first come first served, nobody gives up. */
export interface ErlangC {
  /** Share of arrivals that have to wait. 1 when there is more work than people. */
  readonly waitShare: number
  /** Over all arrivals; `Infinity` when there is more work than people. */
  readonly meanWaitMs: number
}

export interface Workload {
  /** People, each with one request at a time. */
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
