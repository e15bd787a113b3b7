import {
  type DeskState,
  type DomainEvent,
  type Edge,
  emptyState,
  evolve,
  nextDueAt,
  restoreState,
  ringingRequestIds,
  toStateSnapshot,
} from '../../core'
import type { Desk, DeskEventType } from '../../desk'
import type { Driver } from '../driver/driver'
import { runScenario } from '../driver/driver'
import type { Action, AppliedEvent, Scenario } from '../driver/scenario'

/**
 * I8: the same actions give the same events and edges. A state folded from the events equals the live one. So does one
 * restored from a snapshot after `cut` actions that gets the remaining events, or the remaining actions.
 */
export function determinism(scenario: Scenario, cut: number): string | null {
  const events: AppliedEvent[] = []
  const driver = runScenario(
    { ...scenario, actions: scenario.actions.slice(0, cut) },
    { afterEvent: (applied) => void events.push(applied) },
  )
  const saved = JSON.stringify(toStateSnapshot(driver.state))
  const rest = scenario.actions.slice(cut)
  const countBefore = events.length
  const resumed = resumeFromSnapshot(driver, saved, rest)
  const live = JSON.stringify(toStateSnapshot(driver.state))
  const folded = fold(emptyState(scenario.policy), events).state
  return (
    describeDifference('a second run', JSON.stringify(replay(scenario)), JSON.stringify(events)) ??
    describeDifference('the rings of a fold', ...ringingViews(folded, driver)) ??
    findLateWakeUp(folded, driver.state) ??
    describeDifference('a fold of the events', JSON.stringify(toStateSnapshot(folded)), live) ??
    compareRefold(saved, events.slice(countBefore), live) ??
    describeDifference(
      'actions after a snapshot',
      canonicalEvents(resumed.events),
      canonicalEvents(events.slice(countBefore)),
    ) ??
    describeDifference('state after a snapshot', resumed.state, live)
  )
}

function replay(scenario: Scenario): AppliedEvent[] {
  const events: AppliedEvent[] = []
  runScenario(scenario, { afterEvent: (applied) => void events.push(applied) })
  return events
}

/** Runs the same actions at the same instants on the driver and on a fork of its snapshot. */
function resumeFromSnapshot(
  driver: Driver,
  saved: string,
  rest: readonly Action[],
): { events: AppliedEvent[]; state: string } {
  const events: AppliedEvent[] = []
  const restored = restoreState(JSON.parse(saved))
  const fork = driver.fork(restored, { afterEvent: (applied) => void events.push(applied) })
  for (const action of rest) {
    driver.perform(action)
    fork.perform('to' in action.delay ? { ...action, delay: { at: driver.now } } : action)
  }
  return { events, state: JSON.stringify(toStateSnapshot(fork.state)) }
}

function compareRefold(saved: string, events: readonly AppliedEvent[], live: string): string | null {
  const { state, events: again } = fold(restoreState(JSON.parse(saved)), events)
  return (
    describeDifference('edges after a snapshot', canonicalEvents(again), canonicalEvents(events)) ??
    describeDifference('events after a snapshot', JSON.stringify(toStateSnapshot(state)), live)
  )
}

function fold(state: DeskState, events: readonly AppliedEvent[]): { state: DeskState; events: AppliedEvent[] } {
  const again = events.map(({ event }) => ({
    event,
    edges: evolve(state, JSON.parse(JSON.stringify(event)) as DomainEvent),
  }))
  return { state, events: again }
}

/** The rings of every staff member: derived, so that no snapshot holds them. */
function ringingViews(folded: DeskState, { state, model }: Driver): [string, string] {
  const ringsOf = (each: DeskState) =>
    JSON.stringify(model.staff.map(({ staff }) => [...ringingRequestIds(each, staff.id)].sort()))
  return [ringsOf(folded), ringsOf(state)]
}

/** A wake-up may come early and find nothing. The live desk has postponed some of these, so a fold wakes no later. */
function findLateWakeUp(folded: DeskState, live: DeskState): string | null {
  const [foldedAt, liveAt] = [folded, live].map((each) => nextDueAt(each) ?? Number.POSITIVE_INFINITY)
  if (foldedAt === undefined || liveAt === undefined || foldedAt <= liveAt) return null
  return `a fold of the events wakes at ${foldedAt}, the live desk at ${liveAt}`
}

/** The order of one event's edges, and of the staff ids in one, has no meaning. */
function canonicalEvents(events: readonly AppliedEvent[]): string {
  return JSON.stringify(events.map(({ event, edges }) => [event, edges.map(canonicalEdge).sort()]))
}

function canonicalEdge(edge: Edge): string {
  return JSON.stringify({ ...edge, staffIds: [...edge.staffIds].sort() })
}

function describeDifference(subject: string, one: string, other: string): string | null {
  if (one === other) return null
  let from = 0
  while (one[from] === other[from]) from += 1
  const near = (text: string) => text.slice(Math.max(0, from - 150), from + 150)
  return `${subject} differs:\n  ${near(one)}\n  ${near(other)}`
}

const observedEvents = ['event', 'ring', 'stop', 'visitor'] as const satisfies readonly DeskEventType[]

/**
 * I14: `act` runs on two desks, one of which has a listener that throws at every notification. The other listeners must
 * receive the same on both, and each fault must be reported. `open` makes an empty desk each time, with equal clocks
 * and ids.
 */
export async function faultIsolation(
  open: () => Promise<Desk>,
  act: (desk: Desk) => Promise<void>,
): Promise<string | null> {
  const sound = await recordNotifications(open, act, false)
  const faulty = await recordNotifications(open, act, true)
  if (sound.faults > 0) return `${sound.faults} faults without a faulty listener`
  if (sound.notifications !== faulty.faults)
    return `${faulty.faults} faults were reported of ${sound.notifications} notifications at which a listener threw`
  const index = sound.lines.findIndex((line, at) => line !== faulty.lines[at])
  if (index !== -1 || sound.lines.length !== faulty.lines.length) {
    return `notification ${index} differs: ${sound.lines[index]} without the fault, ${faulty.lines[index]} with it`
  }
  return null
}

async function recordNotifications(open: () => Promise<Desk>, act: (desk: Desk) => Promise<void>, isFaulty: boolean) {
  const desk = await open()
  const lines: string[] = []
  let faults = 0
  desk.on('error', () => {
    faults += 1
  })
  if (isFaulty) for (const type of observedEvents) desk.on(type, throwingListener)
  for (const type of observedEvents)
    desk.on(type, (notification) => void lines.push(`${type} ${JSON.stringify(notification)}`))
  await act(desk)
  await desk.idle()
  const notifications = lines.length
  lines.push(JSON.stringify(desk.awaiting()), `version ${desk.version}`)
  await desk.close()
  return { lines, notifications, faults }
}

function throwingListener(): never {
  throw new Error('this listener throws at everything')
}
