import fc from 'fast-check'
import { manualClock, openDesk } from 'frontbell'
import { describe, expect, it } from 'vitest'
import type { Facts } from '../../../src/core'
import { createCompiledRouter, createRouter } from '../../../src/routing'
import { type Arrival, type ScenarioInput, simulate } from '../../../src/simulation'
import { RandomStream } from '../../../src/simulation/run/random-stream'
import { arbitraryFacts, arbitraryWorkflows, host } from '../../routing/arbitrary-workflows'
import { sampleSeeded } from '../../routing/seeded-samples'
import { buildScenario, fixed, hourMs, minuteMs, monday, toTeam } from '../build-scenario'

const answerMs = 3_000
const handlingMs = 5 * minuteMs
const day: Partial<ScenarioInput> = {
  forHours: 6,
  staff: [
    { id: 'ana', teams: ['a'], capacity: 1 },
    { id: 'bo', teams: ['b'], capacity: 2 },
    { id: 'cy', teams: ['a', 'b'], shifts: ['late'], capacity: 1 },
  ],
  shifts: [{ id: 'late', timeZone: 'UTC', weekly: [{ days: ['mon'], from: '02:00', to: '04:30' }] }],
  workflows: [
    { ...toTeam('a', 'a', 'a'), event: offerTo('a', 10 * minuteMs) },
    { ...toTeam('b', 'b', 'b'), event: offerTo('b', 3 * minuteMs) },
    {
      name: 'urgent first',
      conditions: {
        all: [
          { fact: 'topic', operator: 'equal', value: 'b' },
          { fact: 'n', operator: 'lessThan', value: 3 },
        ],
      },
      event: { type: 'prioritize', params: { priority: 5 } },
    },
  ],
  behaviour: { answer: fixed(answerMs), handling: fixed(handlingMs) },
}

/** Offered within a team; after a while to everyone. */
function offerTo(team: string, afterMs: number) {
  const ring = { order: 'longest-idle' }
  return {
    type: 'route',
    params: {
      steps: [
        { to: { team }, ring },
        { to: 'everyone', afterMs, ring },
      ],
    },
  }
}

describe('a simulated desk', () => {
  it('[SIM3] offers, rings and accepts at the same instants as a desk that is opened with the same roster and rules', async () => {
    const random = new RandomStream(4, 2)
    const list: Arrival[] = Array.from({ length: 90 }, (_, index) => ({
      at: monday + Math.floor(random.next() * 5.5 * hourMs),
      facts: { topic: random.next() < 0.5 ? 'a' : 'b', n: index % 7 },
    })).sort((one, other) => one.at - other.at)
    const { total, staff } = simulate(buildScenario({ ...day, arrivals: { list } }))
    const lived = await liveThrough(list)
    expect(total.answered).toBe(lived.waitsMs.length)
    expect(total.answered).toBeGreaterThan(40)
    expect(total.waitMs?.mean).toBeCloseTo(lived.waitsMs.reduce((sum, ms) => sum + ms, 0) / lived.waitsMs.length, 6)
    expect(total.waitMs?.max).toBe(Math.max(...lived.waitsMs))
    expect(staff.map(({ staffId, answered }) => [staffId, answered])).toEqual([...lived.answered].sort())
    expect(total.missed).toBe(lived.missed)
    expect(total.unattended).toBe(lived.unattended.size)
  })

  /** The same day on an opened desk, with a host that answers each offer after three seconds. */
  async function liveThrough(list: readonly Arrival[]) {
    const clock = manualClock(monday)
    const { staff = [], shifts = [], workflows = [] } = day
    const desk = await openDesk({ staff, shifts, workflows, clock, policy: { sessionLeaseMs: null } })
    const lived = {
      waitsMs: [] as number[],
      answered: new Map<string, number>(),
      missed: 0,
      unattended: new Set<string>(),
    }
    const agenda: { at: number; act: () => Promise<unknown> }[] = []
    const openedAt = new Map<string, number>()
    const plan = (at: number, act: () => Promise<unknown>) => void agenda.push({ at, act })
    desk.on('ring', ({ requestId, staffIds, at }) => {
      for (const id of staffIds) {
        plan(at + answerMs, async () => desk.ringing(id).includes(requestId) && desk.accept(requestId, id))
      }
    })
    desk.on('request.opened', ({ requestId, at }) => openedAt.set(requestId, at))
    desk.on('request.accepted', ({ requestId, staffId, at }) => {
      lived.waitsMs.push(at - (openedAt.get(requestId) ?? 0))
      lived.answered.set(staffId, (lived.answered.get(staffId) ?? 0) + 1)
      plan(at + handlingMs, () => desk.end(requestId))
    })
    desk.on('offer.expired', () => {
      lived.missed += 1
    })
    desk.on('request.unattended', ({ requestId }) => lived.unattended.add(requestId))
    plan(monday, () => desk.connect('ana', 'tab'))
    plan(monday, () => desk.connect('bo', 'tab'))
    plan(monday + 2 * hourMs, () => desk.connect('cy', 'tab'))
    plan(monday + 4.5 * hourMs, () => desk.setAvailability('cy', 'away'))
    for (const [index, { at, facts }] of list.entries()) {
      plan(at, () => desk.requestChat({ requestId: `r${index}`, visitorId: `v${index}`, facts }))
    }
    for (;;) {
      agenda.sort((one, other) => one.at - other.at)
      const next = agenda.shift()
      if (next === undefined || next.at >= monday + 6 * hourMs) break
      clock.set(next.at)
      await desk.idle()
      await next.act()
    }
    await desk.close()
    return lived
  }

  it('[SIM23] lets people take the most urgent of what rings for them, and what they are offered', () => {
    const at = (minute: number) => monday + minute * minuteMs
    const ask = (minute: number, topic: string) => ({ at: at(minute), facts: { topic } })
    const scenario = buildScenario({
      ...{ forHours: 1, staff: [{ id: 'ana', capacity: 1 }] },
      arrivals: { list: [ask(1, 'x'), ask(2, 'low'), ask(3, 'high')] },
      workflows: [
        {
          name: 'high',
          conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'high' }] },
          event: { type: 'prioritize', params: { priority: 9 } },
        },
        toTeam('low', 'nobody', 'low'),
      ],
      behaviour: { handling: fixed(10 * minuteMs) },
    })
    const { total, workflows } = simulate(scenario)
    expect(total.waitMs?.max).toBe(19 * minuteMs)
    expect(workflows.find(({ workflow }) => workflow === 'low')?.waitMs?.mean).toBe(19 * minuteMs)
  })
})

/** Without what only a host brings, and every third one an effect instead of a route. */
function plainWorkflows(raw: readonly { readonly name: string; readonly conditions: object }[]) {
  const plain = raw.filter(({ conditions }) => !JSON.stringify(conditions).includes('hostOperator'))
  return plain.map((workflow, index) => {
    if (index % 3 !== 0) return workflow
    const event = { type: 'tag', params: { tags: [`t${index % 4}`] } }
    return index % 2 === 0
      ? { ...workflow, event }
      : { ...workflow, event: { type: 'prioritize', params: { priority: index } } }
  })
}

describe('the compiled router', () => {
  it('[SIM20] says what the router says of the same request, effects too, unless the rule engine rejects', {
    timeout: 600_000,
  }, async () => {
    const desk = { visitor: () => undefined, available: () => 2, waiting: () => 1, lastStaff: () => 'ana' }
    const clock = { now: () => monday }
    const { conditions } = host
    const tally = { compared: 0, routed: 0, affected: 0 }
    const rounds = sampleSeeded(
      'compiled routing',
      fc.tuple(arbitraryWorkflows, fc.array(arbitraryFacts, { minLength: 8, maxLength: 8 })),
      60,
    )
    for (const [raw, factsList] of rounds) {
      const workflows = plainWorkflows(raw)
      let failures = 0
      const onDegraded = () => {
        failures += 1
      }
      const compiled = createCompiledRouter({ workflows, conditions, clock, desk })
      const router = createRouter({ workflows, conditions, clock, desk, onDegraded })
      for (const facts of factsList as readonly Facts[]) {
        failures = 0
        const { routingResult } = await router.route({ visitorId: 'v', facts })
        if (failures > 0) continue
        expect(compiled.routingResultFor({ visitorId: 'v', facts }), JSON.stringify({ workflows, facts })).toEqual(
          routingResult,
        )
        tally.compared += 1
        if (routingResult.workflow !== null) tally.routed += 1
        if (routingResult.priority > 0 || routingResult.tags.length > 0) tally.affected += 1
      }
    }
    console.info(JSON.stringify(tally))
    expect(Math.min(tally.compared, tally.routed, tally.affected)).toBeGreaterThan(100)
  })

  it('[SIM20] knows nothing of a host: its operators are refused, and its facts are those of the request', () => {
    const desk = { visitor: () => undefined, available: () => 0, waiting: () => 0, lastStaff: () => null }
    const clock = { now: () => 0 }
    const one = (operator: string) => [
      { ...toTeam('w', 'a', ''), conditions: { all: [{ fact: 'own', operator, value: 1 }] } },
    ]
    expect(() => createCompiledRouter({ workflows: one('hostOperator'), clock, desk })).toThrow(/operator/)
    const router = createCompiledRouter({ workflows: one('equal'), clock, desk })
    expect(router.routingResultFor({ visitorId: 'v', facts: { own: 1 } }).workflow).toBe('w')
    expect(router.routingResultFor({ visitorId: 'v', facts: {} }).workflow).toBe(null)
  })
})
