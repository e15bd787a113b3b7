import { parseScenario, type Scenario, type ScenarioInput } from '../../src/simulation'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs

/** A Monday, in UTC. */
export const monday = Date.UTC(2026, 10, 23)

/** Three people who are always there, one chat each, and nothing that happens by chance but the arrivals. */
export function buildScenario(changes: Partial<ScenarioInput> = {}): Scenario {
  return parseScenario({
    from: monday,
    forHours: 8,
    staff: ['ana', 'bo', 'cy'].map((id) => ({ id, teams: ['desk'], capacity: 1 })),
    arrivals: { perHour: 20 },
    behaviour: { answer: fixed(5_000), handling: fixed(4 * minuteMs) },
    ...changes,
  })
}

/** One request after the other, this many minutes from the beginning. */
export function arrivingAt(...minutes: readonly number[]) {
  return { list: minutes.map((minute) => ({ at: monday + Math.round(minute * minuteMs), facts: {} })) }
}

export function fixed(ms: number) {
  return { distribution: 'fixed', ms } as const
}

export function exponential(meanMs: number) {
  return { distribution: 'exponential', meanMs } as const
}

export function toTeam(name: string, team: string, topic: string) {
  const conditions = { all: [{ fact: 'topic', operator: 'equal', value: topic }] }
  return { name, conditions, event: { type: 'route', params: { to: { team } } } }
}
