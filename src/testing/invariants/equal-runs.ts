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
 * I8: the same moves give the same events and edges; a state folded from the events equals the live one; so does one
 * that goes on from a snapshot taken after `cut` moves, fed with the rest of the events or of the moves.
 */
export function determinism(scenario: Scenario, cut: number): string | null {
  const steps: AppliedEvent[] = []
  const player = runScenario(
    { ...scenario, moves: scenario.moves.slice(0, cut) },
    { afterEvent: (step) => void steps.push(step) },
  )
  const saved = JSON.stringify(toStateSnapshot(player.state))
  const rest = scenario.moves.slice(cut)
  const stepsBefore = steps.length
  const resumed = resumeFromSnapshot(player, saved, rest)
  const live = JSON.stringify(toStateSnapshot(player.state))
  const folded = fold(emptyState(scenario.policy), steps).state
  return (
    describeDifference('played again', JSON.stringify(replay(scenario)), JSON.stringify(steps)) ??
    describeDifference('what a fold shows', ...ringingViews(folded, player)) ??
    findLateWakeUp(folded, player.state) ??
    describeDifference('a fold of the events', JSON.stringify(toStateSnapshot(folded)), live) ??
    compareRefold(saved, steps.slice(stepsBefore), live) ??
    describeDifference(
      'moves after a snapshot',
      canonicalEvents(resumed.steps),
      canonicalEvents(steps.slice(stepsBefore)),
    ) ??
    describeDifference('state after a snapshot', resumed.state, live)
  )
}

function replay(scenario: Scenario): AppliedEvent[] {
  const steps: AppliedEvent[] = []
  runScenario(scenario, { afterEvent: (step) => void steps.push(step) })
  return steps
}

/** Both go on with the same moves at the same instants, but each wakes in between when it has to. */
function resumeFromSnapshot(
  player: Driver,
  saved: string,
  rest: readonly Action[],
): { steps: AppliedEvent[]; state: string } {
  const steps: AppliedEvent[] = []
  const restored = restoreState(JSON.parse(saved))
  const fork = player.fork(restored, { afterEvent: (step) => void steps.push(step) })
  for (const move of rest) {
    player.perform(move)
    fork.perform('to' in move.wait ? { ...move, wait: { at: player.now } } : move)
  }
  return { steps, state: JSON.stringify(toStateSnapshot(fork.state)) }
}

function compareRefold(saved: string, steps: readonly AppliedEvent[], live: string): string | null {
  const { state, steps: again } = fold(restoreState(JSON.parse(saved)), steps)
  return (
    describeDifference('edges after a snapshot', canonicalEvents(again), canonicalEvents(steps)) ??
    describeDifference('events after a snapshot', JSON.stringify(toStateSnapshot(state)), live)
  )
}

function fold(state: DeskState, steps: readonly AppliedEvent[]): { state: DeskState; steps: AppliedEvent[] } {
  const again = steps.map(({ event }) => ({
    event,
    edges: evolve(state, JSON.parse(JSON.stringify(event)) as DomainEvent),
  }))
  return { state, steps: again }
}

/** What is derived and in no snapshot: who is rung. */
function ringingViews(folded: DeskState, { state, book }: Driver): [string, string] {
  const seen = (each: DeskState) =>
    JSON.stringify(book.staff.map(({ staff }) => [...ringingRequestIds(each, staff.id)].sort()))
  return [seen(folded), seen(state)]
}

/** A wake-up may come early and find nothing; the live desk has put some of these off, so a fold wakes no later. */
function findLateWakeUp(folded: DeskState, live: DeskState): string | null {
  const [foldedAt, liveAt] = [folded, live].map((each) => nextDueAt(each) ?? Number.POSITIVE_INFINITY)
  if (foldedAt === undefined || liveAt === undefined || foldedAt <= liveAt) return null
  return `a fold of the events wakes at ${foldedAt}, the live desk at ${liveAt}`
}

/** In what order one event's edges come, and who stands beside whom in one, is no part of what they say. */
function canonicalEvents(steps: readonly AppliedEvent[]): string {
  return JSON.stringify(steps.map(({ event, edges }) => [event, edges.map(canonicalEdge).sort()]))
}

function canonicalEdge(edge: Edge): string {
  return JSON.stringify({ ...edge, staffIds: [...edge.staffIds].sort() })
}

function describeDifference(what: string, one: string, other: string): string | null {
  if (one === other) return null
  let from = 0
  while (one[from] === other[from]) from += 1
  const near = (text: string) => text.slice(Math.max(0, from - 150), from + 150)
  return `${what} differs:\n  ${near(one)}\n  ${near(other)}`
}

const observedEvents = ['event', 'ring', 'stop', 'visitor'] as const satisfies readonly DeskEventType[]

/**
 * I14: two desks that are asked the same, one with a listener that throws at everything. `act` is run on both; what the
 * other listeners heard must be the same, and the faults must have been reported. `open` makes an empty desk each time,
 * with a clock and ids of its own that are the same for both.
 */
export async function faultIsolation(
  open: () => Promise<Desk>,
  act: (desk: Desk) => Promise<void>,
): Promise<string | null> {
  const quiet = await recordNotifications(open, act, false)
  const faulty = await recordNotifications(open, act, true)
  if (quiet.faults > 0) return `${quiet.faults} faults without a faulty listener`
  if (quiet.notices !== faulty.faults)
    return `${faulty.faults} faults were reported of ${quiet.notices} notices at which a listener threw`
  const index = quiet.told.findIndex((line, at) => line !== faulty.told[at])
  if (index !== -1 || quiet.told.length !== faulty.told.length) {
    return `told apart at ${index}: ${quiet.told[index]} without the fault, ${faulty.told[index]} with it`
  }
  return null
}

async function recordNotifications(open: () => Promise<Desk>, act: (desk: Desk) => Promise<void>, isFaulty: boolean) {
  const desk = await open()
  const told: string[] = []
  let faults = 0
  desk.on('error', () => {
    faults += 1
  })
  if (isFaulty) for (const type of observedEvents) desk.on(type, throwingListener)
  for (const type of observedEvents) desk.on(type, (notice) => void told.push(`${type} ${JSON.stringify(notice)}`))
  await act(desk)
  await desk.idle()
  const notices = told.length
  told.push(JSON.stringify(desk.awaiting()), `version ${desk.version}`)
  await desk.close()
  return { told, notices, faults }
}

function throwingListener(): never {
  throw new Error('this listener throws at everything')
}
