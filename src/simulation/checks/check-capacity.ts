import type { Facts, Shift, Staff } from '../../core'
import { createCompiledRouter, matchesTarget, shiftTimeAt, wallTimeAt } from '../../routing'
import type { Arrival } from '../arrivals/arrival-source'
import { hourOfWeek } from '../arrivals/arrival-stream'
import { meanOf } from '../scenario/distribution'
import type { Scenario } from '../scenario/scenario'
import { createFinding, type StaffingFinding } from '../stats/simulation-result'

const nearCapacityShare = 0.95

/** Compares the expected work with the capacity on shift, over all staff and for each audience. */
export function checkCapacity(scenario: Scenario, grid: CoverageGrid): StaffingFinding[] {
  const expected = expectedRequests(scenario, grid)
  if (expected === null || scenario.staff.length === 0) return []
  const total = expected.reduce((sum, { perSlot }) => sum + sumOfValues(perSlot), 0)
  if (total === 0) return [createFinding('warning', 'no-arrivals', 'arrivals', 'no request is to be expected')]
  return [...checkTimeSlots(scenario, grid, expected), ...checkAudiences(scenario, grid, expected)]
}

/** Over all staff: slots without staff, and hours with more work than capacity. */
function checkTimeSlots(
  scenario: Scenario,
  grid: CoverageGrid,
  expected: readonly ExpectedRequests[],
): StaffingFinding[] {
  const work = offeredLoadOf(scenario, grid, expected)
  const room = capacityOf(scenario, grid, scenario.staff)
  const empty = slotsWhere(grid, (slot) => (work[slot] ?? 0) > 0 && room[slot] === 0)
  const [workOfHour, roomOfHour] = [hourlySum(work, grid), hourlySum(room, grid)]
  const over = slotsWhere(grid, (slot) => (room[slot] ?? 0) > 0 && workOfHour(slot) > roomOfHour(slot))
  const isEnough = sumOfValues(work) < sumOfValues(room)
  return [
    ...(empty.length === 0 ? [] : [uncoveredHoursFinding(empty, scenario, grid)]),
    ...(over.length === 0 || !isEnough ? [] : [overloadedHoursFinding(over, scenario, grid)]),
  ]
}

function uncoveredHoursFinding(slots: readonly number[], scenario: Scenario, grid: CoverageGrid): StaffingFinding {
  const message = `requests come while nobody is on shift: ${formatSlots(slots, scenario, grid)}`
  return createFinding('warning', 'hours-uncovered', 'staff', message)
}

function overloadedHoursFinding(slots: readonly number[], scenario: Scenario, grid: CoverageGrid): StaffingFinding {
  const message = `for a while there is more work than the people on shift can do: ${formatSlots(slots, scenario, grid)}`
  return createFinding('warning', 'overloaded', 'staff', message)
}

interface AudienceDemand {
  readonly about: string[]
  readonly members: readonly Staff[]
  readonly expected: ExpectedRequests[]
}

/** For each audience: all the work that is routed to it alone. */
function checkAudiences(
  scenario: Scenario,
  grid: CoverageGrid,
  expected: readonly ExpectedRequests[],
): StaffingFinding[] {
  return [...demandByAudience(scenario, expected).values()].flatMap(({ about, members, expected: requests }) => {
    const name = about.join(', ')
    const heavy = requests.find(({ weight }) => weight > capacityMax(scenario, members))
    if (heavy !== undefined) {
      const message = `requests of weight ${heavy.weight} are more than anybody of them has capacity for`
      return [createFinding('error', 'too-heavy', name, message)]
    }
    const work = sumOfValues(offeredLoadOf(scenario, grid, requests))
    const room = sumOfValues(capacityOf(scenario, grid, members))
    if (room === 0 || work < nearCapacityShare * room) return []
    const share = `${Math.round((100 * work) / room)} % of what the ${members.length} meant can do while they are there`
    if (work < room) return [createFinding('warning', 'close-to-capacity', name, `the expected work is ${share}`)]
    const isLost = scenario.behaviour.patience === null
    return [createFinding(isLost ? 'error' : 'warning', 'overloaded', name, `the expected work is ${share}`)]
  })
}

function demandByAudience(scenario: Scenario, expected: readonly ExpectedRequests[]): Map<string, AudienceDemand> {
  const { workflows, conditions, defaultRoute, fromAt, staff } = scenario
  const emptyDesk = { visitor: () => undefined, available: () => 0, waiting: () => 0, lastStaff: () => null }
  const clock = { now: () => fromAt }
  const router = createCompiledRouter({ workflows, conditions, defaultRoute, clock, desk: emptyDesk })
  const demands = new Map<string, AudienceDemand>()
  for (const requests of expected) {
    const { workflow, route } = router.routingResultFor({
      visitorId: 'v',
      facts: requests.facts,
      weight: requests.weight,
    })
    const members = staff.filter((one) => route.steps.some(({ to }) => matchesTarget(to, one)))
    const key = members.map(({ id }) => id).join('\n')
    const demand = demands.get(key) ?? { about: [], members, expected: [] }
    demands.set(key, demand)
    const name = workflow ?? 'the default route'
    if (!demand.about.includes(name)) demand.about.push(name)
    demand.expected.push(requests)
  }
  return demands
}

/** Erlangs: the concurrent chats that the work of each slot amounts to. */
function offeredLoadOf(
  { behaviour, policy, staff }: Scenario,
  grid: CoverageGrid,
  expected: readonly ExpectedRequests[],
) {
  const work = new Float64Array(grid.slots)
  const general = meanHandlingMs(behaviour, staff)
  for (const { perSlot, weight, handlingMs } of expected) {
    const each = (weight * ((handlingMs ?? general) + policy.wrapUpMs)) / grid.slotMs
    for (let slot = 0; slot < grid.slots; slot += 1) work[slot] = (work[slot] ?? 0) + (perSlot[slot] ?? 0) * each
  }
  return work
}

/** The mean over all staff, with their groups. */
function meanHandlingMs(behaviour: Scenario['behaviour'], staff: readonly Staff[]): number {
  const needs = staff.map((one) => {
    const group = behaviour.groups.find(({ who }) => matchesTarget(who, one))
    return meanOf(group?.handling ?? behaviour.handling)
  })
  return needs.reduce((sum, ms) => sum + ms, 0) / needs.length
}

/** Concurrent chats that the staff on shift can have in each slot. */
function capacityOf({ policy }: Scenario, grid: CoverageGrid, staff: readonly Staff[]): Float64Array {
  const room = new Float64Array(grid.slots)
  for (const one of staff) {
    const capacity = one.capacity ?? policy.capacity
    for (let slot = 0; slot < grid.slots; slot += 1) {
      if (grid.isStaffOnShift(one, slot)) room[slot] = (room[slot] ?? 0) + capacity
    }
  }
  return room
}

function capacityMax({ policy }: Scenario, staff: readonly Staff[]): number {
  return staff.length === 0
    ? Number.POSITIVE_INFINITY
    : Math.max(...staff.map((one) => one.capacity ?? policy.capacity))
}

function slotsWhere({ slots }: CoverageGrid, matches: (slot: number) => boolean): number[] {
  return Array.from({ length: slots }, (_, slot) => slot).filter(matches)
}

/** `mon 22:00-08:00, …` on the clocks of the scenario's zone, the first few. */
function formatSlots(slots: readonly number[], { timeZone }: Scenario, grid: CoverageGrid): string {
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

/** Returns the sum over the hour of a slot: a single recorded quarter of an hour may be full by chance. */
function hourlySum(values: Float64Array, { slotMs }: CoverageGrid): (slot: number) => number {
  const width = Math.max(1, Math.round(3_600_000 / slotMs))
  return (slot) => {
    const from = Math.floor(slot / width) * width
    return sumOfValues(values.subarray(from, from + width))
  }
}

function sumOfValues(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** Expected requests of one kind. */
export interface ExpectedRequests {
  readonly facts: Facts
  readonly weight: number
  /** How many in each slot of the grid. */
  readonly perSlot: Float64Array
  /** Mean length of a chat; `null`: that of the behaviour. */
  readonly handlingMs: number | null
}

const samplesMax = 2_000

/**
 * Returns the expected arrivals of a scenario: each kind of the generated ones; of a list every nth, which stands for
 * those between. `null` for a file or an iterable, which are not known before the run.
 */
export function expectedRequests(scenario: Scenario, grid: CoverageGrid): readonly ExpectedRequests[] | null {
  const { arrivals, policy, timeZone } = scenario
  if (arrivals.from === 'file' || (arrivals.from === 'list' && !Array.isArray(arrivals.arrivals))) return null
  if (arrivals.from === 'list') return expectedFromList(scenario, arrivals.arrivals as readonly Arrival[], grid)
  const perSlot = Float64Array.from({ length: grid.slots }, (_, slot) => {
    const hour = hourOfWeek(timeZone, Math.floor(grid.fromAt + slot * grid.slotMs))
    return ((arrivals.perHour[hour] ?? 0) * grid.slotMs) / 3_600_000
  })
  const shares = arrivals.kinds.reduce((sum, { share }) => sum + share, 0)
  return arrivals.kinds.map(({ share, facts, weight, handling }) => ({
    facts,
    weight: weight ?? policy.weight,
    perSlot: perSlot.map((count) => (count * share) / shares),
    handlingMs: handling === null ? null : meanOf(handling),
  }))
}

function expectedFromList({ fromAt, untilAt, policy }: Scenario, list: readonly Arrival[], grid: CoverageGrid) {
  const inTime = list.filter(({ at }) => at >= fromAt && at < untilAt)
  const stride = Math.max(1, Math.ceil(inTime.length / samplesMax))
  const samples = inTime.filter((_, index) => index % stride === 0)
  return samples.map(({ at, facts, weight = policy.weight, handlingMs = null }): ExpectedRequests => {
    const perSlot = new Float64Array(grid.slots)
    perSlot[Math.min(grid.slots - 1, Math.floor((at - fromAt) / grid.slotMs))] = inTime.length / samples.length
    return { facts, weight, perSlot, handlingMs }
  })
}

const slotMs = 900_000
const slotsMax = 2_000

/** The staff on shift in each slot of a scenario's time: slots of a quarter of an hour, longer ones for a long time. */
export class CoverageGrid {
  readonly slots: number
  readonly slotMs: number
  readonly fromAt: number
  readonly #onByShift: ReadonlyMap<string, Uint8Array>

  constructor({ shifts, fromAt, untilAt }: Pick<Scenario, 'shifts' | 'fromAt' | 'untilAt'>) {
    this.fromAt = fromAt
    this.slots = Math.max(1, Math.min(slotsMax, Math.ceil((untilAt - fromAt) / slotMs)))
    this.slotMs = (untilAt - fromAt) / this.slots
    this.#onByShift = new Map(shifts.map((shift) => [shift.id, this.#onOf(shift)]))
  }

  hasShift(shiftId: string): boolean {
    return this.#onByShift.has(shiftId)
  }

  /** Whether a shift is on in the middle of a slot. */
  isOn(shiftId: string, slot: number): boolean {
    return this.#onByShift.get(shiftId)?.[slot] === 1
  }

  isEverOn(shiftId: string): boolean {
    return this.#onByShift.get(shiftId)?.includes(1) === true
  }

  /** Whether a staff member is on shift in a slot: always, without shifts. */
  isStaffOnShift({ shifts = [] }: Staff, slot: number): boolean {
    return shifts.length === 0 || shifts.some((id) => this.isOn(id, slot))
  }

  isStaffEverOnShift({ shifts = [] }: Staff): boolean {
    return shifts.length === 0 || shifts.some((id) => this.isEverOn(id))
  }

  #onOf(shift: Shift): Uint8Array {
    const on = new Uint8Array(this.slots)
    let { isOn, nextBoundaryAt } = shiftTimeAt(shift, Math.floor(this.fromAt + this.slotMs / 2))
    for (let slot = 0; slot < this.slots; slot += 1) {
      const at = Math.floor(this.fromAt + (slot + 0.5) * this.slotMs)
      if (nextBoundaryAt !== null && nextBoundaryAt <= at) ({ isOn, nextBoundaryAt } = shiftTimeAt(shift, at))
      on[slot] = isOn ? 1 : 0
    }
    return on
  }
}
