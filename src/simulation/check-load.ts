import type { Staff } from '../core'
import { createCompiledRouter, isNamed, wallTimeAt } from '../routing'
import { type ExpectedRequests, expectedRequests } from './expected-requests'
import type { PresenceGrid } from './presence-grid'
import { meanOf } from './quantile'
import type { Scenario } from './scenario'
import { finding, type StaffingFinding } from './staffing-finding'

const closeTo = 0.95

/** Whether the people who are there can do the work that is to be expected, over all and for each audience. */
export function checkLoad(scenario: Scenario, grid: PresenceGrid): StaffingFinding[] {
  const expected = expectedRequests(scenario, grid)
  if (expected === null || scenario.staff.length === 0) return []
  const total = expected.reduce((sum, { perSlot }) => sum + sumOf(perSlot), 0)
  if (total === 0) return [finding('warning', 'no-arrivals', 'arrivals', 'no request is to be expected')]
  return [...checkSlots(scenario, grid, expected), ...checkAudiences(scenario, grid, expected)]
}

/** Over all people: quarters of an hour in which nobody is there, and hours in which there is more work than people. */
function checkSlots(scenario: Scenario, grid: PresenceGrid, expected: readonly ExpectedRequests[]): StaffingFinding[] {
  const work = workOf(scenario, grid, expected)
  const room = roomOf(scenario, grid, scenario.staff)
  const empty = slotsWhere(grid, (slot) => (work[slot] ?? 0) > 0 && room[slot] === 0)
  const [workOfHour, roomOfHour] = [hourly(work, grid), hourly(room, grid)]
  const over = slotsWhere(grid, (slot) => (room[slot] ?? 0) > 0 && workOfHour(slot) > roomOfHour(slot))
  const isEnough = sumOf(work) < sumOf(room)
  return [
    ...(empty.length === 0 ? [] : [uncovered(empty, scenario, grid)]),
    ...(over.length === 0 || !isEnough ? [] : [crowded(over, scenario, grid)]),
  ]
}

function uncovered(slots: readonly number[], scenario: Scenario, grid: PresenceGrid): StaffingFinding {
  const message = `requests come while nobody is on shift: ${spansOf(slots, scenario, grid)}`
  return finding('warning', 'hours-uncovered', 'staff', message)
}

function crowded(slots: readonly number[], scenario: Scenario, grid: PresenceGrid): StaffingFinding {
  const message = `for a while there is more work than the people on shift can do: ${spansOf(slots, scenario, grid)}`
  return finding('warning', 'overloaded', 'staff', message)
}

interface Demand {
  readonly about: string[]
  readonly members: readonly Staff[]
  readonly expected: ExpectedRequests[]
}

/** For the people that each route means: all the work that only they are meant to do. */
function checkAudiences(
  scenario: Scenario,
  grid: PresenceGrid,
  expected: readonly ExpectedRequests[],
): StaffingFinding[] {
  return [...demandsOf(scenario, expected).values()].flatMap(({ about, members, expected: requests }) => {
    const name = about.join(', ')
    const heavy = requests.find(({ weight }) => weight > capacityMax(scenario, members))
    if (heavy !== undefined) {
      const message = `requests of weight ${heavy.weight} are more than anybody of them has capacity for`
      return [finding('error', 'too-heavy', name, message)]
    }
    const work = sumOf(workOf(scenario, grid, requests))
    const room = sumOf(roomOf(scenario, grid, members))
    if (room === 0 || work < closeTo * room) return []
    const share = `${Math.round((100 * work) / room)} % of what the ${members.length} meant can do while they are there`
    if (work < room) return [finding('warning', 'close-to-capacity', name, `the expected work is ${share}`)]
    const isLost = scenario.behaviour.patience === null
    return [finding(isLost ? 'error' : 'warning', 'overloaded', name, `the expected work is ${share}`)]
  })
}

function demandsOf(scenario: Scenario, expected: readonly ExpectedRequests[]): Map<string, Demand> {
  const { workflows, conditions, defaultRoute, fromAt, staff } = scenario
  const nobody = { visitor: () => undefined, available: () => 0, waiting: () => 0, lastStaff: () => null }
  const clock = { now: () => fromAt }
  const router = createCompiledRouter({ workflows, conditions, defaultRoute, clock, desk: nobody })
  const demands = new Map<string, Demand>()
  for (const requests of expected) {
    const { workflow, route } = router.verdictOn({ visitorId: 'v', facts: requests.facts, weight: requests.weight })
    const members = staff.filter((one) => route.steps.some(({ to }) => isNamed(to, one)))
    const key = members.map(({ id }) => id).join('\n')
    const demand = demands.get(key) ?? { about: [], members, expected: [] }
    demands.set(key, demand)
    const name = workflow ?? 'the default route'
    if (!demand.about.includes(name)) demand.about.push(name)
    demand.expected.push(requests)
  }
  return demands
}

/** Erlangs: chats at once that the work of each slot amounts to. */
function workOf({ behaviour, policy, staff }: Scenario, grid: PresenceGrid, expected: readonly ExpectedRequests[]) {
  const work = new Float64Array(grid.slots)
  const general = generalHandlingMs(behaviour, staff)
  for (const { perSlot, weight, handlingMs } of expected) {
    const each = (weight * ((handlingMs ?? general) + policy.wrapUpMs)) / grid.slotMs
    for (let slot = 0; slot < grid.slots; slot += 1) work[slot] = (work[slot] ?? 0) + (perSlot[slot] ?? 0) * each
  }
  return work
}

/** What people of several groups need on average. */
function generalHandlingMs(behaviour: Scenario['behaviour'], staff: readonly Staff[]): number {
  const needs = staff.map((one) => {
    const group = behaviour.groups.find(({ who }) => isNamed(who, one))
    return meanOf(group?.handling ?? behaviour.handling)
  })
  return needs.reduce((sum, ms) => sum + ms, 0) / needs.length
}

/** Chats at once that the people there can have in each slot. */
function roomOf({ policy }: Scenario, grid: PresenceGrid, staff: readonly Staff[]): Float64Array {
  const room = new Float64Array(grid.slots)
  for (const one of staff) {
    const capacity = one.capacity ?? policy.capacity
    for (let slot = 0; slot < grid.slots; slot += 1) {
      if (grid.isThere(one, slot)) room[slot] = (room[slot] ?? 0) + capacity
    }
  }
  return room
}

function capacityMax({ policy }: Scenario, staff: readonly Staff[]): number {
  return staff.length === 0
    ? Number.POSITIVE_INFINITY
    : Math.max(...staff.map((one) => one.capacity ?? policy.capacity))
}

function slotsWhere({ slots }: PresenceGrid, isSo: (slot: number) => boolean): number[] {
  return Array.from({ length: slots }, (_, slot) => slot).filter(isSo)
}

/** `mon 22:00-08:00, …` on the clocks of the scenario's zone, the first few. */
function spansOf(slots: readonly number[], { timeZone }: Scenario, grid: PresenceGrid): string {
  const spans: { from: number; to: number }[] = []
  for (const slot of slots) {
    const last = spans.at(-1)
    if (last !== undefined && last.to === slot) last.to = slot + 1
    else spans.push({ from: slot, to: slot + 1 })
  }
  const shown = (slot: number, from: number) => {
    const wall = new Date(wallTimeAt(timeZone, Math.floor(grid.fromAt + slot * grid.slotMs)))
    return wall.toISOString().slice(from, 16).replace('T', ' ')
  }
  const texts = spans.slice(0, 4).map(({ from, to }) => `${shown(from, 0)} to ${shown(to, to - from > 90 ? 0 : 11)}`)
  return texts.join(', ') + (spans.length > 4 ? ` and ${spans.length - 4} more times` : '')
}

/** What the hour of a slot adds up to: a recorded quarter of an hour may be full by chance alone. */
function hourly(values: Float64Array, { slotMs }: PresenceGrid): (slot: number) => number {
  const width = Math.max(1, Math.round(3_600_000 / slotMs))
  return (slot) => {
    const from = Math.floor(slot / width) * width
    return sumOf(values.subarray(from, from + width))
  }
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
