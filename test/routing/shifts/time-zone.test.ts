import { describe, expect, it } from 'vitest'
import {
  expectedTimeZone,
  type HostFact,
  isTimeZone,
  parseShifts,
  parseWorkflows,
  wallTimeAt,
} from '../../../src/routing'
import { parseScenario } from '../../../src/simulation'
import { createTestRouter, equalCondition } from '../test-router'

/** Names that are no time zone, and what is proposed for each. */
const withoutArea = [
  ['BST', '"Europe/London" or "Asia/Dhaka"'],
  ['bst', '"Europe/London" or "Asia/Dhaka"'],
  ['IST', '"Asia/Kolkata", "Europe/Dublin" or "Asia/Jerusalem"'],
  ['EST', '"America/New_York", "America/Panama" or "Australia/Sydney"'],
  ['AST', '"America/Halifax", "Asia/Riyadh" or "America/Puerto_Rico"'],
  ['GMT', '"UTC" or "Europe/London"'],
  ['CET', '"Europe/Berlin" or "Europe/Paris"'],
  ['MSK', '"Europe/Moscow"'],
  ['EST5EDT', '"America/New_York"'],
  ['Japan', '"Asia/Tokyo"'],
  ['Zulu', '"UTC"'],
  ['London', '"Europe/London"'],
  ['new york', '"America/New_York"'],
  ['Europe/Lodnon', '"Europe/London"'],
] as const

const unknown = ['Mars/Olympus', '+02:00', 'SystemV/EST5', 'Europe/', 'Factory', '', 'x'.repeat(100), '__proto__']

describe('a time zone', () => {
  it.each(withoutArea)('[H9] %s is refused, and %s is proposed', (name, meant) => {
    const advice = `the IANA name of a time zone with its area; what may be meant is ${meant}`
    expect(isTimeZone(name)).toBe(false)
    expect(expectedTimeZone(name)).toBe(advice)
  })

  it('[H9] proposes only names that are zones', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('')
    const texts = letters.flatMap((one) => letters.flatMap((two) => [`${one}${two}T`, `${one}${two}ST`]))
    const proposed = texts.flatMap((text) => [...expectedTimeZone(text).matchAll(/"([^"]+)"/g)].map(([, name]) => name))
    expect(proposed.length).toBeGreaterThan(texts.length)
    expect(proposed.filter((name = '') => !isTimeZone(name))).toEqual([])
  })

  it.each(unknown)('[H9] %j is refused', (name) => {
    expect(isTimeZone(name)).toBe(false)
    expect(expectedTimeZone(name)).toBe('the IANA name of a time zone with its area, such as "Europe/London", or "UTC"')
  })

  it('[H9] is accepted by every name with an area that the runtime knows, and as UTC', () => {
    const links = ['UTC', 'Etc/UTC', 'US/Eastern', 'Etc/GMT+5', 'America/Argentina/Salta', 'Asia/Calcutta']
    const all = [...Intl.supportedValuesOf('timeZone'), ...links]
    expect(all.filter((name) => !isTimeZone(name))).toEqual([])
  })

  it('[H9] is checked wherever one is read: shifts, the fact clock, host facts, scenarios, arrivals', async () => {
    const advice = 'what may be meant is "Europe/London" or "Asia/Dhaka"'
    expect(() => parseShifts([{ id: 's', timeZone: 'BST', weekly: [] }])).toThrow(advice)
    const clock = { fact: 'clock', params: { timeZone: 'BST' }, path: 'hour', operator: 'lessThan', value: 12 }
    const everyone = { type: 'route', params: { to: 'everyone' } }
    expect(() => parseWorkflows([{ name: 'w', conditions: { all: [clock] }, event: everyone }])).toThrow(
      `workflows[0].conditions.all[0].params.timeZone: expected the IANA name of a time zone with its area; ${advice}`,
    )
    const scenario = { from: 0, staff: [], behaviour: {} }
    const columns = { at: 'started', timeZone: 'BST' }
    expect(() => parseScenario({ ...scenario, timeZone: 'BST', arrivals: { perHour: 1 } })).toThrow(
      `timeZone: expected the IANA name of a time zone with its area; ${advice}`,
    )
    expect(() => parseScenario({ ...scenario, arrivals: { file: 'a.csv', columns } })).toThrow(
      `arrivals.columns.timeZone: expected the IANA name of a time zone with its area; ${advice}`,
    )
    expect(() => wallTimeAt('BST', 0)).toThrow(`time zone "BST": expected the IANA name`)
    const isMorning: HostFact = async (_, facts) =>
      Number(await facts.factValue('clock', { timeZone: 'BST' }, 'hour')) < 12
    const { route, degraded } = createTestRouter(
      [{ name: 'w', conditions: { all: [equalCondition('isMorning', true)] }, event: everyone }],
      { facts: { isMorning } },
    )
    expect((await route({})).routingResult.workflow).toBeNull()
    expect(degraded).toHaveLength(1)
    expect(degraded[0]?.reason).toContain('"Europe/London" or "Asia/Dhaka"')
  })
})
