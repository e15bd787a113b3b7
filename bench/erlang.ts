import { type Estimate, parseScenario, type Scenario, simulate } from '../src/simulation'
import { estimate } from '../src/simulation/compare'

/** One point at which the simulation is compared with queueing theory. */
export interface ErlangPoint {
  readonly people: number
  /** Offered load for each staff member. */
  readonly load: number
  /** Measured arrivals of each run. */
  readonly arrivals: number
  /** Mean patience for Erlang A, in mean lengths of a chat. */
  readonly patience: number
}

const point = (people: number, load: number, patience: number, arrivals = 6_000): ErlangPoint => ({
  ...{ people, load, arrivals, patience },
})

/** From 1 to 50 staff members with loads of 0.5 to 0.95. Near 1, queues converge slowly and need more arrivals. */
export const erlangPoints: readonly ErlangPoint[] = [
  ...[point(1, 0.5, 1), point(1, 0.8, 2), point(2, 0.6, 0.5), point(3, 0.7, 1), point(5, 0.8, 1), point(8, 0.75, 2)],
  ...[point(10, 0.5, 0.5), point(10, 0.9, 2), point(20, 0.8, 1), point(20, 0.95, 1, 12_000)],
  ...[point(35, 0.85, 0.5), point(50, 0.95, 2, 12_000)],
]

const handlingMs = 60_000
const seeds = 20
/** Twelve points with three results each: all intervals together hold with 95 %. */
export const confidence = 1 - 0.05 / (3 * 12)

export interface SimulatedPoint {
  readonly point: ErlangPoint
  readonly waitShare: Estimate
  /** In mean lengths of a chat. */
  readonly meanWait: Estimate
  readonly abandonedShare: Estimate
}

/**
 * Runs a point with twenty seeds of its own, without and with visitors who give up. The mean wait comes from the mean
 * queue length by Little's law, so that visitors who still wait at the end of a run count as well.
 */
export function simulatedPoint(given: ErlangPoint): SimulatedPoint {
  const { people, load, arrivals, patience } = given
  const first = 1_000 * erlangPoints.indexOf(given)
  const all = Array.from({ length: seeds }, (_, index) => first + index + 1)
  const patient = scenarioOf({ people, load, arrivals, patience: null })
  const runs = all.map((seed) => simulate(patient, { seed }).total)
  const impatient = scenarioOf({ people, load, arrivals: Math.min(arrivals, 2_500), patience })
  const lost = all.map((seed) => simulate(impatient, { seed }).total)
  const of = (values: readonly number[]) => estimate(values, confidence)
  return {
    point: given,
    waitShare: of(runs.map(({ delayed, stillOpen, offered }) => (delayed + stillOpen) / offered)),
    meanWait: of(runs.map(({ meanQueueLength }) => meanQueueLength / (people * load))),
    abandonedShare: of(lost.map(({ abandoned, offered }) => abandoned / offered)),
  }
}

/**
 * M/M/n and M/M/n+M: one chat at a time, an offer to the longest idle, answered at once, no wrap-up; a visitor who
 * gives up leaves at once. Requests without a free staff member wait in the order of their age.
 */
export function scenarioOf(given: {
  readonly people: number
  readonly load: number
  readonly arrivals: number
  readonly patience: number | null
}): Scenario {
  const { people, load, arrivals, patience } = given
  const perHour = (people * load * 3_600_000) / handlingMs
  const warmUp = arrivals / 3
  const forHours = (arrivals + warmUp) / perHour
  return parseScenario({
    from: 0,
    forHours,
    warmUpMs: Math.round((warmUp / perHour) * 3_600_000),
    intervalMs: 86_400_000,
    staff: Array.from({ length: people }, (_, index) => ({ id: `s${index}`, capacity: 1 })),
    defaultRoute: { to: 'everyone', ring: { order: 'longest-idle' } },
    policy: {
      abandonAfterMs: 0,
      unattendedAfterMs: 86_400_000,
      requestsPerMinuteMax: 1_000_000,
      openRequestsMax: 1_000_000,
    },
    arrivals: { perHour },
    behaviour: {
      handling: { distribution: 'exponential', meanMs: handlingMs },
      ...(patience === null ? {} : { patience: { distribution: 'exponential', meanMs: patience * handlingMs } }),
    },
  })
}

/** The results of queueing theory, in mean lengths of a chat, from the probabilities of each number in the system. */
export function theoryOf({ people, load, patience }: ErlangPoint) {
  const patient = chainOf({ people, load, leave: 0 })
  const impatient = chainOf({ people, load, leave: 1 / patience })
  return {
    waitShare: patient.waitShare,
    meanWait: patient.meanQueue / (people * load),
    abandonedShare: impatient.meanQueue / patience / (people * load),
  }
}

/** Solves the birth-death chain directly: each state from its neighbour, then all divided by their sum. */
function chainOf({ people, load, leave }: { readonly people: number; readonly load: number; readonly leave: number }) {
  const logs = [0]
  for (let state = 1; state < 20_000; state += 1) {
    const rate = Math.min(state, people) + Math.max(0, state - people) * leave
    logs.push((logs[state - 1] ?? 0) + Math.log((people * load) / rate))
  }
  const most = Math.max(...logs)
  const probabilities = logs.map((log) => Math.exp(log - most))
  const sum = probabilities.reduce((total, probability) => total + probability, 0)
  let waiting = 0
  let queue = 0
  for (const [state, probability] of probabilities.entries()) {
    if (state < people) continue
    waiting += probability
    queue += (state - people) * probability
  }
  return { waitShare: waiting / sum, meanQueue: queue / sum }
}

const mark = '<!-- table -->'
const endMark = '<!-- /table -->'

/** Returns the page with a new table. */
export function withErlangTable(page: string, points: readonly SimulatedPoint[]): string {
  const start = page.indexOf(mark)
  const end = page.indexOf(endMark)
  if (start < 0 || end < 0) throw new Error(`docs/erlang.md: expected the marks ${mark} and ${endMark}`)
  return `${page.slice(0, start)}${mark}\n\n${tableOf(points)}\n\n${page.slice(end)}`
}

function tableOf(points: readonly SimulatedPoint[]): string {
  const heading =
    '| people | load | wait at all: theory | simulated | mean wait: theory | simulated | patience | give up: theory | simulated |'
  const rows = points.map(({ point: { people, load, patience }, ...simulated }) => {
    const theory = theoryOf({ people, load, patience, arrivals: 0 })
    return [
      '',
      ...[people, load, shown(theory.waitShare), within(simulated.waitShare), shown(theory.meanWait)],
      ...[within(simulated.meanWait), patience, shown(theory.abandonedShare), within(simulated.abandonedShare), ''],
    ]
      .join(' | ')
      .trim()
  })
  return [heading, `|${'---|'.repeat(9)}`, ...rows].join('\n')
}

function within({ mean, halfWidth }: Estimate): string {
  return `${shown(mean)} ± ${shown(halfWidth ?? Number.NaN)}`
}

function shown(value: number): string {
  return value.toFixed(4)
}
