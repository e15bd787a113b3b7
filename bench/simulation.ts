import { type Arrival, parseScenario, type Scenario, simulate, withArrivals } from '../src/simulation'
import { type BaselineDay, type BaselineRule, BaselineSimulation } from './baselines/baseline-simulation'
import { type BenchRow, collectGarbage, compare, us } from './measure'

const dayMs = 86_400_000
const fromAt = Date.UTC(2026, 10, 23)
const staffCount = 200
const workflowCount = 500
const teamCount = 40
const answerMs = { mean: 5_000, sd: 4_000 }
const patienceMs = 180_000
const muteShare = 0.05

/** A day of 100 000 requests compared with a hand-written event loop over the same arrivals, and its memory. */
export async function simulationBench(isQuick: boolean): Promise<BenchRow[]> {
  const requests = isQuick ? 20_000 : 100_000
  const scenario = scenarioOf({ requests, days: 1 })
  const arrivals = arrivalsOf(requests)
  const given = withArrivals(scenario, arrivals)
  const { ratio, oursUs, theirsUs } = await compare({
    ours: (times) => {
      for (let index = 0; index < times; index += requests) simulate(given, { seed: 1 + index })
    },
    theirs: (times) => {
      for (let index = 0; index < times; index += requests) baselineOf(requests).run(arrivals)
    },
    times: requests,
    rounds: isQuick ? 3 : 9,
  })
  const name = `simulation: a day of ${requests.toLocaleString('en')} requests, 200 staff, 500 workflows`
  return [
    {
      name,
      of: 'requests a second, compared with a hand-written event loop over the same arrivals',
      ratio: 1 / ratio,
      goal: { atLeast: 0.2 },
      note: `${us(oursUs)} and ${us(theirsUs)} a request`,
    },
    {
      name: `${name}, absolute`,
      of: 'requests a second of CPU time (not a ratio)',
      ratio: 1e6 / oursUs,
      goal: { atLeast: 20_000 },
      note: 'with routing, and stats by interval, hour, team and workflow',
    },
    memory(isQuick ? 20_000 : 50_000),
  ]
}

/** The largest heap during a run, beyond that before it: five days compared with one. */
function memory(requests: number): BenchRow {
  const [one = 0, five = 0] = [1, 5].map((days) => {
    const scenario = scenarioOf({ requests, days })
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    let most = 0
    let reports = 0
    simulate(scenario, {
      onProgress: () => {
        reports += 1
        if (reports % 5 !== 0) return
        collectGarbage()
        most = Math.max(most, process.memoryUsage().heapUsed - before)
      },
    })
    return most
  })
  return {
    name: 'simulation: heap of five days',
    of: 'largest heap, compared with one day',
    ratio: five / one,
    goal: { atMost: 1.2 },
    note: `${mega(five)} and ${mega(one)}, ${requests.toLocaleString('en')} requests a day`,
  }
}

const rules: readonly BaselineRule[] = Array.from({ length: workflowCount }, (_, index) => ({
  ...{ name: `w${index}`, country: `C${index % 100}`, topic: `T${index % 20}`, page: `/page/${index}` },
  team: `t${index % teamCount}`,
}))
const staff = Array.from({ length: staffCount }, (_, index) => ({
  id: `s${index}`,
  teams: [`t${index % teamCount}`, `t${(index * 7 + 3) % teamCount}`],
  capacity: 1,
}))

/** Staff members are busy four fifths of their time. */
export function scenarioOf({ requests, days }: { readonly requests: number; readonly days: number }): Scenario {
  return parseScenario({
    from: fromAt,
    forHours: 24 * days,
    staff,
    workflows: rules.map(workflowOf),
    policy: { requestsPerMinuteMax: 1_000_000 },
    arrivals: {
      perHour: requests / 24,
      kinds: rules.map(({ country, topic, page }) => ({ facts: { country, topic, page } })),
    },
    behaviour: {
      answer: { distribution: 'lognormal', meanMs: answerMs.mean, sdMs: answerMs.sd },
      muteShare,
      handling: { distribution: 'exponential', meanMs: handlingOf(requests) },
      patience: { distribution: 'exponential', meanMs: patienceMs },
    },
  })
}

function workflowOf({ name, country, topic, page, team }: BaselineRule) {
  const all = Object.entries({ country, topic, page }).map(([fact, value]) => ({ fact, operator: 'equal', value }))
  const params = { to: { team }, ring: { order: 'longest-idle' } }
  return { name, conditions: { all }, event: { type: 'route', params } }
}

function handlingOf(requests: number): number {
  return Math.round((0.8 * staffCount * dayMs) / requests)
}

export function arrivalsOf(requests: number): Arrival[] {
  const chance = mulberry(7)
  const arrivals: Arrival[] = []
  for (let at = fromAt; ; ) {
    at += (-Math.log(1 - chance()) * dayMs) / requests
    if (at >= fromAt + dayMs) return arrivals
    const { country, topic, page } = rules[Math.floor(chance() * rules.length)] as BaselineRule
    arrivals.push({ at: Math.floor(at), facts: { country, topic, page } })
  }
}

export function baselineOf(requests: number): BaselineSimulation {
  const chance = mulberry(11)
  const exponential = (meanMs: number) => -meanMs * Math.log(1 - chance())
  const sigma = Math.sqrt(Math.log1p((answerMs.sd / answerMs.mean) ** 2))
  const mu = Math.log(answerMs.mean) - sigma ** 2 / 2
  const normal = () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance())
  const day: BaselineDay = {
    ...{
      fromAt,
      untilAt: fromAt + dayMs,
      rules,
      staff,
      offerTimeoutMs: 20_000,
      muteShare,
      serviceLevelMs: 20_000,
      chance,
    },
    answerMs: () => Math.exp(mu + sigma * normal()),
    handlingMs: () => exponential(handlingOf(requests)),
    patienceMs: () => exponential(patienceMs),
  }
  return new BaselineSimulation(day)
}

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

function mega(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
